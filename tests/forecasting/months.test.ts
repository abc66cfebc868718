/** What months are to bring, by the records of a workspace and their histories. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MonthsQuery } from '../../engine/forecasting/months.ts';
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, type TestEngine } from '../engine/support.ts';
import { databaseKinds } from '../support/databases.ts';
import { INCOME, importDeals } from '../support/deal-history.ts';
import { rejection } from '../support/refusal.ts';

const DAY = 86_400_000;
const NOW = '2026-03-01T00:00:00Z';

const query = (more: Partial<MonthsQuery> = {}): MonthsQuery => ({
  forecast: 'income',
  months: 2,
  past: 0,
  asOf: 'now',
  timezone: 'UTC',
  teams: { entity: 'team', members: 'members' },
  ...more,
});
const sum = (parts: readonly { expected: number }[]): number => parts.reduce((all, { expected }) => all + expected, 0);

describe.each(databaseKinds)('a forecast of the workspace on %s', (kind) => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine(kind, { start: NOW });
  });
  afterEach(() => takt.close());

  const define = (more: Partial<ForecastDefinition> = {}) => takt.engine.forecasts.define({ ...INCOME, ...more });
  const months = (more: Partial<MonthsQuery> = {}) => takt.engine.forecasts.months(query(more));
  const import_ = (count: number, data?: (i: number) => JsonObject, owners?: string[]) => {
    const now = takt.clock.now();
    const history = { count, from: now - 400 * DAY, until: now, now, ...(owners && { owners }), ...(data && { data }) };
    return importDeals(takt.engine, history);
  };
  const deal = (data: JsonObject) => takt.create('deal', { name: 'D', budget: '1000 RUB', margin: 20, source: 'ads', ...data });

  it('adds up by team and channel, and is compared with what came in months that are over', async () => {
    const [anna, boris] = [await takt.create('user', { name: 'Anna' }), await takt.create('user', { name: 'Boris' })];
    await takt.create('team', { name: 'North', members: [anna.id] });
    await import_(1_200, undefined, [anna.id, boris.id]);
    await define();
    const { currency, months: ahead, past, quality, notes, closedDeals, openDeals } = await months({ past: 6 });
    expect([currency, closedDeals + openDeals, notes]).toEqual(['RUB', 1_200, []]);
    const [march, april] = ahead;
    expect([march?.month, april?.month]).toEqual(['2026-03', '2026-04']);
    const { expected = 0, low = 0, high = 0 } = march?.total ?? {};
    expect(low).toBeGreaterThan(0);
    expect(expected).toBeGreaterThan(low);
    expect(high).toBeGreaterThan(expected);
    // Half of the deals are of somebody without a team.
    expect(march?.teams.map(({ name }) => name)).toEqual([null, 'North']);
    expect(march?.channels.map(({ name }) => name)).toEqual(['ads', 'fair', 'referral']);
    expect(sum(march?.teams ?? [])).toBeCloseTo(expected, 6);
    expect(sum(march?.channels ?? [])).toBeCloseTo(expected, 6);
    expect(past.map(({ month, why }) => [month, why])).toEqual(
      ['2026-02', '2026-01', '2025-12', '2025-11', '2025-10', '2025-09'].map((month) => [month, null]),
    );
    expect(quality?.ratio).toBeGreaterThan(0.85);
    expect(quality?.ratio).toBeLessThan(1.15);
  });

  it('tells of a month that is over what it told at its beginning, whatever has been changed since', async () => {
    const ids = await import_(400);
    await define();
    const before = await months({ asOf: 'month' });
    for (const id of ids.slice(-5)) {
      takt.clock.advance(DAY);
      await takt.update(id, { stage: 'won', closed_at: new Date(takt.clock.now()).toISOString(), budget: '90000 RUB', probability: 100 });
    }
    await deal({ assigned_at: new Date(takt.clock.now()).toISOString() });
    expect((await months({ asOf: 'month' })).months[0]?.total).toEqual(before.months[0]?.total);
    expect((await months({ asOf: 'month' })).came).toBe(5 * 18_000);
    takt.clock.advance(31 * DAY);
    const [march] = (await months({ past: 1 })).past;
    expect(march).toMatchObject({ month: '2026-03', ...before.months[0]?.total, came: 90_000 });
  });

  it('takes begin and close from the history where no field tells them, and what a brand brings from the record of its product', async () => {
    await define({
      opened: undefined,
      closed: undefined,
      probability: undefined,
      profit: 'budget.amount * related.contact.rate / 100',
      related: ['contact'],
    });
    await takt.engine.entities.define({ name: 'contact', title: 'Contact', fields: { rate: { type: 'number', title: 'Rate' } } });
    const brand = await takt.create('contact', { name: 'Brand', rate: 30 });
    const ids: string[] = [];
    for (let i = 0; i < 24; i++) {
      takt.clock.advance(DAY);
      ids.push((await deal({ contact: brand.id })).id);
      const done = ids[i - 4];
      if (done !== undefined) await takt.update(done, { stage: i % 2 === 0 ? 'won' : 'lost' });
    }
    takt.clock.advance(DAY);
    // 20 are closed, ten of them won, each of 300.
    expect(await months()).toMatchObject({ came: 3_000, closedDeals: 20, openDeals: 4, notes: [] });
  });

  it('learns from the probability that was told first, not from the one that came with the outcome', async () => {
    await import_(100);
    await define();
    const made = await Promise.all(Array.from({ length: 200 }, () => deal({ assigned_at: NOW, probability: 20 })));
    takt.clock.advance(DAY);
    for (const [i, { id }] of made.entries()) {
      const won = i % 5 === 0;
      await takt.update(id, {
        stage: won ? 'won' : 'lost',
        probability: won ? 100 : 0,
        closed_at: new Date(takt.clock.now()).toISOString(),
      });
    }
    await deal({ assigned_at: NOW, budget: '1000000 RUB', probability: 20 });
    takt.clock.advance(DAY);
    const { months: ahead, later } = await months({ months: 24 });
    // What was told was right, so a deal of 20 % counts for about a fifth of its profit of 200,000.
    const whole = sum(ahead.map(({ open: expected }) => ({ expected }))) + later;
    expect(whole).toBeGreaterThan(25_000);
    expect(whole).toBeLessThan(65_000);
  });

  it('tells what it does not count, with the records', async () => {
    await import_(60);
    await define();
    const [loss, none, future, both, odd] = [
      await deal({ assigned_at: NOW, margin: -5 }),
      await deal({ assigned_at: NOW, budget: null }),
      await deal({ assigned_at: NOW, stage: 'won', closed_at: '2027-01-01T00:00:00Z' }),
      await deal({ assigned_at: NOW, stage: 'won', closed_at: '2026-02-01T00:00:00Z' }),
      await deal({ stage: 'new' }),
    ];
    await deal({ assigned_at: NOW, probability: null });
    const { notes, openDeals } = await months();
    expect(Object.fromEntries(notes.map(({ code, message }) => [code, message]))).toEqual({
      FORECAST_PROFIT: `1 record of deal left out for a negative profit, such as ${loss?.id}.`,
      FORECAST_PROFIT_UNKNOWN: `1 record of deal left out for want of a profit, such as ${none?.id}.`,
      FORECAST_FUTURE: `1 record of deal left out: begun or closed in the future, such as ${future?.id}.`,
      FORECAST_OUTCOME: `1 record of deal left out: won and lost at once, or closed before it began, such as ${both?.id}.`,
      FORECAST_UNDATED: `1 record of deal left out: no moment at which it began or closed, such as ${odd?.id}.`,
      FORECAST_PROBABILITY_UNKNOWN: expect.stringMatching(
        /^1 record of deal without a probability: the share of those won so far is taken/,
      ),
    });
    expect(openDeals).toBeGreaterThan(0);
  });

  it('refuses several currencies, names what was left out where too little has closed, and knows no other forecast', async () => {
    await define();
    await deal({ assigned_at: NOW, margin: -5 });
    const cold = await rejection(months());
    expect([cold.code, cold.errors.map(({ code }) => code)]).toEqual(['FORECAST_COLD', ['FORECAST_PROFIT']]);
    await import_(30);
    await deal({ assigned_at: NOW, budget: '5 USD' });
    expect(await rejection(months())).toMatchObject({ code: 'FORECAST_CURRENCIES', message: 'The sums are in RUB, USD.' });
    expect(await rejection(months({ forecast: 'incme' }))).toMatchObject({ code: 'FORECAST_UNKNOWN', hint: 'Did you mean "income"?' });
    await takt.engine.forecasts.remove('income');
    expect((await rejection(takt.engine.forecasts.get('income'))).code).toBe('FORECAST_UNKNOWN');
    expect(await takt.engine.forecasts.list()).toEqual([]);
  });
});
