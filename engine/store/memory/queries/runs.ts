import { CONTROL } from '../../../run/state.ts';
import type { RunRow, SignalRow, StepRow } from '../../../unit/rows.ts';
import type { Claim, Forgotten, NodeOutput, RunFilter, WorkflowRuns } from '../../queries/runs.ts';
import { OPEN_RUN } from '../../schema.ts';
import { stored } from '../json.ts';
import { by, newestPage, oldestFirst } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

/** Whoever claims a run moves its tokens in place: the state is a copy of their own. */
const claimed = (run: RunRow): RunRow => ({ ...run, state: stored(run.state) });

export function claimRuns(tables: Tables, now: number, limit: number, { among, except = [] }: Claim = {}): RunRow[] {
  if (among === undefined) {
    const due = tables.runsDue.upTo(now, limit + except.length);
    return due
      .filter((run) => !except.includes(run.id))
      .slice(0, limit)
      .map(claimed);
  }
  return tables.runs
    .getAll(among)
    .flatMap((run) => (run.dueAt === null || run.dueAt > now || except.includes(run.id) ? [] : { at: run.dueAt, run }))
    .sort(by((entry) => entry.at))
    .slice(0, limit)
    .map((entry) => claimed(entry.run));
}

export function claimRunsFairly(tables: Tables, now: number, limit: number): RunRow[] {
  const waiting = Map.groupBy(tables.runsDue.upTo(now), (run) => run.workflowId);
  const share = Math.ceil(limit / waiting.size);
  const fair = [...waiting.values()].slice(0, limit).flatMap((runs) => runs.slice(0, share));
  return fair
    .slice(0, limit)
    .sort(by((run) => run.dueAt ?? 0))
    .map(claimed);
}

export const claimRunsByIds = (tables: Tables, ids: readonly string[]): RunRow[] => tables.runs.getAll(ids).sort(oldestFirst).map(claimed);

export const runById = (tables: Tables, id: string): RunRow | undefined => tables.runs.get(id);

export function runPage(tables: Tables, filter: RunFilter, before: string | undefined, limit: number): RunRow[] {
  const { workflowId, status, recordId, parent } = filter;
  const rows = recordId === undefined ? tables.runs.all() : [...tables.runsByRecord.of(recordId)];
  return newestPage(
    rows.filter(
      (row) =>
        (workflowId === undefined || row.workflowId === workflowId) &&
        (status === undefined || row.status === status) &&
        (parent === undefined || row.parent?.run === parent),
    ),
    before,
    limit,
  );
}

export const nextDue = (tables: Tables): number | null => tables.runsDue.first();

export function insertRuns(tables: Tables, list: readonly RunRow[]): Set<string> {
  const fresh = list.filter((row) => {
    if (tables.runsByEntry.get(joint(row.workflowId, row.entryKey))) return false;
    tables.runs.insert(row);
    return true;
  });
  return new Set(fresh.map((row) => row.id));
}

export function updateRuns(tables: Tables, list: readonly RunRow[]): void {
  for (const { id, version, status, recordId, dueAt, state, outcome, result, error, updatedAt, endedAt } of list) {
    const row = tables.runs.get(id);
    if (row) tables.runs.change(row, { version, status, recordId, dueAt, state, outcome, result, error, updatedAt, endedAt });
  }
}

export function recentRunCounts(
  tables: Tables,
  pairs: readonly { workflowId: string; recordId: string }[],
  since: number,
): { workflowId: string; recordId: string; count: number }[] {
  return pairs
    .map(({ workflowId, recordId }) => {
      const runs = [...tables.runsByRecord.of(recordId)];
      return { workflowId, recordId, count: runs.filter((run) => run.workflowId === workflowId && run.createdAt > since).length };
    })
    .filter((pair) => pair.count > 0);
}

export function upsertSteps(tables: Tables, list: readonly StepRow[]): void {
  for (const row of list) {
    const there = tables.steps.get(joint(row.runId, row.seq));
    if (!there) tables.steps.insert(row);
    else {
      const { status, port, output, error, endedAt } = row;
      tables.steps.change(there, { status, port, output, error, endedAt, cpuMicros: there.cpuMicros + row.cpuMicros });
    }
  }
}

export const signalsOfRuns = (tables: Tables, runIds: readonly string[]): SignalRow[] =>
  runIds.flatMap((id) => [...tables.signalsByRun.of(id)]).sort(by((row) => row.id));

export function deleteSignals(tables: Tables, ids: readonly number[]): void {
  for (const id of ids) tables.signals.delete(String(id));
}

