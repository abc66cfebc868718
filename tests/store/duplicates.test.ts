/** Records by keys of their names, on every store alike. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_ALIKE, MOST_OF_KEY } from '../../engine/store/alike.ts';
import type { Database } from '../../engine/store/port.ts';
import { databaseKinds, type FreshDatabase, freshDatabase } from '../support/databases.ts';
import { id } from './rows.ts';

describe.each(databaseKinds)('keys of names on %s', (kind) => {
  let fresh: FreshDatabase;
  let db: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    db = fresh.db;
  });
  afterEach(() => fresh.drop());

  const key = (n: number, name: string, entity = 'lead') => ({ entity, key: name, recordId: id(n) });

  it('find the records of the entity that have one, those with the most in common first, the newest of equal ones', async () => {
    await db.store.insertRecordKeys([key(1, 'a'), key(1, 'b'), key(2, 'a'), key(3, 'b'), key(4, 'c'), key(5, 'a', 'contact')]);
    const asked = [
      { entity: 'lead', keys: ['a', 'b'] },
      { entity: 'contact', keys: ['a', 'b'] },
      { entity: 'lead', keys: ['d'] },
    ];
    expect(await db.store.recordsAlike(asked)).toEqual([[1, 3, 2].map(id), [id(5)], []]);
  });

  it('stand once, and go', async () => {
    await db.store.insertRecordKeys([key(1, 'a'), key(2, 'a')]);
    await db.store.insertRecordKeys([key(1, 'a'), key(3, '"quoted" \\ {a,b}')]);
    await db.store.deleteRecordKeys([key(2, 'a'), key(9, 'a')]);
    expect(await db.store.recordsAlike([{ entity: 'lead', keys: ['a', '"quoted" \\ {a,b}'] }])).toEqual([[id(3), id(1)]]);
  });

  it('that very many have are not looked at beyond a bound', async () => {
    await db.store.insertRecordKeys(Array.from({ length: MOST_OF_KEY + 10 }, (_, n) => key(n, 'a')));
    await db.store.insertRecordKeys([key(1, 'b'), key(MOST_OF_KEY, 'b')]);
    const [found = []] = await db.store.recordsAlike([{ entity: 'lead', keys: ['a', 'b'] }]);
    expect(found.length).toBe(MOST_ALIKE);
    // Both have two keys in common, but of the first one the key that many have was not looked at.
    expect(found[0]).toBe(id(MOST_OF_KEY));
  });
});
