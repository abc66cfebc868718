import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeDeals, DEAL_WON } from '../support/closed-deals.ts';
import { at, type Bench, listOf, openMemoryBench } from './support.ts';

describe('models', () => {
  let bench: Omit<Bench, 'database'>;
  beforeAll(async () => {
    bench = await openMemoryBench();
    await closeDeals(bench.engine, 400, () => bench.clock.advance(86_400_000));
  });
  afterAll(() => bench.close());

  const url = '/api/v1/models/deal-won';
  const put = (body: object) => bench.call('PUT', url, { body: { ...body } });

  test('a model is defined, trained by a job, and its version is live and listed', async () => {
    expect((await bench.call('GET', url)).body.code).toBe('MODEL_UNKNOWN');
    const { status, body } = await put(DEAL_WON);
    expect([status, body]).toEqual([200, { definition: DEAL_WON, live: null, previous: null, drift: null, updatedAt: expect.any(String) }]);
    const started = await bench.call('POST', `${url}/train`);
    expect([started.status, started.headers.location]).toEqual([202, `/api/v1/jobs/${String(started.body.job)}`]);
    expect((await bench.call('POST', `${url}/train`)).body).toMatchObject({ status: 409, code: 'MODEL_TRAINING' });
    await bench.engine.drain();
    expect((await bench.call('GET', `/api/v1/jobs/${String(started.body.job)}`)).body).toMatchObject({
      kind: 'train',
      status: 'done',
      total: 400,
      made: 400,
    });
    expect(listOf((await bench.call('GET', '/api/v1/jobs?kind=train')).body.items)).toHaveLength(1);
    const [version] = listOf((await bench.call('GET', `${url}/versions`)).body.items);
    expect(version).toMatchObject({ version: 1, live: true, figures: { rows: 400, heldOut: 80, better: true } });
    expect(at(version, 'report').late).toMatchObject([{ field: 'refusal_reason', leftOut: true }]);
    expect(version).not.toHaveProperty('model');
    expect(listOf((await bench.call('GET', '/api/v1/models')).body.items)).toMatchObject([{ live: 1 }]);
  });

  test('the live version is watched, and the model says whether it still fits', async () => {
    bench.clock.advance(86_400_000);
    await bench.engine.drain();
    expect((await bench.call('GET', url)).body.drift).toMatchObject({
      version: 1,
      rows: 0,
      predicted: null,
      alarm: false,
      since: null,
      columns: [],
    });
    expect((await bench.call('GET', '/api/v1/jobs?kind=drift')).body.items).toMatchObject([
      { status: 'done', data: { model: 'deal-won' } },
    ]);
    const [version] = listOf((await bench.call('GET', `${url}/versions`)).body.items);
    expect(at(at(version, 'report'), 'curves')).toMatchObject({ roc: expect.any(Array), drift: { periods: [{ rows: 80 }] } });
    expect(version).not.toHaveProperty('population');
  });

  test('the live version says what it thinks of a record, and why, in both languages', async () => {
    const made = await bench.call('POST', '/api/v1/records/deal', { body: { name: 'N', source: 'referral' } });
    const explain = (query = '') => bench.call('GET', `${url}/explain/${String(made.body.id)}${query}`);
    const { body } = await explain();
    expect(Number(body.probability)).toBeGreaterThan(0.55);
    expect(listOf(body.reasons)[0]).toMatchObject({ field: 'source', direction: 'up' });
    expect(String(listOf(body.reasons)[0]?.text)).toMatch(/^Source: referral – raises the chance/);
    expect(String(listOf((await explain('?locale=ru&reasons=1')).body.reasons)[0]?.text)).toMatch(/^Source: referral – .*повышает шанс$/);
    const lead = await bench.call('POST', '/api/v1/records/lead', { body: { last_name: 'L' } });
    expect((await bench.call('GET', `${url}/explain/${String(lead.body.id)}`)).body.code).toBe('MODEL_ENTITY');
    expect((await bench.call('GET', `${url}/explain/01900000-0000-7000-8000-000000000001`)).body.code).toBe('RECORD_NOT_FOUND');
  });

  test('a version that is not better is not promoted; one step back leaves none, and then it is', async () => {
    await bench.call('POST', `${url}/train`);
    await bench.engine.drain();
    const promote = (version: number) => bench.call('POST', `${url}/promote`, { body: { version } });
    expect((await promote(2)).body).toMatchObject({ status: 409, code: 'MODEL_NOT_BETTER' });
    expect((await promote(9)).body.code).toBe('MODEL_VERSION_UNKNOWN');
    expect((await bench.call('POST', `${url}/back`)).body).toMatchObject({ live: null, previous: null });
    expect((await bench.call('POST', `${url}/back`)).body).toMatchObject({ status: 409, code: 'MODEL_NO_WAY_BACK' });
    expect((await promote(1)).body).toMatchObject({ live: 1, previous: null });
    const first = await bench.call('GET', `${url}/versions?limit=1`);
    const second = await bench.call('GET', `${url}/versions?limit=1&cursor=${String(first.body.next)}`);
    expect([...listOf(first.body.items), ...listOf(second.body.items)].map(({ version, live }) => [version, live])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test('every problem of a definition is told with its place', async () => {
    const broken = { ...DEAL_WON, success: "stgae = 'won'", fields: [{ name: 'stage', kind: 'level' }] };
    const { body } = await put(broken);
    expect([body.status, body.code]).toEqual([422, 'MODEL_INVALID']);
    expect(listOf(body.errors).map((one) => one.pointer)).toEqual(['/success', '/fields/0/name']);
    expect((await bench.call('POST', '/api/v1/models/validate', { body: { ...broken } })).body.valid).toBe(false);
    expect((await put({ ...DEAL_WON, id: 'other' })).body.code).toBe('MODEL_INVALID');
  });

  test('to define, train and promote needs workflows:publish, to ask about a record records:read', async () => {
    const key = await bench.keyWith('workflows:read');
    const refused = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string) =>
      (await bench.call(method, path, { key, ...(method === 'PUT' || path.endsWith('promote') ? { body: { version: 1 } } : {}) })).body
        .code;
    expect((await bench.call('GET', '/api/v1/models', { key })).status).toBe(200);
    for (const path of ['/train', '/promote', '/back']) expect(await refused('POST', `${url}${path}`)).toBe('SCOPE_MISSING');
    expect([await refused('PUT', url), await refused('DELETE', url)]).toEqual(['SCOPE_MISSING', 'SCOPE_MISSING']);
    expect(await refused('GET', `${url}/explain/01900000-0000-7000-8000-000000000001`)).toBe('SCOPE_MISSING');
    expect((await bench.call('GET', '/api/v1/models', { key: null })).body.code).toBe('KEY_MISSING');
  });

  test('a model is removed with its versions', async () => {
    expect((await bench.call('DELETE', url)).status).toBe(204);
    expect((await bench.call('GET', `${url}/versions`)).body.code).toBe('MODEL_UNKNOWN');
  });
});
