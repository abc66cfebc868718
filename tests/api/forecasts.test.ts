import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INCOME, importDeals } from '../support/deal-history.ts';
import { at, type Bench, listOf, openMemoryBench } from './support.ts';

const DAY = 86_400_000;

describe('forecasts', () => {
  let bench: Omit<Bench, 'database'>;
  let olga: string;
  beforeAll(async () => {
    bench = await openMemoryBench();
    olga = String((await bench.call('POST', '/api/v1/records/user', { body: { name: 'Olga' } })).body.id);
  });
  afterAll(() => bench.close());

  const url = '/api/v1/forecasts/income';
  const put = (body: object) => bench.call('PUT', url, { body: { ...body } });

  test('are defined without slips, each told with its place, and listed', async () => {
    expect((await bench.call('GET', url)).body.code).toBe('FORECAST_UNKNOWN');
    const odd = { ...INCOME, profit: 'budgt.amount', opened: 'name', related: ['source'], model: 'deal-won', timezone: 'Mars/One' };
    const { body } = await bench.call('POST', '/api/v1/forecasts/validate', { body: odd });
    expect(listOf(body.problems).map(({ pointer }) => pointer)).toEqual(['/profit', '/model', '/opened', '/related/0', '/timezone']);
    expect((await put(odd)).body).toMatchObject({ status: 422, code: 'FORECAST_INVALID' });
    expect((await put({ ...INCOME, id: 'other' })).body).toMatchObject({ code: 'FORECAST_INVALID' });
    expect(await put(INCOME)).toMatchObject({ status: 200, body: INCOME });
    expect((await bench.call('GET', url)).body).toEqual(INCOME);
    expect(listOf((await bench.call('GET', '/api/v1/forecasts')).body.items)).toEqual([INCOME]);
  });

  test('tell no sum as long as too few deals have closed', async () => {
    expect((await bench.call('GET', `${url}/months`)).body).toMatchObject({ status: 422, code: 'FORECAST_COLD' });
    expect((await bench.call('GET', `${url}/channels`)).body).toMatchObject({ months: [], total: { leads: 0 }, currency: '' });
    expect((await bench.call('GET', `${url}/plans`)).body).toMatchObject({ people: [] });
  });

  test('tell what months bring, what is planned for people, and what channels have brought', async () => {
    const now = bench.clock.now();
    await importDeals(bench.engine, { count: 300, from: now - 300 * DAY, until: now, now, owners: [olga] });
    const { body } = await bench.call('GET', `${url}/months?months=2&past=2`);
    expect(body).toMatchObject({ currency: 'RUB', timezone: 'UTC', confidence: 0.8, notes: [] });
    expect([listOf(body.months).length, listOf(body.past).length]).toEqual([2, 2]);
    const [month] = listOf(body.months);
    expect(Number(at(month, 'total').expected)).toBeGreaterThan(0);
    const plans = (await bench.call('GET', `${url}/plans?person=${olga}`)).body;
    expect(listOf(plans.people)).toMatchObject([{ person: olga, name: 'Olga' }]);
    expect(listOf((await bench.call('GET', `${url}/plans?person=01900000-0000-7000-8000-000000000001`)).body.people)).toEqual([]);
    const channels = (await bench.call('GET', `${url}/channels?months=1&present=true`)).body;
    expect(listOf(channels.channels).map(({ channel }) => channel)).toEqual(expect.arrayContaining(['ads', 'fair', 'referral']));
  });

  test('are asked within bounds, and by keys that may', async () => {
    expect((await bench.call('GET', `${url}/months?months=25`)).status).toBe(400);
    expect((await bench.call('GET', `${url}/months?past=13`)).status).toBe(400);
    const key = await bench.keyWith('workflows:read');
    const as = (method: 'GET' | 'PUT' | 'DELETE', path: string) =>
      bench.call(method, path, { key, ...(method === 'PUT' && { body: INCOME }) });
    expect((await as('GET', url)).status).toBe(200);
    for (const what of ['months', 'plans', 'channels']) expect((await as('GET', `${url}/${what}`)).status).toBe(403);
    expect([(await as('PUT', url)).status, (await as('DELETE', url)).status]).toEqual([403, 403]);
  });

  test('are removed', async () => {
    expect((await bench.call('DELETE', url)).status).toBe(204);
    expect((await bench.call('GET', `${url}/months`)).body.code).toBe('FORECAST_UNKNOWN');
  });
});
