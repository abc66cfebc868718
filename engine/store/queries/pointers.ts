import { type Executor, jsonRows } from '../database.ts';
import { asc, sql } from '../drizzle.ts';
import { arrayOf, oneOf } from '../rowset.ts';
import { pointers } from '../schema.ts';

/** Positions under their row locks, made where they are missing. Sorted keys, so that two transactions cannot deadlock here. */
export async function lockPointers(tx: Executor, keys: readonly string[]): Promise<{ key: string; value: number }[]> {
  await tx.execute(
    sql`insert into pointers (key, value) select key, 0 from unnest(${arrayOf('text', keys)}) as t(key) on conflict do nothing`,
  );
  return tx.select().from(pointers).where(oneOf(pointers.key, keys)).orderBy(asc(pointers.key)).for('update');
}

export async function updatePointers(tx: Executor, list: readonly { key: string; value: number }[]): Promise<void> {
  await tx.execute(
    sql`update pointers p set value = t.value from json_to_recordset(${jsonRows(list)}) as t(key text, value bigint) where p.key = t.key`,
  );
}
