import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { type Answer, at, type Bench, listOf, openBench, publish, workflowFile } from './support.ts';

let bench: Bench;
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;
const signed = (scheme: string): JsonObject => ({ credential: 'partner', scheme });

beforeAll(async () => {
  bench = await openBench({ hooks: { keyHeader: 'X-Delivery' } });
  const hooks: [string, JsonObject][] = [
    ['form', {}],
    ['only-big', { where: 'event.data.body.amount > 100' }],
    ['standard', { signature: signed('standard-webhooks') }],
    ['hmac', { signature: signed('hmac-sha256') }],
    ['unkept', { signature: { credential: 'forgotten', scheme: 'hmac-sha256' } }],
  ];
  for (const [hook, params] of hooks) await publish(bench, workflowFile(hook, { type: 'trigger.webhook', params: { hook, ...params } }));
  await bench.call('PUT', '/api/v1/credentials/partner', { body: { kind: 'webhook', secret: SECRET } });
});
afterAll(() => bench.close());

function deliver(hook: string, payload: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
  return bench.call('POST', `/hooks/${hook}`, { key: null, payload, headers: { 'content-type': 'application/json', ...headers } });
}

async function runsOf(workflow: string): Promise<JsonObject[]> {
  return listOf((await bench.call('GET', `/api/v1/runs?workflow=${workflow}`)).body.items);
}

async function dataOf(id: unknown): Promise<JsonObject> {
  const events = listOf((await bench.call('GET', '/api/v1/events?type=webhook.received')).body.items);
  return at(events.find((event) => event.id === id)?.data);
}

