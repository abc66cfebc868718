import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { at, type Bench, listOf, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const LEADS = '/api/v1/records/lead';
const ABSENT = '01900000-0000-7000-8000-000000000000';

async function lead(body: JsonObject): Promise<JsonObject> {
  const created = await bench.call('POST', LEADS, { body });
  expect([created.status, created.body.detail]).toEqual([201, undefined]);
  return created.body;
}

const urlOf = (record: JsonObject): string => `${LEADS}/${String(record.id)}`;

describe('a change of hands', () => {
  test('is made for a reason that the history keeps, and only for the version that was seen', async () => {
    const { body: olga } = await bench.call('POST', '/api/v1/records/user', { body: { name: 'Olga' } });
    const url = `${urlOf(await lead({ first_name: 'Ann' }))}/assignments`;
    const body = { owner: String(olga.id), reason: 'speaks German' };
    expect((await bench.call('POST', url, { body })).body).toMatchObject({ owner: olga.id, version: 2 });
    expect(listOf((await bench.call('GET', url)).body.items)).toMatchObject([
      { from: null, to: olga.id, by: { kind: 'key', reason: 'speaks German' }, method: null },
    ]);
    expect((await bench.call('POST', `${url}?version=1`, { body: { owner: null, reason: 'spam' } })).status).toBe(409);
    expect((await bench.call('POST', url, { body: { owner: null, reason: 'spam' } })).body).not.toHaveProperty('owner');
    expect((await bench.call('POST', url, { body: { owner: null } })).status).toBe(400);
  });
});

describe('a record', () => {
  test('is created, read, changed, deleted and restored, its version in the ETag', async () => {
    const created = await bench.call('POST', LEADS, { body: { first_name: 'Ann', emails: ['Ann@Example.com'] } });
    expect(created.headers).toMatchObject({ etag: '"1"', location: urlOf(created.body) });
    const url = urlOf(created.body);
    expect((await bench.call('GET', url)).body).toMatchObject({ first_name: 'Ann', version: 1, stage: 'new' });
    const changed = await bench.call('PATCH', url, { body: { first_name: 'Anna', emails: null } });
    expect(changed.headers.etag).toBe('"2"');
    expect(changed.body).not.toHaveProperty('emails');
    expect((await bench.call('DELETE', url)).body).toMatchObject({ deleted: true, version: 3 });
    expect((await bench.call('PATCH', url, { body: { first_name: 'X' } })).body).toMatchObject({ status: 410, code: 'RECORD_DELETED' });
    expect((await bench.call('POST', `${url}/restore`)).body).toMatchObject({ deleted: false, version: 4, first_name: 'Anna' });
    const { body } = await bench.call('GET', `${url}/changes`);
    expect(listOf(body.items).map(({ op }) => op)).toEqual(['restored', 'deleted', 'updated', 'created']);
    expect(listOf(body.items)[2]).toMatchObject({ author: { kind: 'key' }, changes: { first_name: ['Ann', 'Anna'] } });
  });

  test('that does not fit is refused with every field', async () => {
    const { status, body } = await bench.call('POST', LEADS, { body: { emails: 'none', colour: 'red' } });
    expect([status, body.code]).toEqual([400, 'RECORD_INVALID']);
    expect(listOf(body.errors).map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/emails', '/colour']));
  });

  test.each(['"1"', 'W/"1"', '1'])('changed on an old version (If-Match: %s) is not overwritten', async (match) => {
    const url = urlOf(await lead({ first_name: 'Bob' }));
    await bench.call('PATCH', url, { body: { first_name: 'Bobby' } });
    const stale = await bench.call('PATCH', url, { body: { first_name: 'Rob' }, headers: { 'if-match': match } });
    expect([stale.status, stale.body.code]).toEqual([409, 'RECORD_VERSION_STALE']);
    expect((await bench.call('DELETE', `${url}?version=1`)).body.code).toBe('RECORD_VERSION_STALE');
    expect((await bench.call('PATCH', url, { body: { first_name: 'Rob' }, headers: { 'if-match': '"2"' } })).status).toBe(200);
    expect((await bench.call('PATCH', url, { body: {}, headers: { 'if-match': 'latest' } })).body.code).toBe('INPUT_INVALID');
  });

  test('tells who had it, newest first', async () => {
    const owner = String((await bench.call('POST', '/api/v1/records/user', { body: { name: 'Olga' } })).body.id);
    const url = urlOf(await lead({ first_name: 'Owned' }));
    await bench.call('PATCH', url, { body: { owner } });
    await bench.call('PATCH', url, { body: { owner: null } });
    const { status, body } = await bench.call('GET', `${url}/assignments`);
    expect(status).toBe(200);
    expect(listOf(body.items)).toMatchObject([
      { from: owner, to: null, by: { kind: 'key' }, method: null, candidates: [] },
      { from: null, to: owner },
    ]);
  });

  test('is found only under its own entity', async () => {
    const { id } = await lead({ first_name: 'Cid' });
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await bench.call(method, `/api/v1/records/deal/${String(id)}`)).body.code).toBe('RECORD_NOT_FOUND');
    }
    expect((await bench.call('GET', `${LEADS}/${ABSENT}`)).status).toBe(404);
  });

  test('with a key that is taken is refused, changed or left alone, as asked', async () => {
    await lead({ key: 'crm-1', first_name: 'Dan' });
    const again = (onExisting: string) =>
      bench.call('POST', `${LEADS}?onExisting=${onExisting}`, { body: { key: 'crm-1', first_name: onExisting } });
    expect((await again('error')).body).toMatchObject({ status: 409, code: 'RECORD_KEY_TAKEN', pointer: '/key' });
    expect((await again('skip')).body).toMatchObject({ first_name: 'Dan', version: 1 });
    const updated = await again('update');
    expect([updated.status, updated.body.first_name, updated.body.version]).toEqual([200, 'update', 2]);
  });
});

