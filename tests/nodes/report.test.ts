import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { periodOf } from '../../nodes/report/period.ts';
import { statisticsNode } from '../../nodes/report/statistics.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

const at = (iso: string): number => Date.parse(iso);
const MOSCOW = 'Europe/Moscow';

describe('the period of a report', () => {
  it('of a calendar week is the last one that is over, from Monday to Monday in the zone', () => {
    // Monday morning in Moscow, still Sunday in UTC.
    expect(periodOf({ calendar: 'week' }, at('2026-03-01T22:00:00Z'), MOSCOW)).toMatchObject({
      from: '2026-02-22T21:00:00.000Z',
      to: '2026-03-01T21:00:00.000Z',
      firstDay: '2026-02-23',
      lastDay: '2026-03-01',
      since: '2026-02-23',
      until: '2026-03-02',
    });
    expect(periodOf({ calendar: 'week' }, at('2026-03-01T20:00:00Z'), MOSCOW)).toMatchObject({
      firstDay: '2026-02-16',
      lastDay: '2026-02-22',
    });
  });

  it.each([
    ['day', '2026-04-14', '2026-04-14'],
    ['week', '2026-04-06', '2026-04-12'],
    ['month', '2026-03-01', '2026-03-31'],
    ['quarter', '2026-01-01', '2026-03-31'],
    ['year', '2025-01-01', '2025-12-31'],
  ] as const)('of a calendar %s goes from %s to %s', (calendar, firstDay, lastDay) => {
    expect(periodOf({ calendar }, at('2026-04-15T12:00:00Z'), MOSCOW)).toMatchObject({ firstDay, lastDay });
  });

  it('in which the clocks change has an hour less', () => {
    const { from, to } = periodOf({ calendar: 'week' }, at('2026-03-30T07:00:00Z'), 'Europe/Berlin');
    expect([from, to]).toEqual(['2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
  });

  it('of a length ends now, and counts days by the calendar', () => {
    expect(periodOf({ last: 'P7D' }, at('2026-03-30T07:00:00Z'), 'Europe/Berlin')).toMatchObject({
      from: '2026-03-23T08:00:00.000Z',
      to: '2026-03-30T07:00:00.000Z',
      firstDay: '2026-03-24',
      lastDay: '2026-03-30',
    });
    expect(periodOf({ last: 'PT2H' }, at('2026-03-30T07:00:00Z'), 'UTC')).toMatchObject({ firstDay: '2026-03-30', lastDay: '2026-03-30' });
  });

  it('between two days begins with the first and ends before the second', () => {
    expect(periodOf({ from: '2026-03-01', to: '2026-03-05' }, 0, MOSCOW)).toMatchObject({
      from: '2026-02-28T21:00:00.000Z',
      firstDay: '2026-03-01',
      lastDay: '2026-03-04',
    });
  });

  it('that ends before it begins is refused', () => {
    expect(refusal(() => periodOf({ from: '2026-03-05', to: '2026-03-05' }, 0, MOSCOW))).toMatchObject({ code: 'NODE_TIME' });
  });
});

describe('report.statistics', () => {
  function bench(): NodeBench {
    const b = new NodeBench({ now: '2026-03-09T06:00:00Z', timezone: MOSCOW });
    const ann = b.create('user', { first_name: 'Анна', last_name: 'Ли' }).id;
    const deal = (data: JsonObject) => b.create('deal', { name: 'D', ...data });
    deal({ stage: 'proposal', amount: 100, owner: ann, expected_close_on: '2026-03-02' });
    deal({ stage: 'proposal', amount: 300, owner: ann, expected_close_on: '2026-03-08' });
    deal({ stage: 'new', amount: 50, source: 'Google', expected_close_on: '2026-03-09' });
    b.remove(deal({ stage: 'won', amount: 999 }).id);
    return b;
  }
  const count = { name: 'deals', op: 'count' };
  const sum = { name: 'amount', op: 'sum', field: 'amount' };
  const run = (params: JsonObject, b = bench()) =>
    left(b.run(statisticsNode, { entity: 'deal', measures: [count, sum], ...params })).output;

  it('adds up a pipeline by stage, in the order of the stages, with the total and the currency', () => {
    expect(run({ groupBy: 'stage' })).toMatchObject({
      total: { deals: 3, amount: 450 },
      groups: [
        { key: 'new', title: 'New', deals: 1, amount: 50 },
        { key: 'proposal', title: 'Proposal', deals: 2, amount: 400 },
      ],
      currency: { amount: 'RUB' },
    });
  });

  it('calls owners by their names, and those without one by none', () => {
    expect(run({ groupBy: 'owner', measures: [count] }).groups).toEqual([
      { key: expect.any(String), title: 'Анна Ли', deals: 2 },
      { key: null, title: null, deals: 1 },
    ]);
  });

  it('counts only records of the period, by day where the field is a date', () => {
    const period = { field: 'expected_close_on', calendar: 'week' };
    expect(run({ period })).toMatchObject({ firstDay: '2026-03-02', lastDay: '2026-03-08', total: { deals: 2, amount: 400 } });
    expect(run({ period: { field: 'created_at', last: 'P1D' } }).total).toMatchObject({ deals: 0, amount: 0 });
    expect(run({ period: { field: 'expected_close_on', from: '= "2026-03-09"', to: '2026-03-10' } }).total).toMatchObject({ deals: 1 });
  });

  it('of what an expression did not find is nothing, not everything', () => {
    expect(run({ match: { source: '= vars.none' }, measures: [count, sum, { name: 'most', op: 'max', field: 'amount' }] })).toMatchObject({
      total: { deals: 0, amount: 0, most: null },
      groups: [],
    });
  });

  it('does not add up several currencies', () => {
    const b = bench();
    b.create('deal', { name: 'E', amount: { amount: 5, currency: 'EUR' } });
    expect(refusal(() => run({}, b))).toMatchObject({ code: 'REPORT_CURRENCIES', message: expect.stringContaining('EUR and RUB') });
    expect(run({ match: { amount: { currency: 'EUR' } } }, b).total).toMatchObject({ deals: 1, amount: 5 });
  });

  it.each([
    [{ groupBy: 'tags' }, 'AGGREGATE_FIELD', '/params/groupBy'],
    [{ groupBy: 'stagee' }, 'FIELD_UNKNOWN', '/params/groupBy'],
    [{ measures: [{ name: 'x', op: 'sum', field: 'weighted_amount' }] }, 'AGGREGATE_FIELD', '/params/measures/0/field'],
    [{ measures: [{ name: 'x', op: 'sum' }] }, 'AGGREGATE_FIELD', '/params/measures/0/field'],
    [{ measures: [{ name: 'x', op: 'avg', field: 'source' }] }, 'AGGREGATE_FIELD', '/params/measures/0/field'],
    [{ period: { field: 'source', calendar: 'week' } }, 'AGGREGATE_FIELD', '/params/period/field'],
    [{ match: { colour: 'red' } }, 'FIELD_UNKNOWN', '/params/match'],
    [{ measures: [{ name: 'title', op: 'count' }] }, 'NODE_PARAMS', '/params/measures'],
    [{ measures: [count, count] }, 'NODE_PARAMS', '/params/measures'],
  ])('names what cannot be counted: %j', (params, code, pointer) => {
    expect(refusal(() => run(params))).toMatchObject({ code, place: { pointer } });
  });
});
