/** What the events of a transaction do to the timers of triggers. */
import type { StoreTx } from '../store/port.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import { readsOf } from '../unit/reads.ts';
import type { Watched } from '../unit/surroundings.ts';
import type { Workspace } from '../unit/workspace.ts';

/**
 * Sets and clears timers, in the order given: the last one of a key counts.
 * @returns how many were set
 */
export async function setTimers(tx: StoreTx, workspace: Workspace, watched: readonly Watched[]): Promise<number> {
  if (watched.length === 0) return 0;
  const reads = readsOf(workspace, 'timers');
  const outcomes = await drive(
    watched.map((one) => workspace.surroundings.timersOf(one, reads)),
    workspace,
    (requests) => load(tx, workspace, requests),
  );
  let set = 0;
  for (const outcome of outcomes) {
    // What fails on one record has been told already; this is a defect.
    if (!outcome.ok) throw outcome.error;
    for (const timer of outcome.value) {
      workspace.setTimer(timer);
      if (timer.dueAt !== null) set++;
    }
  }
  return set;
}
