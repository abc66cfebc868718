import type { Json } from '../../../schemas/json.ts';
import { firstIdAt } from '../../ports/ids.ts';
import { CONTROL } from '../../run/state.ts';
import type { RunRow, SignalRow, StepRow } from '../../unit/rows.ts';
import { type Executor, jsonRows, prepared, rows } from '../database.ts';
import { and, asc, between, desc, eq, gt, gte, inArray, isNotNull, lt, lte, not, type SQL, sql } from '../drizzle.ts';
import { type Columns, listOf, oneOf, oneOfThose, rowset, statement } from '../rowset.ts';
import { type RunStatus, runs, signals, steps } from '../schema.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

export interface Claim {
  /** Only these. */
  among?: readonly string[];
  /** Not these: the transaction has them already. */
  except?: readonly string[];
}

/**
 * Due runs, the longest due first, locked for this transaction. What another worker holds is passed over.
 */
export function claimRuns(tx: Executor, now: number, limit: number, { among, except = [] }: Claim = {}): Promise<RunRow[]> {
  const values = { now: iso(now), limit, except: listOf(runs.id, except) };
  return among === undefined ? dueRuns(tx).execute(values) : dueAmong(tx).execute({ ...values, among: listOf(runs.id, among) });
}

const dueRuns = prepared((tx) => due(tx).prepare(''));
const dueAmong = prepared((tx) => due(tx, oneOfThose(runs.id, 'among')).prepare(''));

const due = (tx: Executor, condition?: SQL) =>
  tx
    .select()
    .from(runs)
    .where(and(isNotNull(runs.dueAt), lte(runs.dueAt, sql.placeholder('now')), condition, not(oneOfThose(runs.id, 'except'))))
    .orderBy(asc(runs.dueAt))
    .limit(sql.placeholder('limit'))
    .for('update', { skipLocked: true });

/**
 * Due runs of all workflows in equal parts, the longest due of each, locked for this transaction: a workflow of which very many are due
 * does not keep the others waiting. Walks `runs_due_workflow` from workflow to workflow; that each is looked up by both of its columns keeps the
 * planner from any other index.
 */
export function claimRunsFairly(tx: Executor, now: number, limit: number): Promise<RunRow[]> {
  const moment = sql`${iso(now)}::timestamptz`;
  const next = (after: SQL): SQL =>
    sql`(select workflow_id, due_at from runs where due_at is not null${after} order by workflow_id, due_at limit 1)`;
  const fair = sql`
    with recursive walked(workflow_id, due_at) as (
      ${next(sql``)} union all
      select found.workflow_id, found.due_at from walked cross join lateral ${next(sql` and workflow_id > walked.workflow_id`)} as found),
    waiting as (select workflow_id from walked where due_at <= ${moment} order by due_at limit ${limit})
    select claimed.id from waiting cross join lateral (
      select id from runs where workflow_id = waiting.workflow_id and due_at <= ${moment} order by due_at
      limit (select ceil(${limit}::numeric / count(*))::int from waiting) for update skip locked) as claimed
    limit ${limit}`;
  return tx.select().from(runs).where(sql`${runs.id} = any(array(${fair}))`).orderBy(asc(runs.dueAt)).for('update', { skipLocked: true });
}

/** Runs by id under their locks, whatever they wait for; ended ones too. Waits where another transaction holds one. */
export function claimRunsByIds(tx: Executor, ids: readonly string[]): Promise<RunRow[]> {
  return tx.select().from(runs).where(oneOf(runs.id, ids)).orderBy(asc(runs.id)).for('update');
}

export async function runById(tx: Executor, id: string): Promise<RunRow | undefined> {
  const [row] = await tx.select().from(runs).where(eq(runs.id, id));
  return row;
}

export interface RunFilter {
  workflowId?: string;
  status?: RunStatus;
  recordId?: string;
  /** Those that this run has called and waits, or waited, for. */
  parent?: string;
}

/** Newest first, before the run `before`. Uses `runs_workflow`, `runs_record`, `runs_parent` or `runs_failed` where the filter allows it. */
export function runPage(tx: Executor, filter: RunFilter, before: string | undefined, limit: number): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(
      and(
        filter.workflowId === undefined ? undefined : eq(runs.workflowId, filter.workflowId),
        filter.status === undefined ? undefined : eq(runs.status, filter.status),
        filter.recordId === undefined ? undefined : eq(runs.recordId, filter.recordId),
        filter.parent === undefined ? undefined : sql`${runs.parent} ->> 'run' = ${filter.parent} and ${runs.parent} is not null`,
        before === undefined ? undefined : lt(runs.id, before),
      ),
    )
    .orderBy(desc(runs.id))
    .limit(limit);
}

