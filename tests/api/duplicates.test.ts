import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { type Bench, listOf, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const LEADS = '/api/v1/records/lead';

async function lead(body: JsonObject): Promise<string> {
  const created = await bench.call('POST', LEADS, { body });
  expect(created.status).toBe(201);
  return String(created.body.id);
}

test('duplicates are found with reasons, merged into the older one, and that is taken back', async () => {
  const first = await lead({ name: 'Иван Петров', phones: ['+7 916 123-45-67'] });
  const second = await lead({ name: 'Ivan Petrov', phones: ['8 916 123 45 67'], city: 'Омск' });
  const found = await bench.call('GET', `${LEADS}/${first}/duplicates?lang=ru`);
  expect(listOf(found.body.items)).toMatchObject([
    { record: { id: second }, sure: true, score: 1, reasons: [{ code: 'phone', why: 'Тот же телефон +79161234567.' }, { code: 'name' }] },
  ]);
  const merged = await bench.call('POST', `${LEADS}/${second}/merge`, { body: { with: first } });
  expect([merged.status, merged.body]).toMatchObject([
    200,
    { winner: first, loser: second, author: { kind: 'key' }, undone_at: null, fields: { city: [null, 'Омск'] }, links: [], runs: [] },
  ]);
  expect((await bench.call('GET', `${LEADS}/${second}`)).body).toMatchObject({ deleted: true, merged_into: first });
  expect(listOf((await bench.call('GET', `${LEADS}/${first}/merges`)).body.items)).toMatchObject([{ id: merged.body.id }]);
  const undo = `/api/v1/merges/${String(merged.body.id)}/undo`;
  expect((await bench.call('POST', undo)).body).toMatchObject({ winner: first, loser: second, restored: ['city'], left: [], links: 0 });
  expect((await bench.call('POST', undo)).body).toMatchObject({ status: 409, code: 'MERGE_UNDONE' });
  expect((await bench.call('GET', `${LEADS}/${second}`)).body).toMatchObject({ deleted: false });
});

test('the record at the address stays where that is wanted', async () => {
  const [first, second] = [await lead({ name: 'A' }), await lead({ name: 'B' })];
  const { body } = await bench.call('POST', `${LEADS}/${second}/merge`, { body: { with: first, keep: 'this' } });
  expect(body).toMatchObject({ winner: second, loser: first });
});

test('what cannot be is refused', async () => {
  const one = await lead({ name: 'A' });
  const absent = '01900000-0000-7000-8000-000000000000';
  const merge = async (body: JsonObject) => (await bench.call('POST', `${LEADS}/${one}/merge`, { body })).body.code;
  expect(await merge({ with: one })).toBe('MERGE_INVALID');
  expect(await merge({ with: absent })).toBe('RECORD_NOT_FOUND');
  expect((await bench.call('POST', `/api/v1/merges/${absent}/undo`)).body.code).toBe('MERGE_NOT_FOUND');
  expect((await bench.call('GET', `${LEADS}/${one}/duplicates?among=deal`)).body.code).toBe('DUPLICATES_UNDEFINED');
  const reader = await bench.keyWith('records:read');
  expect((await bench.call('POST', `${LEADS}/${one}/merge`, { body: { with: absent }, key: reader })).status).toBe(403);
  expect((await bench.call('POST', `/api/v1/merges/${absent}/undo`, { key: reader })).status).toBe(403);
});
