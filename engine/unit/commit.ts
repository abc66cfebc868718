import { TaktError } from '../errors/index.ts';
import type { EffectQueue } from '../outbox/queue.ts';
import type { StoreTx } from '../store/port.ts';
import type { RunRow } from './rows.ts';
import type { Workspace } from './workspace.ts';

/** The channel on which a commit hints that runs are due. A hint only: workers also look by themselves. */
export const DUE_CHANNEL = 'takt_due';

/** Runs that other workflows may start of one workflow on one record within an hour. */
const MAX_CAUSED_PER_HOUR = 60;
const HOUR = 3_600_000;

/** Somebody outside this transaction wrote a row that it had read; the whole batch is to be done again. */
export class BatchConflict extends Error {
  constructor(rows: number) {
    super(`${rows} records were changed meanwhile.`);
    this.name = 'BatchConflict';
  }
}

/**
 * Writes everything that the workspace holds with one statement a table, one after the other: the driver sends them no other
 * way, and a statement that is under way when another fails could end up outside of the transaction. Throws BatchConflict, or what the
 * database says.
 * @returns the ids of the new runs that were written; re-entry rules may leave some out
 */
export async function commit(tx: StoreTx, workspace: Workspace, queue: EffectQueue): Promise<ReadonlySet<string>> {
  const { inserted, updated } = workspace.dirtyRecords();
  const pointers = workspace.dirtyPointers();
  if (inserted.length > 0) await tx.insertRecords(inserted);
  if (updated.length > 0) expectAll((await tx.updateRecords(updated)).length, updated.length);
  if (workspace.changes.length > 0) await tx.insertChanges(workspace.changes);
  if (workspace.newEvents.length > 0) await tx.insertEvents(workspace.newEvents);
  const started = await startRuns(tx, workspace);
  if (workspace.advancedRuns.length > 0) await tx.updateRuns(workspace.advancedRuns);
  if (workspace.steps.length > 0) await tx.upsertSteps(workspace.steps);
  // After the runs' own rows: theirs would overwrite the due time that a signal sets.
  await sendEffects(tx, workspace, queue);
  if (workspace.endedEarly.length > 0) await tx.cancelEffects(workspace.endedEarly, workspace.surroundings.now);
  if (workspace.takenSignals.length > 0) await tx.deleteSignals(workspace.takenSignals);
  if (pointers.length > 0) await tx.updatePointers(pointers);
  if (workspace.newRuns.length > 0 || workspace.advancedRuns.some((run) => run.status === 'active')) {
    await tx.hint(DUE_CHANNEL);
  }
  return started;
}

function expectAll(written: number, expected: number): void {
  if (written !== expected) throw new BatchConflict(expected - written);
}

async function startRuns(tx: StoreTx, workspace: Workspace): Promise<Set<string>> {
  if (workspace.newRuns.length === 0) return new Set();
  return tx.insertRuns(await guarded(tx, workspace.newRuns, workspace.surroundings.now));
}

/** Marks runs as refused that workflows have started too often. What people and the outside start is not counted. */
async function guarded(tx: StoreTx, list: readonly RunRow[], now: number): Promise<RunRow[]> {
  const key = (run: { workflowId: string; recordId: string | null }): string => `${run.workflowId} ${run.recordId}`;
  const caused = new Set(list.filter((run) => run.chain.length > 0 && run.recordId !== null && run.status === 'active'));
  if (caused.size === 0) return [...list];
  const pairs = [...new Map([...caused].map((run) => [key(run), { workflowId: run.workflowId, recordId: run.recordId ?? '' }])).values()];
  const counts = new Map((await tx.recentRunCounts(pairs, now - HOUR)).map((row) => [key(row), row.count]));
  return list.map((run) => {
    if (!caused.has(run)) return run;
    const count = (counts.get(key(run)) ?? 0) + 1;
    counts.set(key(run), count);
    if (count <= MAX_CAUSED_PER_HOUR) return run;
    const names = run.chain.map((cause) => `${cause.workflow}/${cause.node}`).join(' → ');
    const error = new TaktError('LOOP_RATE', {
      message: `More than ${MAX_CAUSED_PER_HOUR} runs of ${run.workflowId} on this record within an hour; last by ${names}.`,
    });
    return { ...run, status: 'refused', dueAt: null, endedAt: now, error: error.toData() };
  });
}

/** Puts effects into the outbox. A step whose effect had been sent by an attempt that failed afterwards gets the old result. */
async function sendEffects(tx: StoreTx, workspace: Workspace, queue: EffectQueue): Promise<void> {
  if (workspace.effects.length === 0) return;
  const { now } = workspace.surroundings;
  const written = await tx.upsertEffects(workspace.effects);
  const pending = written.filter((effect) => effect.status === 'pending').map((effect) => ({ effectId: effect.id, delayMs: 0 }));
  if (pending.length > 0) await queue.enqueue(tx, pending);
  const sent = written.filter((effect) => effect.status === 'sent');
  const signals = sent.map(({ runId, waitId, result }) => ({
    runId,
    waitId,
    payload: { ok: true as const, result: result ?? {} },
    at: now,
  }));
  if (signals.length > 0) await tx.sendSignals(signals, now);
}
