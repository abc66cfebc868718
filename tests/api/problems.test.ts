import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, listOf, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const json = { 'content-type': 'application/json' };
const LEADS = '/api/v1/records/lead';
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('an error', () => {
  test('is a problem with code, hint, and a type that leads to its explanation', async () => {
    const { status, headers, body } = await bench.call('GET', '/api/v1/records/leed');
    expect(status).toBe(404);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ type: '/docs/errors#ENTITY_UNKNOWN', status: 404, code: 'ENTITY_UNKNOWN', hint: 'Did you mean "lead"?' });
    expect((await bench.call('GET', '/docs/errors')).text).toContain('id="ENTITY_UNKNOWN"');
  });

  test('tells the request id that also stands in the header', async () => {
    const { headers, body } = await bench.call('GET', '/nowhere', { headers: { 'x-request-id': 'trace-1' } });
    expect(headers['x-request-id']).toBe('trace-1');
    expect(body.requestId).toBe('trace-1');
  });

  test('replaces a request id that is not harmless', async () => {
    const { headers } = await bench.call('GET', '/nowhere', { headers: { 'x-request-id': 'a b\u00e9' } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('at an address that does not exist names the address without its query', async () => {
    const { status, body } = await bench.call('GET', '/api/v1/nothing?token=abc', { key: null });
    expect([status, body.code, body.detail]).toEqual([404, 'ROUTE_NOT_FOUND', 'There is nothing at GET /api/v1/nothing.']);
  });

  test('in an address that cannot be decoded is a problem too', async () => {
    const { status, body } = await bench.call('GET', '/api/v1/records/%E0%A4%A');
    expect([status, body.code]).toEqual([400, 'REQUEST_INVALID']);
  });
});

describe('a body', () => {
  test('that is not JSON is refused with line and column', async () => {
    const { status, body } = await bench.call('POST', LEADS, { headers: json, payload: '{\n  "first_name": "Ann",,\n}' });
    expect([status, body.code, body.line, body.column]).toEqual([400, 'JSON_INVALID', 2, 23]);
  });

  test('that is not UTF-8 is refused', async () => {
    const { status, body } = await bench.call('POST', LEADS, { headers: json, payload: Buffer.from([0x22, 0xff, 0x22]) });
    expect([status, body.code]).toEqual([400, 'JSON_INVALID']);
  });

  test('nested too deeply is refused before anything looks into it', async () => {
    const { status, body } = await bench.call('POST', LEADS, { headers: json, payload: `{"details": ${nested(100_000)}}` });
    expect([status, body.code]).toEqual([400, 'INPUT_TOO_DEEP']);
  });

  test.each([
    ['U+0000', '{"first_name": "a\\u0000b"}', 'INPUT_NUL', '/first_name'],
    ['half a character', '{"first_name": "a\\ud800"}', 'INPUT_INVALID', '/first_name'],
    ['a name that touches prototypes', '{"__proto__": {"admin": true}}', 'INPUT_INVALID', '/__proto__'],
    ['a number that is none', '{"score": 1e999}', 'INPUT_INVALID', '/score'],
  ])('with %s is refused at its place', async (_what, payload, code, pointer) => {
    const { status, body } = await bench.call('POST', LEADS, { headers: json, payload });
    expect([status, body.code, body.pointer]).toEqual([400, code, pointer]);
  });

  test('of more than a megabyte is too large', async () => {
    const { status, body } = await bench.call('POST', LEADS, { body: { first_name: 'x'.repeat(1_000_001) } });
    expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('of more than ten megabytes is too large for many records', async () => {
    const { status, body } = await bench.call('POST', `${LEADS}/bulk`, { body: [{ first_name: 'x'.repeat(10_000_001) }] });
    expect([status, body.code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  test('of a type that is not read is refused', async () => {
    const { status, body } = await bench.call('POST', LEADS, { headers: { 'content-type': 'text/xml' }, payload: '<lead/>' });
    expect([status, body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  test('that is compressed is refused, for it could unfold to any size', async () => {
    const { status, body } = await bench.call('POST', LEADS, { headers: { ...json, 'content-encoding': 'gzip' }, payload: 'x' });
    expect([status, body.code]).toEqual([415, 'MEDIA_TYPE_UNSUPPORTED']);
  });

  test('that does not fit is refused with every place', async () => {
    const { status, body } = await bench.call('POST', '/api/v1/keys', { body: { name: '', scopes: [], more: 1 } });
    expect([status, body.code]).toEqual([400, 'INPUT_INVALID']);
    expect(listOf(body.errors).map((error) => error.pointer)).toEqual(expect.arrayContaining(['/name', '/scopes', '/more']));
  });

  test('is not sent back by way of its names', async () => {
    const name = 'n'.repeat(500_000);
    const named = await bench.call('POST', '/api/v1/keys', { body: { [name]: 1 } });
    const nested = await bench.call('POST', LEADS, { headers: json, payload: `{"${name}": {"__proto__": 1}}` });
    for (const { status, text } of [named, nested]) expect([status, text.length < 20_000]).toEqual([400, true]);
  });

  test('numbers are not made out of text in a body', async () => {
    const { status, body } = await bench.call('POST', '/api/v1/workflows/some/rollback', { body: { version: '1' } });
    expect([status, body.pointer]).toEqual([400, '/version']);
  });
});

describe('an address', () => {
  test('with an id that is no UUID is refused', async () => {
    const { status, body } = await bench.call('GET', `${LEADS}/42`);
    expect([status, body.code, body.pointer]).toEqual([400, 'INPUT_INVALID', '/id']);
  });

  test('asking for too much at once is refused', async () => {
    expect((await bench.call('GET', `${LEADS}?limit=201`)).body).toMatchObject({ status: 400, pointer: '/limit' });
    expect((await bench.call('GET', `${LEADS}?limit=0`)).body).toMatchObject({ status: 400, pointer: '/limit' });
  });

  test('with U+0000 in its query is refused', async () => {
    expect((await bench.call('GET', `${LEADS}?q=a%00b`)).body).toMatchObject({ status: 400, code: 'INPUT_NUL', pointer: '/q' });
  });

  test.each(['/api/v1/runs', '/api/v1/events', '/api/v1/effects', '/api/v1/mailbox', '/api/v1/keys', LEADS])(
    'with a cursor that is not one of ours is refused (%s)',
    async (url) => {
      const forged = Buffer.from('["1; drop table runs"]').toString('base64url');
      for (const cursor of ['nonsense', forged]) {
        expect((await bench.call('GET', `${url}?cursor=${cursor}`)).body).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
      }
    },
  );
});

describe('a server', () => {
  test('sends a caller away who asks too often, and says for how long', async () => {
    const busy = await openBench({ limits: { perKey: 2 } });
    const key = await busy.keyWith('records:read');
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await busy.call('GET', LEADS, { key })).status);
    const { headers, body } = await busy.call('GET', LEADS, { key });
    expect(statuses).toEqual([200, 200, 429]);
    expect(body.code).toBe('RATE_LIMITED');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await busy.call('GET', LEADS, { key: await busy.keyWith('records:read') })).status).toBe(200);
    await busy.close();
  });

  test('sends an address away that keeps guessing keys', async () => {
    const guessed = await openBench({ limits: { refusedPerAddress: 2 } });
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await guessed.call('GET', LEADS, { key: `takt_${'x'.repeat(42)}${i}` })).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await guessed.call('GET', LEADS)).status).toBe(200);
    await guessed.close();
  });

  test('takes nobody whose key it cannot look up for one who guesses', async () => {
    const orphan = await openBench({ limits: { refusedPerAddress: 2 } });
    await orphan.engine.ports.database.close();
    const statuses = [];
    for (let i = 0; i < 4; i++) statuses.push((await orphan.call('GET', LEADS, { key: orphan.admin })).status);
    expect(new Set(statuses).has(429)).toBe(false);
    await orphan.close();
  });

  test('without its database says so, without what the driver said', async () => {
    const orphan = await openBench();
    await orphan.engine.ports.database.close();
    const health = await orphan.call('GET', '/health');
    expect([health.status, health.body.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(health.headers['retry-after']).toBeDefined();
    expect((await orphan.call('GET', '/health/live')).status).toBe(200);
    const failed = await orphan.call('GET', LEADS, { key: orphan.admin });
    expect(failed.status).toBeGreaterThanOrEqual(500);
    expect(failed.text).not.toMatch(/select|closed|PGlite/i);
    await orphan.close();
  });
});
