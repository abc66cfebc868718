/** Models in scenarios and simulations: what they learn from, and what they say then. */
import { describe, expect, it } from 'vitest';
import { readScenarios, readScript } from '../../engine/simulate/index.ts';
import { learnedBy } from '../../engine/simulate/past/learn.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal, rejection } from '../support/refusal.ts';
import { parts, play, START, simulated } from './support.ts';

const start = Date.parse(START);

const wonBySource: JsonObject = {
  id: 'deal-won',
  name: 'Deals that are won',
  entity: 'deal',
  fields: [{ name: 'source', kind: 'level' }],
  success: "stage = 'won'",
  failure: "stage = 'lost'",
};

/** A referral is won four times in five, an advertisement once. */
const lastYear: JsonObject = {
  entity: 'deal',
  count: 240,
  over: 'P365D',
  data: { name: "= 'Deal ' & n", source: "= $random() < 0.5 ? 'referral' : 'ads'", brand: "= record.source = 'ads' ? 'A' : 'R'" },
  chance: "= record.source = 'referral' ? 0.8 : 0.2",
  after: ['P1D', 'P10D'],
  success: { stage: 'won' },
  failure: { stage: 'lost', refusal_reason: "= 'Had come by ' & record.source" },
};

const scoring: JsonObject = {
  takt: 1,
  id: 'scoring',
  name: 'Scoring',
  nodes: {
    new_deal: { type: 'trigger.record', params: { entity: 'deal', on: ['created'] } },
    ask: { type: 'score.model', params: { model: 'deal-won', field: 'probability' } },
    asked: { type: 'flow.end', params: { outcome: 'by the model' } },
    cold: { type: 'flow.end', params: { outcome: 'cold' } },
  },
  edges: [
    ['new_deal', 'ask'],
    ['ask', 'asked'],
    ['ask:cold', 'cold'],
  ],
};

const newDeal: JsonObject = { at: 'PT0S', create: 'deal', as: 'deal', data: { name: 'New', source: 'referral' } };
const ended = (outcome: string): JsonObject => ({ at: 'PT0S', end: { outcome } });

const lessonsOf = (more: JsonObject) => readScript(JSON.stringify({ models: [wonBySource], past: [lastYear], ...more })).lessons;

describe('models of a scenario', () => {
  it('have learned from the past by the start, and speak in its workflows', async () => {
    const result = await play({ do: [newDeal], timeline: [ended('by the model')] }, { models: [wonBySource], past: [lastYear] }, [scoring]);
    expect(result).toMatchObject({ passed: true });
    const [taught] = await learnedBy(parts, {}, lessonsOf({}), start);
    expect(taught?.live).toMatchObject({ version: 1, figures: { better: true } });
    // Whose outcome would have come after the start was open still.
    expect(taught?.live?.figures.rows).toBeLessThanOrEqual(240);
    expect(taught?.live?.figures.until).toBeLessThanOrEqual(start);
  });

  it('learn the same whatever the seed, and the records of the past are not there', async () => {
    const file = { models: [wonBySource], past: [lastYear] };
    const counting: JsonObject = {
      ...scoring,
      nodes: {
        new_deal: { type: 'trigger.record', params: { entity: 'deal', on: ['created'] } },
        won: { type: 'record.find', params: { entity: 'deal', match: { stage: 'won' }, limit: 100 } },
        found: { type: 'flow.end', params: { outcome: 'some' } },
        none: { type: 'flow.end', params: { outcome: 'no other deal' } },
      },
      edges: [
        ['new_deal', 'won'],
        ['won:found', 'found'],
        ['won:none', 'none'],
      ],
    };
    expect(await play({ do: [newDeal], timeline: [ended('no other deal')] }, file, [counting])).toMatchObject({ passed: true });
    const chances = [1, 2].map(async (seed) => {
      const simulation = await simulated({ ...file, seed }, { workflows: [scoring], seed, events: [], records: [] });
      const [model] = await simulation.world.engine.models.taught();
      return model?.live?.model;
    });
    expect(await chances[0]).toEqual(await chances[1]);
    expect(await chances[0]).toBeDefined();
  });

  it('are cold where nothing has happened yet: a scenario may have another past than the file', async () => {
    const file = { models: [wonBySource], past: [lastYear] };
    expect(await play({ past: [], do: [newDeal], timeline: [ended('cold')] }, file, [scoring])).toMatchObject({ passed: true });
    const other = { ...lastYear, entity: 'lead', data: { name: 'Ann' }, success: { stage: 'converted' } };
    expect(await play({ past: [other], do: [newDeal], timeline: [ended('cold')] }, file, [scoring])).toMatchObject({ passed: true });
  });

  it('may be other ones in one scenario', async () => {
    const byBrand = { ...wonBySource, fields: [{ name: 'brand', kind: 'level' }] };
    const file = { models: [wonBySource], past: [lastYear] };
    const unknown = { ...newDeal, data: { name: 'New', brand: 'R' } };
    const asked = async (more: JsonObject): Promise<unknown> => {
      const { timeline } = await play({ do: [unknown], timeline: [], ...more }, file, [scoring]);
      return timeline.map(({ value }) => value.outcome);
    };
    expect([await asked({}), await asked({ models: [byBrand] })]).toEqual([['by the model'], ['by the model']]);
    const scenario = (more: JsonObject): JsonObject => ({ name: 'it', do: [], until: 'P1D', timeline: [], ...more });
    const read = readScenarios(
      JSON.stringify({ start: START, ...file, scenarios: [scenario({}), scenario({ name: 'b', models: [byBrand] })] }),
    );
    const taught = await Promise.all(read.scenarios.map(({ lessons }) => learnedBy(parts, read.entities, lessons, read.start)));
    expect(taught.map(([model]) => model?.live?.definition.fields.map(({ name }) => name))).toEqual([['source'], ['brand']]);
  });
});

