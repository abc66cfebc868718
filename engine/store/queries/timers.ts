import { type Executor, jsonRows, prepared } from '../database.ts';
import { and, asc, eq, lte, ne, notInArray, or, sql } from '../drizzle.ts';
import { oneOf, rowset, statement } from '../rowset.ts';
import { timers } from '../schema.ts';

export type TimerRow = typeof timers.$inferSelect;

/** Due timers under their locks; what another worker holds is passed over. */
export function claimTimers(tx: Executor, now: number, limit: number): Promise<TimerRow[]> {
  return tx
    .select()
    .from(timers)
    .where(lte(timers.dueAt, now))
    .orderBy(asc(timers.dueAt), asc(timers.id))
    .limit(limit)
    .for('update', { skipLocked: true });
}

const next = prepared((tx) => tx.select({ dueAt: timers.dueAt }).from(timers).orderBy(asc(timers.dueAt)).limit(1).prepare(''));

export async function nextTimerDue(tx: Executor): Promise<number | null> {
  const [row] = await next(tx).execute();
  return row?.dueAt ?? null;
}

const timerRows = rowset<TimerRow>({
  id: ['uuid', (row) => row.id],
  kind: ['text', (row) => row.kind],
  workflow_id: ['text', (row) => row.workflowId],
  node: ['text', (row) => row.node],
  key: ['text', (row) => row.key],
  record_id: ['uuid', (row) => row.recordId],
  due_at: ['timestamptz', (row) => row.dueAt],
  data: ['jsonb', (row) => row.data],
});

const upsertion = statement(
  timerRows,
  sql`insert into timers (${timerRows.names}) select ${timerRows.names} from ${timerRows.rows}
      order by workflow_id, node, key
      on conflict (workflow_id, node, key) do update set due_at = excluded.due_at, data = excluded.data, record_id = excluded.record_id`,
  'upsert_timers',
);

/** Sets timers; one of the same key is moved. */
export async function upsertTimers(tx: Executor, list: readonly TimerRow[]): Promise<void> {
  await upsertion(tx, list);
}

const insertion = statement(
  timerRows,
  sql`insert into timers (${timerRows.names}) select ${timerRows.names} from ${timerRows.rows} on conflict do nothing`,
  'insert_missing_timers',
);

/** Sets timers where there is none of the key yet. */
export async function insertMissingTimers(tx: Executor, list: readonly TimerRow[]): Promise<void> {
  await insertion(tx, list);
}

export async function deleteTimersByKey(tx: Executor, list: readonly { workflowId: string; node: string; key: string }[]): Promise<void> {
  await tx.execute(
    sql`delete from timers d using json_to_recordset(${jsonRows(list)}) as t("workflowId" text, node text, key text)
        where d.workflow_id = t."workflowId" and d.node = t.node and d.key = t.key`,
  );
}

/** All of a workflow or a segment. */
export async function deleteTimers(tx: Executor, workflowId: string): Promise<void> {
  await tx.delete(timers).where(eq(timers.workflowId, workflowId));
}

/** The schedules of a workflow, and the timers about records of nodes that are not kept. */
export async function deleteTimersOfVersion(tx: Executor, workflowId: string, kept: readonly string[]): Promise<void> {
  const gone = or(ne(timers.kind, 'trigger'), notInArray(timers.node, [...kept]));
  await tx.delete(timers).where(and(eq(timers.workflowId, workflowId), gone));
}

export async function deleteTimersById(tx: Executor, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.delete(timers).where(oneOf(timers.id, ids));
}
