import { asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { type Executor, jsonRows } from '../database.ts';
import { timers } from '../schema.ts';

export type TimerRow = typeof timers.$inferSelect;

/** Due timers under their locks; what another worker holds is passed over. */
export function claimTimers(tx: Executor, now: number, limit: number): Promise<TimerRow[]> {
  return tx.select().from(timers).where(lte(timers.dueAt, now)).orderBy(asc(timers.dueAt)).limit(limit).for('update', { skipLocked: true });
}

export async function nextTimerDue(tx: Executor): Promise<number | null> {
  const [row] = await tx.select({ dueAt: timers.dueAt }).from(timers).orderBy(asc(timers.dueAt)).limit(1);
  return row?.dueAt ?? null;
}

export async function insertTimers(tx: Executor, list: readonly TimerRow[]): Promise<void> {
  await tx.insert(timers).values([...list]);
}

export async function deleteTimers(tx: Executor, workflowId: string): Promise<void> {
  await tx.delete(timers).where(eq(timers.workflowId, workflowId));
}

export async function deleteTimersById(tx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.delete(timers).where(inArray(timers.id, [...ids]));
}

/** Gives timers their next due time. One that is not in the list keeps the old one: the caller holds its lock. */
export async function moveTimers(tx: Executor, list: readonly { id: string; dueAt: number }[]): Promise<void> {
  if (list.length === 0) return;
  const input = list.map(({ id, dueAt }) => ({ id, due_at: new Date(dueAt).toISOString() }));
  await tx.execute(
    sql`update timers t set due_at = i.due_at from json_to_recordset(${jsonRows(input)}) as i(id uuid, due_at timestamptz) where t.id = i.id`,
  );
}
