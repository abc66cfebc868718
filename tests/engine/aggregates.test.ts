import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AggregateResult, ResolvedAggregate } from '../../engine/node/aggregate.ts';
import { aggregateRows } from '../../engine/store/memory/aggregate-rows.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { asObject } from '../nodes/support.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, type TestEngine, workflow } from './support.ts';

const DAY = 86_400_000;

describe.each(databaseKinds)('statistics on %s', (kind) => {
  let takt: TestEngine;
  let owner: string;
  const ids: string[] = [];

  beforeAll(async () => {
    takt = await openTestEngine(kind);
    owner = (await takt.create('user', { name: 'Анна' })).id;
    const deals: JsonObject[] = [
      { stage: 'new', amount: 100, source: 'Google', score: 1, owner },
      { stage: 'new', amount: 250.25, source: 'Яндекс', owner },
      { stage: 'won', amount: { amount: 7, currency: 'EUR' }, score: 0, priority: 'high' },
      { stage: 'won', source: 'Google', score: -3.5, expected_close_on: '2026-03-08' },
      { stage: 'lost', amount: 0.1, source: 'google', expected_close_on: '2026-03-09', subscription: true },
      { stage: 'lost', amount: 0.2, tags: ['a', 'b'], expected_close_on: '2026-03-10' },
    ];
    for (const deal of deals) {
      ids.push((await takt.create('deal', { name: 'D', ...deal })).id);
      takt.clock.advance(DAY);
    }
    const gone = await takt.create('deal', { name: 'Gone', amount: 1_000 });
    await takt.engine.intake.submitOne({ kind: 'delete', id: gone.id }, { kind: 'person', id: 'test' });
  });
  afterAll(() => takt.close());

  const aggregate = (over: Partial<ResolvedAggregate>): ResolvedAggregate => ({
    entity: 'deal',
    match: {},
    period: null,
    group: null,
    measures: [{ name: 'n', op: 'count', source: null, currency: null }],
    limit: 100,
    ...over,
  });
  const stored = (one: ResolvedAggregate): Promise<AggregateResult> =>
    takt.engine.ports.database.store.aggregateRecords(one, { hot: {}, contains: {} });

  it('run inside a workflow and leave deleted records out', async () => {
    await takt.publish(
      workflow(
        'weekly',
        {
          start: { type: 'trigger.manual' },
          figures: {
            type: 'report.statistics',
            params: {
              entity: 'deal',
              groupBy: 'stage',
              match: { owner },
              measures: [
                { name: 'deals', op: 'count' },
                { name: 'amount', op: 'sum', field: 'amount' },
              ],
            },
          },
        },
        [['start', 'figures']],
      ),
    );
    const id = await takt.engine.runs.start('weekly', { kind: 'person', id: 'test' });
    await takt.pass(0);
    const [step] = (await takt.engine.runs.get(id ?? '')).steps;
    expect(asObject(step?.output ?? null)).toMatchObject({
      total: { deals: 2, amount: 350.25 },
      groups: [{ key: 'new', title: 'New', deals: 2, amount: 350.25 }],
      currency: { amount: 'RUB' },
    });
  });

  it('add decimals exactly', async () => {
    const measures = [{ name: 'sum', op: 'sum', source: { path: ['amount', 'amount'] }, currency: null }] as const;
    const { total, groups } = await stored(aggregate({ measures, group: { column: 'stage' } }));
    expect(groups.find(({ key }) => key === 'lost')?.values).toEqual({ sum: 0.3 });
    expect(total).toEqual({ sum: 357.55 });
  });

  it('keep the greatest groups where there are more than asked for, and the total of all', async () => {
    const { total, groups } = await stored(aggregate({ group: { path: ['source'] }, limit: 2 }));
    expect(groups).toEqual([
      { key: 'Google', values: { n: 2 } },
      { key: null, values: { n: 2 } },
    ]);
    expect(total).toEqual({ n: 6 });
  });

  it('take a value that fits no column for no match, not for a broken statement', async () => {
    const result = await takt.engine.ports.database.store.aggregateRecords(aggregate({}), { hot: { owner: 'nobody' }, contains: {} });
    expect(result.total).toEqual({ n: 0 });
  });

  it('agree with the same computed in memory', async () => {
    const rows = await takt.engine.ports.database.store.recordsByIds(ids, 'none');
    const start = Date.parse('2026-03-02T09:00:00Z');
    const group = fc.constantFrom<ResolvedAggregate['group']>(
      null,
      { column: 'stage' },
      { column: 'owner' },
      { column: 'name' },
      { path: ['source'] },
      { path: ['priority'] },
      { path: ['subscription'] },
    );
    const measured = fc.constantFrom({ path: ['amount', 'amount'] }, { path: ['score'] }, { path: ['source'] });
    const op = fc.constantFrom('count', 'sum', 'avg', 'min', 'max');
    const measures = fc.array(fc.record({ op, source: measured, money: fc.boolean() }), { minLength: 1, maxLength: 4 }).map((list) =>
      list.map((one, i) => ({
        op: one.op,
        source: one.source,
        name: `m${i}`,
        currency: one.money ? { path: ['amount', 'currency'] } : null,
      })),
    );
    const day = fc.integer({ min: -1, max: 8 }).map((n) => new Date(start + n * DAY).toISOString());
    const field = fc.constantFrom<NonNullable<ResolvedAggregate['period']>['source']>(
      { column: 'created_at' },
      { path: ['expected_close_on'] },
    );
    const period = fc.option(fc.record({ source: field, from: day, to: day }));
    await fc.assert(
      fc.asyncProperty(group, measures, period, fc.integer({ min: 1, max: 5 }), async (by, list, within, limit) => {
        const one = aggregate({ group: by, measures: list, period: within, limit });
        expect(rounded(await stored(one))).toEqual(rounded(aggregateRows(rows, one)));
      }),
      { numRuns: 60 },
    );
  });
});

/** Doubles and decimals differ in the last digits. */
const rounded = (result: AggregateResult): unknown =>
  JSON.parse(JSON.stringify(result), (_key, value) => (typeof value === 'number' ? Math.round(value * 1e6) / 1e6 + 0 : value));