export function sendSignals(tables: Tables, list: readonly Omit<SignalRow, 'id'>[], now: number): void {
  const cancelled = new Set(list.filter((row) => row.waitId === CONTROL.cancel).map((row) => row.runId));
  for (const { runId, waitId, payload } of list) {
    const run = tables.runs.get(runId);
    if (!run || !isOpen(run)) continue;
    const goesOn = run.status === 'active' || run.status === 'waiting' || cancelled.has(runId);
    tables.runs.change(run, { dueAt: goesOn ? Math.min(run.dueAt ?? now, now) : null });
    tables.signals.insert({ id: tables.nextSignal(), runId, waitId, payload, at: now });
  }
}

const isOpen = (run: RunRow): boolean => OPEN_RUN.includes(run.status);

export function openRunIds(
  tables: Tables,
  pairs: readonly { workflowId: string; recordId: string }[],
): { workflowId: string; recordId: string; id: string }[] {
  return pairs
    .flatMap(({ workflowId, recordId }) =>
      [...tables.runsByRecord.of(recordId)]
        .filter((run) => run.workflowId === workflowId && isOpen(run))
        .map((run) => ({ workflowId, recordId, id: run.id })),
    )
    .sort(oldestFirst);
}

export const enteredKeys = (
  tables: Tables,
  pairs: readonly { workflowId: string; entryKey: string }[],
): { workflowId: string; entryKey: string }[] =>
  pairs
    .filter(({ workflowId, entryKey }) => tables.runsByEntry.get(joint(workflowId, entryKey)) !== undefined)
    .map(({ workflowId, entryKey }) => ({ workflowId, entryKey }));

export function newestRunAt(tables: Tables, workflowId: string): number | null {
  const runs = [...tables.runsByWorkflow.of(workflowId)];
  return runs.length === 0 ? null : Math.max(...runs.map((run) => run.createdAt));
}

export const runsOfWorkflow = (
  tables: Tables,
  { workflowId, version, statuses }: WorkflowRuns,
  after: string | null,
  limit: number,
): RunRow[] =>
  [...tables.runsByWorkflow.of(workflowId)]
    .filter(
      (run) => statuses.includes(run.status) && (version === undefined || run.version === version) && (after === null || run.id > after),
    )
    .sort(oldestFirst)
    .slice(0, limit)
    .map(claimed);

export function deleteEndedRuns(tables: Tables, { workflowId, before, stepsBelow }: Forgotten, limit: number): number {
  const gone = [...tables.runsByWorkflow.of(workflowId)]
    .filter((run) => run.endedAt !== null && run.endedAt < before)
    .sort(oldestFirst)
    .slice(0, limit);
  for (const run of gone) {
    const steps = stepsBelow === undefined || run.id < stepsBelow ? stepsOfRun(tables, run.id) : [];
    for (const step of steps) tables.steps.delete(joint(step.runId, step.seq));
    for (const effect of [...tables.effectsByRun.of(run.id)]) tables.effects.delete(effect.id);
    tables.runs.delete(run.id);
  }
  return gone.length;
}

export const runIdsBetween = (tables: Tables, from: string | null, to: string, limit: number): string[] =>
  tables.runs
    .all()
    .filter((run) => (from === null || run.id >= from) && run.id < to)
    .sort(oldestFirst)
    .slice(0, limit)
    .map((run) => run.id);

export const outputsOfNodes = (tables: Tables, runIds: readonly string[], nodes: readonly string[]): NodeOutput[] =>
  [...runIds].sort().flatMap((runId) => {
    const run = runById(tables, runId);
    if (!run) return [];
    const { workflowId, eventId } = run;
    return stepsOfRun(tables, runId)
      .filter(({ node }) => nodes.includes(node))
      .map(({ node, output }) => ({ runId, workflowId, eventId, node, output }));
  });

export const stepsOfRun = (tables: Tables, runId: string): StepRow[] => [...tables.stepsByRun.of(runId)].sort(by((row) => row.seq));

export function failedRunIds(tables: Tables, filter: { workflowId?: string; node?: string; code?: string }, limit: number): string[] {
  const { workflowId, node, code } = filter;
  return tables.runs
    .all()
    .filter(
      (run) =>
        run.status === 'failed' &&
        (workflowId === undefined || run.workflowId === workflowId) &&
        (node === undefined || run.error?.node === node) &&
        (code === undefined || run.error?.code === code),
    )
    .sort(oldestFirst)
    .slice(0, limit)
    .map((run) => run.id);
}
