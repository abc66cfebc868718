import type { Json } from '../../../schemas/json.ts';
import { type Executor, rows } from '../database.ts';
import { asc, sql } from '../drizzle.ts';
import { arrayOf, oneOf, rowset, statement } from '../rowset.ts';
import { marks } from '../schema.ts';

/**
 * Marks under their row locks, made as null where they are missing. Sorted keys, so that two transactions cannot deadlock here.
 * One that is there, and is deleted by whoever holds its lock while this one waits for it, is not among the rows then: it is made again.
 */
export async function lockMarks(tx: Executor, keys: readonly string[]): Promise<{ key: string; value: Json }[]> {
  const locked: { key: string; value: Json }[] = [];
  for (let missing = [...new Set(keys)]; missing.length > 0; missing = missing.filter((key) => locked.every((mark) => mark.key !== key))) {
    await tx.execute(
      sql`insert into marks (key, value) select key, 'null' from unnest(${arrayOf('text', missing)}) as t(key) on conflict do nothing`,
    );
    locked.push(
      ...(await tx
        .select({ key: marks.key, value: marks.value })
        .from(marks)
        .where(oneOf(marks.key, missing))
        .orderBy(asc(marks.key))
        .for('update')),
    );
  }
  return locked;
}

export interface MarkChange {
  key: string;
  value: Json;
  expiresAt: number | null;
}

const markRows = rowset<MarkChange>({
  key: ['text', (row) => row.key],
  value: ['jsonb', (row) => row.value],
  expires_at: ['timestamptz', (row) => row.expiresAt],
});

const change = statement(
  markRows,
  sql`update marks m set value = t.value, expires_at = t.expires_at from ${markRows.rows} where m.key = t.key`,
);

/** Writes the values of locked marks. */
export async function updateMarks(tx: Executor, list: readonly MarkChange[]): Promise<void> {
  await change(tx, list);
}

export async function deleteMarks(tx: Executor, keys: readonly string[]): Promise<void> {
  await tx.delete(marks).where(oneOf(marks.key, keys));
}

/** Values without a lock, for those who only look; null for keys that are not there. */
export async function readMarks(tx: Executor, keys: readonly string[]): Promise<{ key: string; value: Json }[]> {
  return tx.select({ key: marks.key, value: marks.value }).from(marks).where(oneOf(marks.key, keys));
}

/** Forgets what has expired, at most so many. Gives how many. */
export async function deleteExpiredMarks(tx: Executor, now: number, limit: number): Promise<number> {
  const gone = await rows<{ key: string }>(
    tx,
    sql`delete from marks where key in (
          select key from marks where expires_at is not null and expires_at < ${new Date(now).toISOString()}::timestamptz order by expires_at limit ${limit} for update skip locked)
        returning key`,
  );
  return gone.length;
}

export interface ArmCount {
  arm: string;
  count: number;
  successes: number;
  firstAt: number;
}

/**
 * How often each arm of a split was taken, and how often it ended in a success, by the marks below a prefix.
 * @param takenUntil milliseconds since the epoch; arms that were taken later do not count
 */
export function armCounts(tx: Executor, prefix: string, takenUntil: number): Promise<ArmCount[]> {
  return rows(
    tx,
    sql`select value ->> 'arm' as arm, count(*)::int as count, count(value ->> 'success_at')::int as successes,
          min((value ->> 'at')::bigint)::float8 as "firstAt"
        from marks where key >= ${prefix} and key < ${`${prefix}\u{10ffff}`} and value ? 'arm'
          and (value ->> 'at')::bigint <= ${takenUntil} group by 1 order by 1`,
  );
}

/** Keys below a prefix, in order, after one of them. */
export async function markKeys(tx: Executor, prefix: string, after: string | undefined, limit: number): Promise<string[]> {
  const found = await rows<{ key: string }>(
    tx,
    sql`select key from marks where key >= ${prefix} and key < ${`${prefix}\u{10ffff}`} and key > ${after ?? ''} and value <> 'null'::jsonb order by key limit ${limit}`,
  );
  return found.map((row) => row.key);
}