describe('a list', () => {
  test('is filtered, searched, sorted and paged', async () => {
    const names = ['Zoe Q7', 'Yan Q7', 'Xena Q7', 'Will Q7', 'Vera Q7'];
    for (const [i, first_name] of names.entries()) await lead({ first_name, employees: i * 10 });
    const all: unknown[] = [];
    let next = '';
    do {
      const { body } = await bench.call('GET', `${LEADS}?q=Q7&sort=name&limit=2${next && `&cursor=${next}`}`);
      all.push(...listOf(body.items).map(({ first_name }) => first_name));
      next = typeof body.next === 'string' ? body.next : '';
    } while (next !== '');
    expect(all).toEqual([...names].reverse());
    const where = encodeURIComponent('employees >= 20 and $contains(name, "Q7")');
    const { body } = await bench.call('GET', `${LEADS}?where=${where}&sort=-name`);
    expect(listOf(body.items).map(({ first_name }) => first_name)).toEqual(names.slice(2));
  });

  test('with a condition that is none is refused at its place', async () => {
    const { status, body } = await bench.call('GET', `${LEADS}?where=${encodeURIComponent('score >')}`);
    expect([Math.floor(status / 100), body.code]).toEqual([4, 'EXPR_SYNTAX']);
  });

  test('shows deleted records only when asked', async () => {
    const { id } = await lead({ first_name: 'Gone G1' });
    await bench.call('DELETE', `${LEADS}/${String(id)}`);
    expect(listOf((await bench.call('GET', `${LEADS}?q=G1`)).body.items)).toEqual([]);
    expect(listOf((await bench.call('GET', `${LEADS}?q=G1&deleted=true`)).body.items)).toHaveLength(1);
  });
});