const next = prepared((tx) =>
  tx.select({ dueAt: runs.dueAt }).from(runs).where(isNotNull(runs.dueAt)).orderBy(asc(runs.dueAt)).limit(1).prepare(''),
);

/** When the next run is due, or null. */
export async function nextDue(tx: Executor): Promise<number | null> {
  const [row] = await next(tx).execute();
  return row?.dueAt ?? null;
}

/** What changes as a run goes on. */
const movingColumns: Columns<RunRow> = {
  id: ['uuid', (row) => row.id],
  version: ['integer', (row) => row.version],
  status: ['text', (row) => row.status],
  record_id: ['uuid', (row) => row.recordId],
  due_at: ['timestamptz', (row) => row.dueAt],
  state: ['jsonb', (row) => row.state],
  error: ['jsonb', (row) => row.error],
  updated_at: ['timestamptz', (row) => row.updatedAt],
  ended_at: ['timestamptz', (row) => row.endedAt],
};

const newRuns = rowset<RunRow>({
  ...movingColumns,
  workflow_id: ['text', (row) => row.workflowId],
  event_id: ['uuid', (row) => row.eventId],
  entry_key: ['text', (row) => row.entryKey],
  chain: ['jsonb', (row) => row.chain],
  parent: ['jsonb', (row) => row.parent],
  created_at: ['timestamptz', (row) => row.createdAt],
});

const advancedRuns = rowset<RunRow>({
  ...movingColumns,
  outcome: ['text', (row) => row.outcome],
  result: ['jsonb', (row) => row.result],
});

const stepRows = rowset<StepRow>({
  run_id: ['uuid', (row) => row.runId],
  seq: ['integer', (row) => row.seq],
  node: ['text', (row) => row.node],
  type: ['text', (row) => row.type],
  status: ['text', (row) => row.status],
  port: ['text', (row) => row.port],
  attempt: ['smallint', (row) => row.attempt],
  input: ['jsonb', (row) => row.input],
  output: ['jsonb', (row) => row.output],
  error: ['jsonb', (row) => row.error],
  started_at: ['timestamptz', (row) => row.startedAt],
  ended_at: ['timestamptz', (row) => row.endedAt],
  cpu_micros: ['integer', (row) => row.cpuMicros],
});

const insertion = statement<RunRow, { id: string }>(
  newRuns,
  sql`insert into runs (${newRuns.names}) select ${newRuns.names} from ${newRuns.rows}
      on conflict (workflow_id, entry_key) do nothing returning id`,
  'insert_runs',
);

/** Writes new runs; one that re-entry rules out (its entry key is there) is left out. Gives the ids that were written. */
export async function insertRuns(tx: Executor, list: readonly RunRow[]): Promise<Set<string>> {
  const written = await insertion(tx, list);
  return new Set(written.map((row) => row.id));
}

const advance = statement(
  advancedRuns,
  sql`update runs r set version = t.version, status = t.status, record_id = t.record_id, due_at = t.due_at, state = t.state, outcome = t.outcome, result = t.result, error = t.error,
        updated_at = t.updated_at, ended_at = t.ended_at
      from ${advancedRuns.rows} where r.id = t.id`,
);

/** Writes advanced runs; the caller holds their locks. */
export async function updateRuns(tx: Executor, list: readonly RunRow[]): Promise<void> {
  await advance(tx, list);
}

/** How many runs of a workflow on a record have begun since a moment, for the pairs asked; pairs without any are left out. */
export function recentRunCounts(
  tx: Executor,
  pairs: readonly { workflowId: string; recordId: string }[],
  since: number,
): Promise<{ workflowId: string; recordId: string; count: number }[]> {
  return rows(
    tx,
    sql`select t."workflowId", t."recordId"::text, count(*)::int as count
        from json_to_recordset(${jsonRows(pairs)}) as t("workflowId" text, "recordId" uuid)
        join runs r on r.record_id = t."recordId" and r.workflow_id = t."workflowId" and r.created_at > ${iso(since)}
        group by 1, 2`,
  );
}