describe('lessons that come to nothing', () => {
  const learned = (more: JsonObject) => learnedBy(parts, {}, lessonsOf(more), start);

  it('tell that there is too little to learn from, with the numbers and the model', async () => {
    const error = await rejection(learned({ past: [{ ...lastYear, count: 100 }] }));
    expect(error).toMatchObject({ code: 'SIMULATION_MODEL', place: { pointer: '/models/0' } });
    expect(error.message).toMatch(/^"deal-won" has learned nothing: There are \d+ outcomes/);
  });

  it('tell that chance alone has decided', async () => {
    const error = await rejection(
      learned({
        past: [
          {
            ...lastYear,
            count: 300,
            data: { name: '= $string($random())', source: "= $random() < 0.5 ? 'referral' : 'ads'" },
            chance: 0.5,
          },
        ],
      }),
    );
    expect(error).toMatchObject({ code: 'SIMULATION_MODEL', place: { pointer: '/models/0' } });
    expect(error.message).toMatch(/no better than the share of successes alone/);
  });

  it('tell the field that a record of the past cannot have, and one that the model cannot look at', async () => {
    const wrong = await rejection(learned({ past: [{ ...lastYear, data: { name: 'D', margin: 'a lot' } }] }));
    expect(wrong).toMatchObject({ code: 'RECORD_INVALID', place: { pointer: '/past/0' } });
    const unknown = await rejection(learned({ models: [{ ...wonBySource, fields: [{ name: 'sorce', kind: 'level' }] }] }));
    expect(unknown).toMatchObject({ code: 'MODEL_INVALID', place: { pointer: '/models/0' } });
  });

  it('are refused as they are read where an expression is broken, a model is there twice, or the past is too large', () => {
    const codes = (more: JsonObject): (string | undefined)[] => refusal(() => lessonsOf(more)).errors.map(({ place }) => place.pointer);
    expect(codes({ past: [{ ...lastYear, chance: '= record.(' }] })).toEqual(['/past/0/chance']);
    expect(codes({ models: [wonBySource, wonBySource] })).toEqual(['/models/1/id']);
    expect(codes({ past: [lastYear, { ...lastYear, count: 20_000 }] })).toEqual(['/past']);
    expect(codes({ past: [{ ...lastYear, count: 20_001 }] })).toEqual(['/past/0/count']);
  });
});
