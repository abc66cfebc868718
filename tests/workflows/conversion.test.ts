/** Recipe K02: what goes together does not count twice, and people are told in their language. */
import { expect, it } from 'vitest';
import { loadScenarios } from '../../api/cli/simulate/files.ts';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import type { TaughtModel } from '../../engine/services/models.ts';
import { perform } from '../../engine/simulate/actions/perform.ts';
import { type ReadScenarioFile, runScenario } from '../../engine/simulate/index.ts';
import { learnedBy } from '../../engine/simulate/past/learn.ts';
import { World } from '../../engine/simulate/world.ts';
import type { JsonObject } from '../../schemas/json.ts';

const path = new URL('../../workflows/scoring/conversion.scenario.json', import.meta.url).pathname;
const parts = await simulationParts();
const { file, workflows } = await loadScenarios(path);
const scenarioOf = ({ scenarios }: ReadScenarioFile, name: RegExp) => {
  const found = scenarios.find((one) => name.test(one.name));
  if (!found) throw new Error(`No scenario is called ${name}.`);
  return found;
};

/** What a model says of deals as they come in. */
async function chancesBy(model: TaughtModel | undefined, deals: readonly JsonObject[]): Promise<number[]> {
  const world = new World(parts, { start: file.start, seed: 1 });
  await world.define(file.entities, []);
  await world.teach(model ? [model] : []);
  const chances: number[] = [];
  for (const [i, data] of deals.entries()) {
    await perform(world, { kind: 'create', entity: 'deal', data, as: `deal-${i}` });
    const { prediction } = await world.engine.models.explain('deal-won', world.names.idOf(`deal-${i}`));
    chances.push(prediction.probability);
  }
  return chances;
}

/** In log-odds, in the mean: the first half are companies, the second the same deals of persons. */
function companyOverPerson(chances: readonly number[]): number {
  const logOdds = chances.map((chance) => Math.log(chance / (1 - chance)));
  const half = logOdds.length / 2;
  const sum = (some: readonly number[]): number => some.reduce((total, one) => total + one, 0);
  return (sum(logOdds.slice(0, half)) - sum(logOdds.slice(half))) / half;
}

it('a column that is there twice, and one that goes with another, do not count twice', async () => {
  const taught = async (name: RegExp) => (await learnedBy(parts, file.entities, scenarioOf(file, name).lessons, file.start))[0];
  const [once, twice, without] = [await taught(/^a likely deal/), await taught(/there twice/), await taught(/^without the e-mail/)];
  expect(twice?.definition.fields.map(({ name }) => name)).toContain('mail_again');
  expect(without?.definition.fields.map(({ name }) => name)).not.toContain('mail_kind');
  // Left out with its reason: it says what another column says.
  expect(twice?.live?.report.leftOut.map(({ column }) => column)).toEqual(['mail_again']);
  const deals = ['company', 'person'].flatMap((client_kind) =>
    ['referral', 'search', 'ads'].flatMap((channel) =>
      [0.2, 0.8].map((success_share): JsonObject => {
        const mail = client_kind === 'company' ? 'own domain' : 'free mail';
        const more = { industry: 'trade', profile: 'dealer', turnover: { amount: 20_000_000, currency: 'RUB' } };
        const company = client_kind === 'company' ? more : {};
        return { name: 'D', client_kind, channel, success_share, mail_kind: mail, mail_again: mail, ...company };
      }),
    ),
  );
  const chances = await chancesBy(once, deals);
  for (const [i, chance] of (await chancesBy(twice, deals)).entries()) expect(Math.abs(chance / (chances[i] ?? 0) - 1)).toBeLessThan(0.01);
  // What a company has over a person, e-mail and all, is the same whether the e-mail is asked or not: the two share it.
  const alone = await chancesBy(without, deals);
  expect(companyOverPerson(chances) / companyOverPerson(alone)).toBeGreaterThan(0.8);
  expect(companyOverPerson(chances) / companyOverPerson(alone)).toBeLessThan(1.25);
});

it('in a Russian workflow the task says why in Russian', async () => {
  const russian = workflows.map((workflow) => ({ ...workflow, settings: { locale: 'ru' } }));
  const { timeline } = await runScenario(parts, file, scenarioOf(file, /^a likely deal/), russian);
  const happened = timeline.filter(({ kind, state }) => kind === 'task' && state === 'extra');
  expect(happened.map(({ value }) => value.description)).toEqual([
    'Channel: referral – сильно повышает шанс\nShare of requests that were won: 0,7 – сильно повышает шанс\nSite: site 1 – повышает шанс\n',
  ]);
});
