/** Forgets what a workflow's setting `retention` says need not be kept, and what has expired. Looked at once a day. */
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';

const PIECE = 1_000;

/** @returns how many runs were deleted */
export async function housekeep(ports: Ports): Promise<number> {
  const now = ports.clock.now();
  const { published } = await ports.catalog.current(ports.database.store);
  while ((await transact(ports.database, (tx) => tx.deleteExpiredMarks(now, PIECE))) === PIECE);
  let deleted = 0;
  for (const { workflowId, settings } of published.values()) {
    const { retentionMs } = settings;
    if (retentionMs === undefined) continue;
    for (let piece = PIECE; piece === PIECE; deleted += piece) {
      piece = await transact(ports.database, (tx) => tx.deleteEndedRuns(workflowId, now - retentionMs, PIECE));
    }
  }
  return deleted;
}
