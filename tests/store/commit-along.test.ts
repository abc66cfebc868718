/** A commit that is sent behind the statements of its transaction, before their answers are there. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nothing, together } from '../../engine/store/together.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { event, id, record, run } from './rows.ts';

let fresh: FreshDatabase;
beforeEach(async () => {
  fresh = await freshSqlDatabase('postgres');
});
afterEach(() => fresh.drop());

it('comes behind all of them, also behind those that drizzle sends a little later', async () => {
  const { db } = fresh;
  await db.store.insertRuns([run(1)]);
  // Refused because of the number; in a transaction of its own, behind the commit, it would keep nothing back.
  const refused = db.transaction((tx, commitAlong) =>
    together([tx.deleteSignals([Number.NaN]), tx.updateRuns([run(1, { status: 'done', dueAt: null })]), commitAlong?.() ?? nothing]),
  );
  await expect(refused).rejects.toMatchObject({ cause: { code: '22P02' } });
  expect(await db.store.runById(id(1))).toEqual(run(1));
});

it('is the only one', async () => {
  const { db } = fresh;
  await db.transaction((tx, commitAlong) => together([tx.insertRuns([run(1)]), commitAlong?.() ?? nothing, commitAlong?.() ?? nothing]));
  expect(await db.store.runById(id(1))).toEqual(run(1));
});

it('writes nothing where one of them is refused, and tells why', async () => {
  const { db } = fresh;
  await db.store.insertRecords([record(1, { key: 'taken' })]);
  const refused = db.transaction((tx, commitAlong) =>
    together([
      tx.insertEvents([event(1)]),
      tx.insertRecords([record(2, { key: 'taken' })]),
      tx.insertRuns([run(1)]),
      commitAlong?.() ?? nothing,
    ]),
  );
  await expect(refused).rejects.toMatchObject({ cause: { code: '23505' } });
  expect(await db.store.eventsByIds([id(1)])).toEqual([]);
  expect(await db.store.runById(id(1))).toBeUndefined();
  // The connection is as good as before.
  await db.transaction((tx) => tx.insertRuns([run(1)]));
  expect(await db.store.runById(id(1))).toEqual(run(1));
});

it('is told from one that the server made a roll-back, where nobody has heeded the failure', async () => {
  const { db } = fresh;
  await db.store.insertRecords([record(1, { key: 'taken' })]);
  const swallowed = db.transaction(async (tx) => {
    await tx.insertRuns([run(1)]);
    await tx.insertRecords([record(2, { key: 'taken' })]).catch(() => undefined);
  });
  await expect(swallowed).rejects.toThrow('rolled the transaction back');
  expect(await db.store.runById(id(1))).toBeUndefined();
});
