import type { EffectQueue } from '../outbox/queue.ts';
import type { CommitAlong, StoreTx } from '../store/port.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import { nothing, together } from '../store/together.ts';
import { nameKeyChanges } from './name-keys.ts';
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
 * Writes everything that the workspace holds with one statement a table, all sent together. Throws BatchConflict, or what the database says.
 * @param commitAlong for whoever does nothing more in the transaction: with it, it may be over when this ends
 * @returns the ids of the new runs that were written; re-entry rules may leave some out
 */
export async function commit(
  tx: StoreTx,
  workspace: Workspace,
  queue: EffectQueue,
  commitAlong?: CommitAlong,
): Promise<ReadonlySet<string>> {
  const [started] = await together([
    writeRuns(tx, workspace, queue),
    writeRecords(tx, workspace),
    workspace.changes.length > 0 ? tx.insertChanges(workspace.changes) : nothing,
    workspace.newEvents.length > 0 ? tx.insertEvents(workspace.newEvents) : nothing,
    workspace.steps.length > 0 ? tx.upsertSteps(workspace.steps) : nothing,
    workspace.takenSignals.length > 0 ? tx.deleteSignals(workspace.takenSignals) : nothing,
    writeWaits(tx, workspace),
    writeMarks(tx, workspace),
    writeTimers(tx, workspace),
    writePointers(tx, workspace),
    hintAtRuns(tx, workspace),
    commitAlong && dependsOnNoAnswer(workspace) ? commitAlong() : nothing,
  ]);
  await writeMerges(tx, workspace);
  return started;
}

/** Neither whether it is to be committed, nor another statement. */
function dependsOnNoAnswer(workspace: Workspace): boolean {
  const { effects, withdrawnEffects, signals, waits, merges, undoneMerges } = workspace;
  return (
    [effects, withdrawnEffects, signals, merges, undoneMerges].every((list) => list.length === 0) &&
    waits.size === 0 &&
    workspace.writesWhatItHasLocked()
  );
}

/** When the runs' own rows and waits are written: also those of this transaction go on with the other record, but for those that it has begun. */
async function writeMerges(tx: StoreTx, { merges, undoneMerges, newRuns, surroundings }: Workspace): Promise<void> {
  const except = newRuns.map((run) => run.id);
  for (const merge of merges) {
    const runs = await tx.moveRuns({ from: merge.loser, to: merge.winner, except });
    await tx.insertMerge({ ...merge, runs });
  }
  for (const { id, winner, loser, runs } of undoneMerges) {
    if (runs.length > 0) await tx.moveRuns({ from: winner, to: loser, among: runs });
    await tx.markMergeUndone(id, surroundings.now);
  }
}

async function writeRecords(tx: StoreTx, workspace: Workspace): Promise<void> {
  const { inserted, updated } = workspace.dirtyRecords();
  const { added, removed } = nameKeyChanges([...inserted.map((row) => ({ row })), ...updated], workspace.surroundings.entities);
  const [, written] = await together([
    inserted.length > 0 ? tx.insertRecords(inserted) : nothing,
    updated.length > 0 ? tx.updateRecords(updated) : nothing,
    removed.length > 0 ? tx.deleteRecordKeys(removed) : nothing,
    added.length > 0 ? tx.insertRecordKeys(added) : nothing,
  ]);
  if (written && written.length !== updated.length) throw new BatchConflict(updated.length - written.length);
}

/** What is told to runs comes after their own rows, which would overwrite the due time that a signal sets. */
async function writeRuns(tx: StoreTx, workspace: Workspace, queue: EffectQueue): Promise<ReadonlySet<string>> {
  const { now } = workspace.surroundings;
  const [started = new Set<string>()] = await together([
    workspace.newRuns.length > 0 ? tx.insertRuns(workspace.newRuns) : nothing,
    workspace.advancedRuns.length > 0 ? tx.updateRuns(workspace.advancedRuns) : nothing,
  ]);
  await sendEffects(tx, workspace, queue);
  await together([
    workspace.withdrawnEffects.length > 0 ? tx.cancelEffects(workspace.withdrawnEffects, now) : nothing,
    workspace.signals.length > 0 ? tx.sendSignals(workspace.signals.map(stamped(workspace)), now) : nothing,
  ]);
  return started;
}

async function writePointers(tx: StoreTx, workspace: Workspace): Promise<void> {
  const pointers = workspace.dirtyPointers();
  if (pointers.length > 0) await tx.updatePointers(pointers);
}

async function hintAtRuns(tx: StoreTx, { newRuns, signals, advancedRuns }: Workspace): Promise<void> {
  if (newRuns.length > 0 || signals.length > 0 || advancedRuns.some((run) => run.status === 'active')) await tx.hint(DUE_CHANNEL);
}

const stamped =
  ({ surroundings }: Workspace) =>
  <T>(signal: T): T & { at: number } => ({ ...signal, at: surroundings.now });

async function writeWaits(tx: StoreTx, { waits }: Workspace): Promise<void> {
  const rows = [...waits.values()].flat();
  if (waits.size > 0) await tx.deleteWaits([...waits.keys()]);
  if (rows.length > 0) await tx.insertWaits(rows);
}

async function writeMarks(tx: StoreTx, workspace: Workspace): Promise<void> {
  const { changed, empty } = workspace.dirtyMarks();
  await together([changed.length > 0 ? tx.updateMarks(changed) : nothing, empty.length > 0 ? tx.deleteMarks(empty) : nothing]);
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
  await together([
    set.length > 0 ? tx.upsertTimers(set) : nothing,
    missing.length > 0 ? tx.insertMissingTimers(missing) : nothing,
    cleared.length > 0 ? tx.deleteTimersByKey(cleared.map(({ workflowId, node, key }) => ({ workflowId, node, key }))) : nothing,
  ]);
}

/** Puts effects into the outbox. A step whose effect had been sent by an attempt that failed afterwards gets the old result. */
async function sendEffects(tx: StoreTx, workspace: Workspace, queue: EffectQueue): Promise<void> {
  if (workspace.effects.length === 0) return;
  const { now } = workspace.surroundings;
  const written = await tx.upsertEffects(workspace.effects);
  const pending = written.flatMap(({ id, status, connector, destination }) =>
    status === 'pending' ? [{ effectId: id, connector, destination, delayMs: 0 }] : [],
  );
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
