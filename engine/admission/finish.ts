/** The end of every transaction that changes something: what its events start and wake, then the commit. */
import type { EffectQueue } from '../outbox/queue.ts';
import type { CommitAlong, StoreTx } from '../store/port.ts';
import { commit } from '../unit/commit.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import type { Request } from '../unit/request.ts';
import type { Rearm, Start } from '../unit/surroundings.ts';
import type { Workspace } from '../unit/workspace.ts';
import { dispatch, hear } from './dispatch.ts';
import { countFamilies } from './family.ts';
import { admit, entryMark } from './gates.ts';
import { asksSegments, updateSegments } from './segments.ts';
import { setTimers } from './timers.ts';

/**
 * Throws what the commit throws, and a defect of an admission: then nothing of the transaction stays.
 * @param commitAlong see `commit`
 * @returns the ids of the new runs that were written; re-entry "once" may leave some out
 */
export async function finish(
  tx: StoreTx,
  workspace: Workspace,
  queue: EffectQueue,
  commitAlong?: CommitAlong,
): Promise<ReadonlySet<string>> {
  const all = (tasks: readonly Generator<Request, void, void>[]) => carryOut(tx, workspace, tasks);
  // Segments write events, and those may enter others' segments only by way of runs: one round is enough.
  await all(workspace.heard.filter(asksSegments).map((event) => updateSegments(workspace, event)));
  await all([rearm(workspace, workspace.rearmed)]);
  const starts: Start[] = [];
  // A run that fails at the door is told of, which may start others; the length of their chain is bounded.
  while (workspace.starts.length > 0) {
    const round = workspace.starts.splice(0);
    starts.push(...round);
    await all(round.map((start) => admit(workspace, start)));
  }
  const last = workspace.rearmed.filter((one) => !starts.some((start) => start.plan.workflowId === one.workflowId && isLater(start, one)));
  await all([rearm(workspace, last)]);
  await setTimers(tx, workspace, workspace.watched);
  await all([countFamilies(workspace)]);
  const request = hear(workspace.heard);
  if (request) await all([ask(request)]);
  await all([dispatch(workspace)]);
  return commit(tx, workspace, queue, commitAlong);
}

function* ask(request: Request): Generator<Request, void, void> {
  yield request;
}

/** What of this a task fails by is a defect, not a matter of the data: it must not be passed over. */
async function carryOut(tx: StoreTx, workspace: Workspace, tasks: readonly Generator<Request, void, void>[]): Promise<void> {
  if (tasks.length === 0) return;
  for (const outcome of await drive(tasks, workspace, (requests) => load(tx, workspace, requests))) if (!outcome.ok) throw outcome.error;
}

const isLater = (start: Start, { recordId, heard }: Rearm): boolean => start.event.recordId === recordId && start.heard > heard;

/** Re-entry "while": a condition that has stopped holding lets the record in again. */
function* rearm(workspace: Workspace, list: readonly Rearm[]): Generator<Request, void, void> {
  const keys = list.map(({ workflowId, recordId }) => entryMark(workflowId, recordId));
  if (keys.length === 0) return;
  yield { kind: 'marks', keys };
  for (const key of keys) workspace.setMark(key, null, null);
}
