import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { access } from '../../api/access/access.ts';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { at, type Bench, listOf, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const OPEN = ['GET /docs/errors', 'GET /health', 'GET /health/live', 'POST /hooks/{hook}'];

interface Operation {
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  open: boolean;
}

async function operations(): Promise<Operation[]> {
  const { body } = await bench.call('GET', '/openapi.json');
  return Object.entries(at(body, 'paths')).flatMap(([path, item]) =>
    Object.entries(at(item)).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: methodOf(method),
      url: path
        .replace('{id}', path.includes('workflows') ? 'some' : '01900000-0000-7000-8000-000000000000')
        .replace('{entity}', 'lead')
        .replaceAll(/\{[^}]+\}/g, 'some'),
      open: listOf(at(operation).security).length === 0,
    })),
  );
}

function methodOf(name: string): Operation['method'] {
  const method = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).find((known) => known === name.toUpperCase());
  if (!method) throw new Error(`${name} is not expected.`);
  return method;
}

describe('every operation', () => {
  test('but a known few needs a key, and a key with a scope', async () => {
    const none = (await bench.keys.create('without scopes', [])).token;
    const all = await operations();
    expect(all.length).toBeGreaterThan(40);
    const open: string[] = [];
    for (const { name, method, url, open: declared } of all) {
      const body: JsonObject = {};
      const anonymous = await bench.call(method, url, { key: null, body });
      if (anonymous.status !== 401) open.push(name);
      else {
        expect([name, anonymous.body.code, anonymous.headers['www-authenticate']]).toEqual([name, 'KEY_MISSING', 'Bearer']);
        const powerless = await bench.call(method, url, { key: none, body });
        expect([name, powerless.status, powerless.body.code]).toEqual([name, 403, 'SCOPE_MISSING']);
      }
      expect([name, declared]).toEqual([name, anonymous.status !== 401]);
    }
    expect(open.sort()).toEqual(OPEN.filter((name) => !name.includes('docs')));
  });

  test('has to name its scope, or the server does not start', async () => {
    const app = Fastify();
    await app.register(access, { keys: bench.keys, onRefused: async () => {} });
    app.get('/forgotten', async () => 'secret');
    await expect(app.ready()).rejects.toThrow('GET /forgotten');
  });
});

describe('a key', () => {
  test('may do what its scopes say and nothing else', async () => {
    const key = await bench.keyWith('records:read');
    expect((await bench.call('GET', '/api/v1/records/lead', { key })).status).toBe(200);
    const refused = await bench.call('POST', '/api/v1/records/lead', { key, body: {} });
    expect(refused.body).toMatchObject({
      status: 403,
      code: 'SCOPE_MISSING',
      hint: 'Its scopes: records:read. Use a key with records:write.',
    });
  });

  test.each([
    ['Basic dXNlcjpwYXNz', 'KEY_MISSING'],
    ['Bearer', 'KEY_MISSING'],
    ['Bearer something', 'KEY_INVALID'],
    [`Bearer takt_${'A'.repeat(43)}`, 'KEY_INVALID'],
  ])('is not what stands in "%s"', async (authorization, code) => {
    const { status, body } = await bench.call('GET', '/api/v1/records/lead', { key: null, headers: { authorization } });
    expect([status, body.code]).toEqual([401, code]);
  });

  test('is shown once, stored as a hash, listed without either', async () => {
    const made = await bench.call('POST', '/api/v1/keys', { body: { name: 'shop', scopes: ['events:write', 'events:write'] } });
    const token = String(made.body.token);
    expect(made.status).toBe(201);
    expect(token).toMatch(/^takt_[A-Za-z0-9_-]{43}$/);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(at(made.body, 'key')).toMatchObject({ name: 'shop', scopes: ['events:write'], lastUsedAt: null, revokedAt: null });
    const stored = JSON.stringify(await rows(bench.database.orm, sql`select * from api_keys`));
    expect(stored).not.toContain(token);
    const listed = await bench.call('GET', '/api/v1/keys');
    expect(listed.text).toContain('"shop"');
    expect(listed.text).not.toMatch(/hash|takt_/);
  });

  test('with an unknown scope is not made', async () => {
    const { status, body } = await bench.call('POST', '/api/v1/keys', { body: { name: 'x', scopes: ['records:destroy'] } });
    expect([status, body.code]).toEqual([400, 'SCOPE_UNKNOWN_NAME']);
  });

  test('that is revoked is refused at once', async () => {
    const made = await bench.call('POST', '/api/v1/keys', { body: { name: 'gone', scopes: ['records:read'] } });
    const key = String(made.body.token);
    expect((await bench.call('GET', '/api/v1/records/lead', { key })).status).toBe(200);
    const revoked = await bench.call('DELETE', `/api/v1/keys/${String(at(made.body, 'key').id)}`);
    expect(revoked.body.revokedAt).not.toBeNull();
    expect((await bench.call('GET', '/api/v1/records/lead', { key })).body.code).toBe('KEY_INVALID');
    expect((await bench.call('DELETE', '/api/v1/keys/01900000-0000-7000-8000-000000000000')).body.code).toBe('KEY_NOT_FOUND');
  });

  test('that another process has revoked is refused five seconds later', async () => {
    const { key, token } = await bench.keys.create('elsewhere', ['records:read']);
    expect((await bench.call('GET', '/api/v1/records/lead', { key: token })).status).toBe(200);
    await bench.keys.revoke(key.id);
    bench.clock.advance(4_999);
    expect((await bench.call('GET', '/api/v1/records/lead', { key: token })).status).toBe(200);
    bench.clock.advance(1);
    expect((await bench.call('GET', '/api/v1/records/lead', { key: token })).status).toBe(401);
  });

  test('notes its use at most once a minute', async () => {
    const { key, token } = await bench.keys.create('used', ['records:read']);
    const used = async (): Promise<number | null | undefined> => {
      await bench.keys.authenticate(token);
      await bench.keys.settled();
      return (await bench.keys.page(200)).items.find(({ id }) => id === key.id)?.lastUsedAt;
    };
    const first = bench.clock.now();
    expect(await used()).toBe(first);
    bench.clock.advance(59_999);
    expect(await used()).toBe(first);
    bench.clock.advance(1);
    expect(await used()).toBe(first + 60_000);
  });

  test('is listed by pages, newest first', async () => {
    const seen: string[] = [];
    let next = '';
    do {
      const { body } = await bench.call('GET', `/api/v1/keys?limit=2${next && `&cursor=${next}`}`);
      seen.push(...listOf(body.items).map(({ id }) => String(id)));
      next = typeof body.next === 'string' ? body.next : '';
    } while (next !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort().reverse());
  });
});
