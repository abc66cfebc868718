import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { openTestEngine, somebody, type TestEngine } from '../engine/support.ts';
import { databaseKinds } from '../support/databases.ts';

const MOBILE = '8 916 123-45-67';

describe.each(databaseKinds)('the likes of a record on %s', (kind) => {
  let t: TestEngine;
  beforeEach(async () => {
    t = await openTestEngine(kind);
  });
  afterEach(() => t.close());

  const lead = async (data: JsonObject): Promise<string> => (await t.create('lead', data)).id;
  const likes = async (id: string, among?: string): Promise<[string, boolean][]> =>
    (await t.engine.duplicates.of(id, among, 20)).map(({ record, sure }) => [record.id, sure]);

  it('are found by number, address and name, the sure ones first', async () => {
    const [byName, byPhone, byEmail] = [
      await lead({ name: 'Ivan Petrov', city: 'Omsk' }),
      await lead({ name: 'Петров Иван', phones: ['+7 903 111-22-33', MOBILE] }),
      await lead({ first_name: 'Иван', last_name: 'Петорв', emails: 'ivan.p@mail.ru' }),
    ];
    await lead({ name: 'Анна Зуева', phones: '+7 903 999-88-77' });
    const id = await lead({ name: 'Иван Петров', phones: '+79161234567', emails: 'IVAN.P@mail.ru' });
    expect(await likes(id)).toEqual([
      [byPhone, true],
      [byEmail, true],
      [byName, false],
    ]);
  });

  it('of a record without a name are found by its number', async () => {
    const known = await lead({ name: 'Иван Петров', phones: MOBILE, emails: 'ivan.p@mail.ru' });
    const [byPhone, byEmail] = [await lead({ phones: MOBILE }), await lead({ emails: 'ivan.p@mail.ru' })];
    expect(await likes(byPhone)).toEqual([[known, true]]);
    expect(await likes(byEmail)).toEqual([[known, true]]);
  });

  it('follow the name as it changes, and leave out what is deleted', async () => {
    const [one, other] = [await lead({ name: 'Анна Зуева' }), await lead({ name: 'Ivan Petrov' })];
    const id = await lead({ name: 'Иван Петров' });
    expect(await likes(id)).toEqual([[other, false]]);
    await t.update(one, { name: 'Иван Петров' });
    await t.update(other, { name: 'Олег Кузнецов' });
    expect(await likes(id)).toEqual([[one, false]]);
    await t.engine.intake.submitOne({ kind: 'delete', id: one }, somebody);
    expect(await likes(id)).toEqual([]);
    await t.engine.intake.submitOne({ kind: 'restore', id: one }, somebody);
    expect(await likes(id)).toEqual([[one, false]]);
  });

  it('are looked for among records of another entity that are of the same kind', async () => {
    const contact = (await t.create('contact', { name: 'Petrov Ivan', phones: MOBILE })).id;
    const id = await lead({ name: 'Иван Петров', phones: MOBILE });
    expect(await likes(id, 'contact')).toEqual([[contact, true]]);
    await expect(t.engine.duplicates.of(id, 'company', 20)).rejects.toMatchObject({ code: 'DUPLICATES_UNDEFINED' });
    await expect(t.engine.duplicates.of(id, 'deal', 20)).rejects.toMatchObject({ code: 'DUPLICATES_UNDEFINED' });
    await expect(t.engine.duplicates.of('01900000-0000-7000-8000-000000000000', undefined, 20)).rejects.toMatchObject({
      code: 'RECORD_NOT_FOUND',
    });
  });

  it('of a number that several have are not sure', async () => {
    await lead({ name: 'Олег Зуев', phones: MOBILE });
    await lead({ name: 'Анна Ким', phones: MOBILE });
    expect(await likes(await lead({ phones: MOBILE }))).toEqual([]);
  });

  it('are found of an entity that begins to tell duplicates, also those that were there before', async () => {
    const guest = { name: 'guest', title: 'Guest', fields: { called: { type: 'text', title: 'Called' } } };
    await t.engine.entities.define(guest);
    const [one, other] = [(await t.create('guest', { called: 'Ivan Petrov' })).id, (await t.create('guest', { called: 'Иван Петров' })).id];
    await expect(t.engine.duplicates.of(other, undefined, 20)).rejects.toMatchObject({ code: 'DUPLICATES_UNDEFINED' });
    await t.engine.entities.define({ ...guest, duplicates: { of: 'person', name: ['called'] } });
    await t.engine.drain();
    expect(await likes(other)).toEqual([[one, false]]);
  });
});