describe('many records at once', () => {
  const NDJSON = { 'content-type': 'application/x-ndjson' };

  test('succeed or fail each by itself', async () => {
    const { status, body } = await bench.call('POST', `${LEADS}/bulk`, {
      body: [{ first_name: 'One' }, { colour: 'red' }, { key: 'b-1' }],
    });
    expect([status, body.created, body.failed]).toEqual([200, 2, 1]);
    expect(listOf(body.items)[1]).toMatchObject({ index: 1, error: { code: 'RECORD_INVALID' } });
  });

  test('come as lines too; a broken one is named by its line', async () => {
    const payload = '{"first_name":"L1"}\n\n{"first_name":}\r\n42\n{"first_name":"L2"}\n';
    const { body } = await bench.call('POST', `${LEADS}/bulk`, { headers: NDJSON, payload });
    expect([body.created, body.failed]).toEqual([2, 2]);
    const [, broken, number] = listOf(body.items);
    expect(at(broken, 'error')).toMatchObject({ code: 'JSON_INVALID', line: 3, column: 15 });
    expect(at(number, 'error')).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('update those that exist where that is asked', async () => {
    const body = [{ key: 'b-2', first_name: 'A' }];
    await bench.call('POST', `${LEADS}/bulk`, { body });
    expect((await bench.call('POST', `${LEADS}/bulk?onExisting=update`, { body })).body).toMatchObject({ unchanged: 1, failed: 0 });
    const changed = [{ key: 'b-2', first_name: 'B' }];
    expect((await bench.call('POST', `${LEADS}/bulk?onExisting=update`, { body: changed })).body).toMatchObject({ updated: 1 });
  });

  test('are a thousand at most', async () => {
    const many = Array.from({ length: 1_001 }, () => ({}));
    expect((await bench.call('POST', `${LEADS}/bulk`, { body: many })).body).toMatchObject({ status: 400, code: 'ITEMS_TOO_MANY' });
    expect((await bench.call('POST', `${LEADS}/bulk`, { body: { first_name: 'X' } })).body.code).toBe('INPUT_INVALID');
  });
});

describe('an entity', () => {
  test('is defined, used, and removed when it is empty', async () => {
    const machine = { name: 'machine', title: 'Machine', fields: { serial: { type: 'text', title: 'Serial', required: true } } };
    expect((await bench.call('PUT', '/api/v1/entities/machine', { body: machine })).status).toBe(200);
    expect((await bench.call('GET', '/api/v1/entities/machine/schema')).body).toMatchObject({ required: ['serial'] });
    const created = await bench.call('POST', '/api/v1/records/machine', { body: { serial: 'M-1' } });
    expect(created.status).toBe(201);
    expect((await bench.call('DELETE', '/api/v1/entities/machine')).body.code).toBe('ENTITY_IN_USE');
    await bench.call('PUT', '/api/v1/entities/tool', { body: { ...machine, name: 'tool' } });
    expect((await bench.call('DELETE', '/api/v1/entities/tool')).status).toBe(204);
    expect((await bench.call('GET', '/api/v1/entities/tool')).body.code).toBe('ENTITY_UNKNOWN');
  });

  test('that is not defined correctly is refused with every place', async () => {
    const { status, body } = await bench.call('PUT', '/api/v1/entities/bad', {
      body: { name: 'bad', title: '', fields: { a: { type: 'colour' } } },
    });
    expect([status, body.code]).toEqual([400, 'ENTITY_INVALID']);
    expect(listOf(body.errors).length).toBeGreaterThan(1);
    expect((await bench.call('PUT', '/api/v1/entities/other', { body: { name: 'bad' } })).body.pointer).toBe('/name');
  });

  test('is in the list, built-in or not', async () => {
    const { body } = await bench.call('GET', '/api/v1/entities');
    expect(listOf(body.items).map(({ definition }) => at(definition).name)).toEqual(expect.arrayContaining(['lead', 'user', 'team']));
  });
});

test('teams come with their members by name, people by name', async () => {
  const user = async (first_name: string) =>
    (await bench.call('POST', '/api/v1/records/user', { body: { first_name, emails: [`${first_name}@example.com`] } })).body.id ?? '';
  const [ann, bob] = [await user('ann'), await user('bob')];
  await bench.call('POST', '/api/v1/records/team', { body: { name: 'Top', members: [bob, ann], head: ann } });
  await bench.call('POST', '/api/v1/records/team', { body: { name: 'Empty' } });
  const teams = listOf((await bench.call('GET', '/api/v1/teams')).body.items);
  expect(teams.map(({ name }) => name)).toEqual(['Empty', 'Top']);
  expect(teams[1]).toMatchObject({
    head: { id: ann, name: 'ann' },
    members: [{ name: 'bob' }, { name: 'ann', email: 'ann@example.com', active: true }],
  });
  const people = listOf((await bench.call('GET', '/api/v1/people?q=bo')).body.items);
  expect(people).toEqual([{ id: bob, name: 'bob', active: true, email: 'bob@example.com' }]);
});
