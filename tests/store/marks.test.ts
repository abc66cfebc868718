import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlDatabase } from '../../engine/store/sql-database.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';

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
    await waitsForLock(db);
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

/** Until a session of this database waits for a lock. */
async function waitsForLock(db: SqlDatabase): Promise<void> {
  const question = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  for (;;) {
    const [row] = await db.script(question);
    if (row?.n === 1) return;
  }
}
