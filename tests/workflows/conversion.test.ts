/** Recipe K02: what goes together does not count twice, and people are told in their language. */
import { expect, it } from 'vitest';
import { loadScenarios } from '../../api/cli/simulate/files.ts';
import { simulationParts } from '../../api/cli/simulate/parts.ts';
import { type ReadScenarioFile, runScenario } from '../../engine/simulate/index.ts';
import { learnedBy } from '../../engine/simulate/past/learn.ts';

const path = new URL('../../workflows/scoring/conversion.scenario.json', import.meta.url).pathname;
const parts = await simulationParts();
const { file, workflows } = await loadScenarios(path);
const scenarioOf = ({ scenarios }: ReadScenarioFile, name: RegExp) => {
  const found = scenarios.find((one) => name.test(one.name));
  if (!found) throw new Error(`No scenario is called ${name}.`);
  return found;
};

it('a column that is there twice changes the chances by less than one per cent', async () => {
  const once = scenarioOf(file, /^a likely deal/).lessons;
  const twice = scenarioOf(file, /there twice/).lessons;
  const [one] = await learnedBy(parts, file.entities, once, file.start);
  const [other] = await learnedBy(parts, file.entities, twice, file.start);
  expect(twice.models[0]?.definition.fields).toHaveLength((one?.definition.fields.length ?? 0) + 1);
  // Left out with its reason: it says what another column says.
  expect(other?.live?.report.leftOut.map(({ column }) => column)).toEqual(['mail_again']);
  expect(other?.live?.figures.logLoss).toBeCloseTo(one?.live?.figures.logLoss ?? Number.NaN, 2);
});

it('in a Russian workflow the task says why in Russian', async () => {
  const russian = workflows.map((workflow) => ({ ...workflow, settings: { locale: 'ru' } }));
  const { timeline } = await runScenario(parts, file, scenarioOf(file, /^a likely deal/), russian);
  const happened = timeline.filter(({ kind, state }) => kind === 'task' && state === 'extra');
  expect(happened.map(({ value }) => value.description)).toEqual([
    'Channel: referral – сильно повышает шанс\nShare of requests that were won: 0,7 – сильно повышает шанс\nSite: site 1 – повышает шанс\n',
  ]);
});
