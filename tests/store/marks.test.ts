import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { untilSomebodyWaits } from '../support/locks.ts';

let fresh: FreshDatabase<SqlDatabase>;
beforeAll(async () => {
  fresh = await freshSqlDatabase('postgres');
});
afterAll(() => fresh.drop());

it('a mark that is deleted while another transaction waits for its lock is there for that one, and empty', async () => {
  const { db } = fresh;
  await db.transaction(async (tx) => {
    await tx.lockMarks(['place']);
    await tx.updateMarks([{ key: 'place', value: 'held', expiresAt: null }]);
  });
  const locked = Promise.withResolvers<void>();
  const leave = db.transaction(async (tx) => {
    await tx.lockMarks(['place']);
    locked.resolve();
    await untilSomebodyWaits(db);
    await tx.deleteMarks(['place']);
  });
  await locked.promise;
  const enter = db.transaction(async (tx) => {
    const marks = await tx.lockMarks(['other', 'place']);
    await tx.updateMarks([{ key: 'place', value: 'mine', expiresAt: null }]);
    return marks;
  });
  await leave;
  const marks = await enter;
  expect(marks).toHaveLength(2);
  expect(marks).toEqual(expect.arrayContaining(['other', 'place'].map((key) => ({ key, value: null }))));
  expect(await db.store.readMarks(['place'])).toEqual([{ key: 'place', value: 'mine' }]);
});
