/** Forecasts in workflows: what a run gets, and which way it goes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ForecastDefinition } from '../../schemas/forecast.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from '../engine/support.ts';
import { closeDeals, DEAL_WON } from '../support/closed-deals.ts';
import { databaseKinds } from '../support/databases.ts';
import { INCOME, importDeals } from '../support/deal-history.ts';

const DAY = 86_400_000;

const LEADS: ForecastDefinition = {
  id: 'leads',
  name: 'Leads',
  entity: 'lead',
  won: "stage = 'converted'",
  lost: "stage = 'lost'",
  profit: 'budget.amount * margin / 100',
  probability: 'conversion',
  channel: 'channel',
};

const asked = (node: JsonObject) =>
  workflow('ask', { now: { type: 'trigger.manual', params: { entity: 'user' } }, ask: node, end: { type: 'flow.end', params: {} } }, [
    ['now', 'ask'],
    ['ask', 'end'],
  ]);

describe.each(databaseKinds)('forecasts in workflows on %s', (kind) => {
  let takt: TestEngine;
  let olga: string;
  let ivan: string;
  beforeEach(async () => {
    takt = await openTestEngine(kind, { start: '2026-03-02T00:00:00Z' });
    olga = (await takt.create('user', { name: 'Olga' })).id;
    ivan = (await takt.create('user', { name: 'Ivan' })).id;
  });
  afterEach(() => takt.close());

  /** The step of the node that is asked. */
  const ask = async (type: string, params: JsonObject) => {
    await takt.publish(asked({ type, params }));
    const id = await takt.engine.runs.start('ask', somebody, { recordId: olga });
    await takt.engine.drain();
    const { steps } = await takt.engine.runs.get(id ?? '');
    return steps.find(({ node }) => node === 'ask');
  };
  const lead = (data: JsonObject) => takt.create('lead', { name: 'L', budget: '1000 RUB', margin: 50, conversion: 0.4, ...data });

  it('plan for each who has a lead now, by the working time of theirs that has passed', async () => {
    await takt.engine.forecasts.define(LEADS);
    const given = await lead({ owner: olga });
    await lead({ owner: olga, conversion: 0.1 });
    await lead({});
    takt.clock.advance(7 * DAY);
    await takt.update(given.id, { owner: ivan });
    const step = await ask('forecast.plans', { forecast: 'leads' });
    // From Monday the 2nd to Friday the 6th of March: five of its 22 working days.
    const passed = 5 / 22;
    expect(step).toMatchObject({ port: 'next', output: { month: '2026-03', currency: 'RUB', notes: [] } });
    expect(step?.output).toMatchObject({
      people: [
        { person: ivan, name: 'Ivan', leads: 1, received: 200, passed: expect.closeTo(passed, 9), plan: expect.closeTo(200 / passed, 6) },
        { person: olga, name: 'Olga', leads: 1, received: 50, passed: expect.closeTo(passed, 9), plan: expect.closeTo(50 / passed, 6) },
      ],
    });
    takt.clock.advance(31 * DAY);
    expect((await ask('forecast.plans', { forecast: 'leads', month: 'last' }))?.output).toMatchObject({
      people: [
        { person: ivan, passed: 1, plan: 200 },
        { person: olga, passed: 1, plan: 50 },
      ],
    });
  });

  it('tell what channels have brought, won or not, and nothing of the present month unless asked', async () => {
    await takt.engine.forecasts.define(LEADS);
    await lead({ channel: 'fair' });
    const won = await lead({ channel: 'fair' });
    takt.clock.advance(DAY);
    await takt.update(won.id, { stage: 'converted', conversion: 1 });
    takt.clock.advance(31 * DAY);
    await lead({});
    const fair = { channel: 'fair', leads: 2, potential: 1_000, expected: 400 };
    expect((await ask('forecast.channels', { forecast: 'leads', months: 1 }))?.output).toMatchObject({
      from: '2026-03',
      to: '2026-03',
      months: [{ month: '2026-03', ...fair }],
      channels: [fair],
      total: { leads: 2, potential: 1_000, expected: 400 },
    });
    expect((await ask('forecast.channels', { forecast: 'leads', months: 1, present: true }))?.output).toMatchObject({
      channels: [fair, { channel: null, leads: 1 }],
    });
  });

  it('leave by cold with the reason where too few have closed, and fail only the run that asked for a forecast that is not there', async () => {
    await takt.engine.forecasts.define(INCOME);
    expect(await ask('forecast.month', { forecast: 'income' })).toMatchObject({
      port: 'cold',
      output: { expected: null, months: null, why: { code: 'FORECAST_COLD', message: '0 deals have closed; a forecast needs 20.' } },
    });
    expect(await ask('forecast.month', { forecast: 'outcome' })).toMatchObject({ status: 'failed', error: { code: 'FORECAST_UNKNOWN' } });
    const now = takt.clock.now();
    await importDeals(takt.engine, { count: 200, from: now - 300 * DAY, until: now, now });
    const step = await ask('forecast.month', { forecast: 'income', months: 2, past: 2 });
    expect(step).toMatchObject({ port: 'next', output: { month: '2026-03', at: '2026-03-01T00:00:00.000Z', currency: 'RUB', why: null } });
    expect(step?.output).toMatchObject({ last: { month: '2026-02', why: null }, past: [{ month: '2026-02' }, { month: '2026-01' }] });
  });
});

describe('a forecast whose probabilities a model tells', () => {
  it('asks the version that is live; of a month that began before its training it asks none, for that one knows what came', async () => {
    const takt = await openTestEngine('memory', { start: '2026-03-02T00:00:00Z' });
    const { probability: _, opened: _o, closed: _c, ...income } = INCOME;
    await takt.engine.models.define(DEAL_WON);
    await takt.engine.forecasts.define({ ...income, profit: 'budget.amount', model: 'deal-won' });
    const teams = { entity: 'team', members: 'members' };
    const asked = { forecast: 'income', months: 1, past: 0, timezone: 'UTC', teams };
    /** What a deal by recommendation is told to bring, of what one by an advertisement is. */
    const told = async (asOf: 'now' | 'month'): Promise<number> => {
      const channels = (await takt.engine.forecasts.months({ ...asked, asOf })).months[0]?.channels ?? [];
      const of = (name: string) => channels.find((one) => one.name === name)?.expected ?? Number.NaN;
      return of('referral') / of('ads');
    };
    await closeDeals(takt.engine, 400, () => takt.clock.advance(DAY));
    for (const source of ['referral', 'ads']) await takt.create('deal', { name: 'Big', source, budget: '1000000 RUB' });
    takt.clock.advance(25 * DAY);
    expect((await takt.engine.forecasts.months({ ...asked, asOf: 'now' })).notes).toMatchObject([{ code: 'MODEL_COLD' }]);
    await takt.engine.models.train('deal-won', somebody);
    await takt.engine.drain();
    expect(await told('now')).toBeGreaterThan(1.5);
    expect(await told('month')).toBeCloseTo(1, 6);
    takt.clock.advance(31 * DAY);
    expect(await told('month')).toBeGreaterThan(1.5);
    await takt.close();
  });
});
