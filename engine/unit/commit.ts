import type { EffectQueue } from '../outbox/queue.ts';
import type { StoreTx } from '../store/port.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import type { KeyedTimer } from './surroundings.ts';
import type { Workspace } from './workspace.ts';

/** The channel on which a commit hints that runs are due. A hint only: workers also look by themselves. */
export const DUE_CHANNEL = 'takt_due';

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
  const started = workspace.newRuns.length > 0 ? await tx.insertRuns(workspace.newRuns) : new Set<string>();
  if (workspace.advancedRuns.length > 0) await tx.updateRuns(workspace.advancedRuns);
  if (workspace.steps.length > 0) await tx.upsertSteps(workspace.steps);
  // After the runs' own rows: theirs would overwrite the due time that a signal sets.
  await sendEffects(tx, workspace, queue);
  if (workspace.withdrawnEffects.length > 0) await tx.cancelEffects(workspace.withdrawnEffects, workspace.surroundings.now);
  if (workspace.takenSignals.length > 0) await tx.deleteSignals(workspace.takenSignals);
  await writeWaits(tx, workspace);
  if (workspace.signals.length > 0) await tx.sendSignals(workspace.signals.map(stamped(workspace)), workspace.surroundings.now);
  await writeMarks(tx, workspace);
  await writeTimers(tx, workspace);
  if (pointers.length > 0) await tx.updatePointers(pointers);
  if (workspace.newRuns.length > 0 || workspace.signals.length > 0 || workspace.advancedRuns.some((run) => run.status === 'active')) {
    await tx.hint(DUE_CHANNEL);
  }
  return started;
}

const stamped =
  ({ surroundings }: Workspace) =>
  <T>(signal: T): T & { at: number } => ({ ...signal, at: surroundings.now });

async function writeWaits(tx: StoreTx, { waits }: Workspace): Promise<void> {
  if (waits.size === 0) return;
  await tx.deleteWaits([...waits.keys()]);
  const rows = [...waits.values()].flat();
  if (rows.length > 0) await tx.insertWaits(rows);
}

async function writeMarks(tx: StoreTx, workspace: Workspace): Promise<void> {
  const { changed, empty } = workspace.dirtyMarks();
  if (changed.length > 0) await tx.updateMarks(changed);
  if (empty.length > 0) await tx.deleteMarks(empty);
}

async function writeTimers(tx: StoreTx, { timers, surroundings }: Workspace): Promise<void> {
  const rows = (list: readonly KeyedTimer[]): TimerRow[] =>
    list.flatMap(({ kind, workflowId, node, key, dueAt, recordId = null, data = {} }) =>
      dueAt === null ? [] : [{ id: surroundings.newId(), kind, workflowId, node, key, recordId, dueAt, data }],
    );
  const all = [...timers.values()];
  const set = rows(all.filter((timer) => !timer.onlyIfMissing));
  const missing = rows(all.filter((timer) => timer.onlyIfMissing));
  const cleared = all.filter((timer) => timer.dueAt === null);
  if (set.length > 0) await tx.upsertTimers(set);
  if (missing.length > 0) await tx.insertMissingTimers(missing);
  if (cleared.length > 0) await tx.deleteTimersByKey(cleared.map(({ workflowId, node, key }) => ({ workflowId, node, key })));
}

function expectAll(written: number, expected: number): void {
  if (written !== expected) throw new BatchConflict(expected - written);
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