const upsertion = statement(
  stepRows,
  sql`insert into steps (${stepRows.names}) select ${stepRows.names} from ${stepRows.rows}
      on conflict (run_id, seq) do update set status = excluded.status, port = excluded.port, output = excluded.output, error = excluded.error,
        ended_at = excluded.ended_at, cpu_micros = steps.cpu_micros + excluded.cpu_micros`,
  'upsert_steps',
);

/** Steps by run and number; a waiting one is completed in place and keeps when it began and what went in. */
export async function upsertSteps(tx: Executor, list: readonly StepRow[]): Promise<void> {
  await upsertion(tx, list);
}

/** What the runs have been told, oldest first. */
export function signalsOfRuns(tx: Executor, runIds: readonly string[]): Promise<SignalRow[]> {
  return told(tx).execute({ ids: listOf(signals.runId, runIds) });
}

const told = prepared((tx) => tx.select().from(signals).where(oneOfThose(signals.runId, 'ids')).orderBy(asc(signals.id)).prepare(''));

export async function deleteSignals(tx: Executor, ids: readonly number[]): Promise<void> {
  await tx.delete(signals).where(oneOf(signals.id, ids));
}

/**
 * Tells runs something. One that moves or waits becomes due; a failed or paused one gets it when it goes on, save to be cancelled. A run
 * that has ended is left alone, and so is its signal: it would never be taken.
 */
export async function sendSignals(tx: Executor, list: readonly Omit<SignalRow, 'id'>[], now: number): Promise<void> {
  const input = list.map((row) => ({ run_id: row.runId, wait_id: row.waitId, payload: row.payload }));
  await tx.execute(
    sql`with told as (
          update runs set due_at = case when status in ('active', 'waiting') or cancelled then least(coalesce(due_at, ${iso(now)}::timestamptz), ${iso(now)}::timestamptz) end
          from (select t.run_id, bool_or(t.wait_id = ${CONTROL.cancel}) as cancelled
                from json_to_recordset(${jsonRows(input)}) as t(run_id uuid, wait_id text) group by t.run_id) s
          where id = s.run_id and status in ('active', 'waiting', 'failed', 'paused')
          returning id)
        insert into signals (run_id, wait_id, payload, at)
        select t.run_id, t.wait_id, t.payload, ${iso(now)}::timestamptz
        from json_to_recordset(${jsonRows(input)}) as t(run_id uuid, wait_id text, payload jsonb)
        where t.run_id in (select id from told)`,
  );
}

export interface NodeOutput {
  runId: string;
  workflowId: string;
  /** The event that started the run. */
  eventId: string | null;
  node: string;
  output: Json;
}

/** What nodes of these runs have given, in the order in which they did. Uses `steps_run_id_seq_pk`. */
export function outputsOfNodes(tx: Executor, runIds: readonly string[], nodes: readonly string[]): Promise<NodeOutput[]> {
  return tx
    .select({ runId: steps.runId, workflowId: runs.workflowId, eventId: runs.eventId, node: steps.node, output: steps.output })
    .from(steps)
    .innerJoin(runs, eq(runs.id, steps.runId))
    .where(and(oneOf(steps.runId, runIds), oneOf(steps.node, nodes)))
    .orderBy(asc(steps.runId), asc(steps.seq));
}

export function stepsOfRun(tx: Executor, runId: string): Promise<StepRow[]> {
  return tx.select().from(steps).where(eq(steps.runId, runId)).orderBy(asc(steps.seq));
}

/** Ids of failed runs that fit, oldest first. Uses the index `runs_failed`. */
export async function failedRunIds(
  tx: Executor,
  filter: { workflowId?: string; node?: string; code?: string },
  limit: number,
): Promise<string[]> {
  const conditions = [eq(runs.status, 'failed')];
  if (filter.workflowId !== undefined) conditions.push(eq(runs.workflowId, filter.workflowId));
  if (filter.node !== undefined) conditions.push(sql`${runs.error} ->> 'node' = ${filter.node}`);
  if (filter.code !== undefined) conditions.push(sql`${runs.error} ->> 'code' = ${filter.code}`);
  const found = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(...conditions))
    .orderBy(asc(runs.id))
    .limit(limit);
  return found.map((row) => row.id);
}