describe('a delivery', () => {
  test('that comes a hundred times at once starts one run', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => deliver('form', '{"email":"a@example.com"}', { 'idempotency-key': 'd-1' })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.duplicate === false)).toHaveLength(1);
    expect(await runsOf('form')).toHaveLength(1);
  });

  test('is told apart by webhook-id and by the configured header as well', async () => {
    for (const header of ['webhook-id', 'x-delivery']) {
      const [first, second] = [await deliver('form', '{}', { [header]: 'e-1' }), await deliver('form', '{}', { [header]: 'e-1' })];
      expect([first.status, second.body]).toEqual([202, { id: first.body.id, duplicate: true }]);
      // The same name in another header is the same delivery: what counts is the key.
      expect(first.body.duplicate).toBe(header === 'x-delivery');
    }
  });

  test('without a key counts each time', async () => {
    const before = (await runsOf('form')).length;
    await deliver('form', '{}');
    await deliver('form', '{}');
    expect(await runsOf('form')).toHaveLength(before + 2);
  });

  test('with the key of another hook is its own', async () => {
    await deliver('form', '{}', { 'idempotency-key': 'shared' });
    const other = await deliver('only-big', '{"amount": 200}', { 'idempotency-key': 'shared' });
    expect(other.body.duplicate).toBe(false);
    expect(await runsOf('only-big')).toHaveLength(1);
  });

  test('with a key that is too long is refused', async () => {
    expect((await deliver('form', '{}', { 'idempotency-key': 'k'.repeat(151) })).body).toMatchObject({ status: 400, code: 'HOOK_KEY' });
  });

  test('is kept with body, query and a few harmless headers', async () => {
    const { body } = await bench.call('POST', '/hooks/form?source=ad&tag=a&tag=b', {
      key: null,
      payload: '{"n": 1}',
      headers: { 'content-type': 'application/json', authorization: 'Bearer of-the-sender', cookie: 'c=1', 'x-event-type': 'lead' },
    });
    const data = await dataOf(body.id);
    expect(data).toMatchObject({ body: { n: 1 }, query: { source: 'ad', tag: ['a', 'b'] }, headers: { 'x-event-type': 'lead' } });
    expect(JSON.stringify(data)).not.toMatch(/of-the-sender|cookie/);
  });

  test('may be a form; a field that stands twice is a list', async () => {
    const { status, body } = await deliver('form', 'name=Ann+B&tag=x&tag=y&note=%D0%AF', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(status).toBe(202);
    expect((await dataOf(body.id)).body).toEqual({ name: 'Ann B', tag: ['x', 'y'], note: 'Я' });
  });

  test.each([
    ['__proto__=1', 'INPUT_INVALID'],
    ['a=%00', 'INPUT_NUL'],
  ])('may not be the form %s', async (payload, code) => {
    const { status, body } = await deliver('form', payload, { 'content-type': 'application/x-www-form-urlencoded' });
    expect([status, body.code]).toEqual([400, code]);
  });

  test('may be empty', async () => {
    const { status, body } = await bench.call('POST', '/hooks/form', { key: null });
    expect(status).toBe(202);
    expect((await dataOf(body.id)).body).toBeNull();
  });

  test.each([
    ['broken JSON', '{"a":', 400, 'JSON_INVALID'],
    ['JSON without a bottom', '['.repeat(500_000), 400, 'JSON_INVALID'],
    ['deep JSON', `${'{"a":'.repeat(80)}1${'}'.repeat(80)}`, 400, 'INPUT_TOO_DEEP'],
    ['more than a megabyte', `"${'x'.repeat(1_000_000)}"`, 413, 'BODY_TOO_LARGE'],
  ])('of %s is refused', async (_what, payload, status, code) => {
    const answer = await deliver('form', payload);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('of another type is refused', async () => {
    expect((await deliver('form', '<a/>', { 'content-type': 'text/xml' })).body.code).toBe('MEDIA_TYPE_UNSUPPORTED');
  });
});

describe('a hook', () => {
  test('that no published workflow listens to does not exist', async () => {
    const { status, body } = await deliver('from', '{}');
    expect([status, body.code]).toEqual([404, 'HOOK_UNKNOWN']);
    expect(body.hint).toContain('trigger.webhook');
  });

  test('that is only drafted does not exist', async () => {
    await bench.call('PUT', '/api/v1/workflows/drafted/draft', {
      body: workflowFile('drafted', { type: 'trigger.webhook', params: { hook: 'drafted' } }),
    });
    expect((await deliver('drafted', '{}')).status).toBe(404);
  });

  test('of a paused workflow takes deliveries and starts nothing', async () => {
    await publish(
      bench,
      workflowFile('resting', { type: 'trigger.webhook', params: { hook: 'resting', signature: signed('hmac-sha256') } }),
    );
    await bench.call('POST', '/api/v1/workflows/resting/pause');
    expect((await deliver('resting', '{}')).body.code).toBe('HOOK_SIGNATURE');
    const signature = createHmac('sha256', SECRET).update('{}').digest('hex');
    expect((await deliver('resting', '{}', { 'x-signature-256': signature })).status).toBe(202);
    expect(await runsOf('resting')).toEqual([]);
  });
});

describe('a signature of Standard Webhooks', () => {
  const body = '{"text": "naïve"}';
  const sign = (id: string, at: Date, payload = body): Record<string, string> => ({
    'webhook-id': id,
    'webhook-timestamp': String(at.getTime() / 1_000),
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${new Webhook(SECRET).sign(id, at, payload)}`,
  });
  const now = (): Date => new Date(bench.clock.now());

  test('lets the delivery in', async () => {
    expect((await deliver('standard', body, sign('s-1', now()))).status).toBe(202);
  });

  test('over other bytes does not, even if they mean the same', async () => {
    const answer = await deliver('standard', '{"text":"naïve"}', sign('s-2', now()));
    expect([answer.status, answer.body.code]).toEqual([401, 'HOOK_SIGNATURE']);
  });

  test.each([-300_001, 300_001])('of another time (%i ms) does not', async (ms) => {
    const at = new Date(Math.round((bench.clock.now() + ms) / 1_000) * 1_000 + Math.sign(ms) * 1_000);
    expect((await deliver('standard', body, sign('s-3', at))).body.code).toBe('HOOK_SIGNATURE');
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s does not', async (missing) => {
    const headers = sign('s-4', now());
    delete headers[missing];
    const answer = await deliver('standard', body, headers);
    expect(answer.body).toMatchObject({ code: 'HOOK_SIGNATURE', detail: `The header ${missing} is missing.` });
  });

  test('that is sent again under another key is the same delivery', async () => {
    const headers = sign('s-5', now());
    const first = await deliver('standard', body, { ...headers, 'idempotency-key': 'one' });
    const again = await deliver('standard', body, { ...headers, 'idempotency-key': 'two' });
    expect(again.body).toEqual({ id: first.body.id, duplicate: true });
  });
});

describe('an HMAC over the body', () => {
  const body = Buffer.from('{"a": 1}');
  const hex = createHmac('sha256', SECRET).update(body).digest('hex');

  test.each([hex, `sha256=${hex}`, hex.toUpperCase()])('lets the delivery in as %s', async (signature) => {
    expect((await deliver('hmac', body, { 'x-signature-256': signature })).status).toBe(202);
  });

  test.each([hex.slice(1), `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`, ''])('does not as "%s"', async (signature) => {
    expect((await deliver('hmac', body, { 'x-signature-256': signature })).body.code).toBe('HOOK_SIGNATURE');
  });

  test('cannot be checked without its credential, and then nobody comes in', async () => {
    const { status, body: problem } = await deliver('unkept', body, { 'x-signature-256': hex });
    expect([status, problem.code]).toEqual([503, 'HOOK_CREDENTIAL']);
    expect(JSON.stringify(problem)).not.toContain('forgotten');
  });
});
