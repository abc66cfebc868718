import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Measured, measureRecommendations, standings } from '../../engine/recommendations/measures.ts';
import { reportRecommendations } from '../../engine/recommendations/report.ts';
import { openTestEngine, type TestEngine } from '../engine/support.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
let made = 0;
const one = (more: Partial<Measured> = {}): Measured => ({
  record: `r${made++}`,
  action: 'call',
  person: 'olga',
  generation: 'rules',
  heldOut: false,
  toldAt: NOW,
  acceptedAt: null,
  adopted: false,
  declined: false,
  urgent: false,
  success: null,
  earned: 0,
  currency: 'RUB',
  ...more,
});
const many = (count: number, more: Partial<Measured> = {}): Measured[] => Array.from({ length: count }, () => one(more));

describe('measures of recommendations', () => {
  it('are shares of what was told, and of outcomes that are known', () => {
    const list = [
      ...many(6, { adopted: true, success: true, earned: 100 }),
      ...many(6, { adopted: true, success: false }),
      ...many(4, { adopted: true }),
      ...many(8, { declined: true }),
      ...many(5, { toldAt: null }),
    ];
    const figures = measureRecommendations(list);
    expect(figures).toMatchObject({
      told: 24,
      adopted: 16,
      declined: 8,
      adoption: 16 / 24,
      precision: 0.5,
      outcomes: 12,
      earned: { RUB: 600 },
    });
    expect(standings(figures, 0)).toEqual({ adoption: 'good', precision: 'too_few', reactedInTime: 'too_few' });
  });

  it('say how soon urgent ones are taken up', () => {
    const urgent = (hours: number) => one({ urgent: true, adopted: true, acceptedAt: NOW + hours * HOUR });
    const figures = measureRecommendations([
      urgent(1),
      urgent(2),
      urgent(5),
      one({ urgent: true }),
      one({ adopted: true, acceptedAt: NOW }),
    ]);
    expect(figures).toMatchObject({ reactionMs: 2 * HOUR, reactedInTime: 0.5 });
  });

  it('have no share where there is nothing to share, and no lift of too few', () => {
    expect(measureRecommendations([])).toMatchObject({
      adoption: null,
      precision: null,
      reactionMs: null,
      reactedInTime: null,
      lift: null,
      earned: {},
    });
    expect(measureRecommendations([...many(100, { success: true }), ...many(29, { heldOut: true, success: false })]).lift).toBeNull();
  });

  it('compare records with those held out, each record once, whatever was done with it', () => {
    const treated = [
      ...many(40, { success: true, adopted: true }),
      ...many(60, { success: false }),
      one({ record: 'twice', success: true }),
      one({ record: 'twice', success: true }),
    ];
    const heldOut = [
      ...many(10, { heldOut: true, success: true, toldAt: null }),
      ...many(90, { heldOut: true, success: false, toldAt: null }),
    ];
    const { lift } = measureRecommendations([...treated, ...heldOut]);
    expect(lift).toMatchObject({ records: 101, rate: 41 / 101, heldOut: 100, heldOutRate: 0.1 });
    expect(lift?.interval[0]).toBeGreaterThan(0.15);
    expect(lift?.interval[1]).toBeLessThan(0.45);
  });

  it.each([
    [0.6, 'good'],
    [0.5, 'fair'],
    [0.25, 'bad'],
  ])('stand to the aim: %d adopted is %s', (share, standing) => {
    const figures = measureRecommendations([...many(100 * share, { adopted: true }), ...many(100 - 100 * share)]);
    expect(standings(figures, 0).adoption).toBe(standing);
  });
});

describe.each(['memory', 'pglite', 'postgres'] as const)('the report of recommendations on %s', (kind) => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine(kind);
  });
  afterEach(() => takt.close());

  it('reads those of the time, by action, person, generation and day', async () => {
    const deal = await takt.create('deal', { name: 'D' });
    const olga = await takt.create('user', { name: 'Olga' });
    const begin = takt.clock.now();
    const recommend = (more: object) =>
      takt.create('recommendation', {
        title: 'T',
        action: 'call',
        record: { entity: 'deal', id: deal.id },
        told_at: new Date(begin).toISOString(),
        ...more,
      });
    await recommend({ stage: 'done', owner: olga.id, outcome: 'success', earned: 70, currency: 'RUB' });
    await recommend({ stage: 'declined', action: 'mail' });
    await takt.pass(24 * HOUR);
    await recommend({ generation: 'model' });
    const report = (by: 'action' | 'person' | 'generation' | 'day', until = takt.clock.now() + 1) =>
      reportRecommendations(takt.engine.ports.database.store, { from: begin, until, by });
    expect(await report('action')).toMatchObject({
      total: { told: 3, adopted: 1, declined: 1, precision: 1, earned: { RUB: 70 } },
      groups: [
        { key: 'call', told: 2 },
        { key: 'mail', told: 1 },
      ],
    });
    expect((await report('person')).groups.map(({ key }) => key)).toEqual([null, olga.id]);
    expect((await report('generation')).groups.map(({ key }) => key)).toEqual(['rules', 'model']);
    expect((await report('day')).groups).toHaveLength(2);
    expect((await report('day', begin + HOUR)).total.told).toBe(2);
  });

  it('refuses a time that is none, or longer than a year', async () => {
    const ask = (from: number, until: number) => reportRecommendations(takt.engine.ports.database.store, { from, until, by: 'day' });
    for (const [from, until] of [
      [NOW, NOW],
      [NOW, NOW + 400 * 24 * HOUR],
    ] as const)
      await expect(ask(from, until)).rejects.toMatchObject({ code: 'MEASURES_SPAN' });
  });
});