/** Runs of a workflow on a record that have not ended, the oldest first, for the pairs asked. Uses `runs_record`. */
export function openRunIds(
  tx: Executor,
  pairs: readonly { workflowId: string; recordId: string }[],
): Promise<{ workflowId: string; recordId: string; id: string }[]> {
  return rows(
    tx,
    sql`select t."workflowId", t."recordId"::text, r.id
        from json_to_recordset(${jsonRows(pairs)}) as t("workflowId" text, "recordId" uuid)
        join runs r on r.record_id = t."recordId" and r.workflow_id = t."workflowId" and r.status in ('active', 'waiting', 'failed', 'paused')
        order by r.id`,
  );
}

/** Which of the entry keys have a run. Uses `runs_entry`. */
export function enteredKeys(
  tx: Executor,
  pairs: readonly { workflowId: string; entryKey: string }[],
): Promise<{ workflowId: string; entryKey: string }[]> {
  return rows(
    tx,
    sql`select r.workflow_id as "workflowId", r.entry_key as "entryKey"
        from json_to_recordset(${jsonRows(pairs)}) as t("workflowId" text, "entryKey" text)
        join runs r on r.workflow_id = t."workflowId" and r.entry_key = t."entryKey"`,
  );
}

/**
 * Runs of a workflow in the order of `runs_workflow`, by which they are then found. Under "=" the order of the ids alone would do, and
 * the planner may walk all runs until it meets enough of this workflow's, of which there may be none for long.
 */
const inWorkflow = (workflowId: string) => between(runs.workflowId, workflowId, workflowId);

/** When the newest run of a workflow began, or null: ids rise with time. */
export async function newestRunAt(tx: Executor, workflowId: string): Promise<number | null> {
  const [row] = await tx
    .select({ at: runs.createdAt })
    .from(runs)
    .where(inWorkflow(workflowId))
    .orderBy(desc(runs.workflowId), desc(runs.id))
    .limit(1);
  return row?.at ?? null;
}

/** Runs of a workflow in one of these states. */
export interface WorkflowRuns {
  workflowId: string;
  /** Only those on this version. */
  version?: number;
  statuses: readonly RunStatus[];
}

/**
 * Runs of a workflow under their locks, after the run `after`, the oldest first. In the order of `runs_workflow`: a piece of many is
 * walked there; where the planner expects few it collects the workflow's runs and sorts them.
 */
export function runsOfWorkflow(
  tx: Executor,
  { workflowId, version, statuses }: WorkflowRuns,
  after: string | null,
  limit: number,
): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(
      and(
        inWorkflow(workflowId),
        version === undefined ? undefined : eq(runs.version, version),
        inArray(runs.status, [...statuses]),
        after === null ? undefined : gt(runs.id, after),
      ),
    )
    .orderBy(asc(runs.workflowId), asc(runs.id))
    .limit(limit)
    .for('update');
}

/** Which runs are to be forgotten, and how. */
export interface Forgotten {
  workflowId: string;
  /** Those that ended before this moment. */
  before: number;
  /** The steps of runs with a lower id go with them; those of the others with their months. Undefined: the steps of all. */
  stepsBelow?: string | undefined;
}

/**
 * Deletes ended runs with their steps and effects; at most so many. Gives how many. What ended before had begun before: of the
 * workflow's runs only those are looked at. Lists stand in arrays, which are looked up by the indexes; as joins they would make the
 * planner read the tables.
 */
export async function deleteEndedRuns(tx: Executor, { workflowId, before, stepsBelow }: Forgotten, limit: number): Promise<number> {
  const ended = tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(inWorkflow(workflowId), lt(runs.id, firstIdAt(before)), lt(runs.endedAt, before)))
    .orderBy(asc(runs.workflowId), asc(runs.id))
    .limit(limit)
    .for('update', { skipLocked: true });
  const below = stepsBelow === undefined ? sql`` : sql` where id < ${stepsBelow}`;
  const gone = await rows<{ id: string }>(
    tx,
    sql`with gone as (delete from runs where id = any(array(${ended})) returning id),
        s as (delete from steps where run_id = any(array(select id from gone${below}))),
        e as (delete from effects where run_id = any(array(select id from gone)))
        select id from gone`,
  );
  return gone.length;
}

/** Ids of the runs from one id (null: from the first) up to another, that left out; the oldest first. */
export async function runIdsBetween(tx: Executor, from: string | null, to: string, limit: number): Promise<string[]> {
  const found = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(from === null ? undefined : gte(runs.id, from), lt(runs.id, to)))
    .orderBy(asc(runs.id))
    .limit(limit);
  return found.map((row) => row.id);
}
