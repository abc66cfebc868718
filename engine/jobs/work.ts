/** Carries jobs out, a piece at a time. */
import { asTaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { isContended, transact } from '../runtime/transact.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import { isSessionEnded, isUnavailable } from '../store/trouble.ts';
import { backfill } from './backfill.ts';
import { bulkStart } from './bulk-start.ts';
import type { JobKind } from './job.ts';
import { move } from './move.ts';
import { nameKeys } from './name-keys.ts';
import { segmentFill } from './segment-fill.ts';
import { trainModel } from './train.ts';
import { watchModel } from './watch.ts';

const KINDS: ReadonlyMap<string, JobKind> = new Map(
  [backfill, bulkStart, segmentFill, move, nameKeys, trainModel, watchModel].map((kind) => [kind.kind, kind]),
);

/**
 * One piece of the first job that nobody else is at. A job whose piece throws has failed, with what was done before kept. One that others
 * kept from being written is not: it is thrown, and the piece can be done later. Nor is one whose session the server has ended: a second try
 * shows whether the piece takes too long, or the process had stood still.
 * @returns whether there was one
 */
export async function workJob(ports: Ports, again = false): Promise<boolean> {
  if (!(await ports.database.store.jobsRunning())) return false;
  let claimed: JobRow | undefined;
  try {
    return await transact(ports.database, async (tx) => {
      claimed = await tx.claimJob(null);
      const kind = claimed && KINDS.get(claimed.kind);
      if (!claimed || !kind) return false;
      const { cursor, done, failed, made } = await kind.piece(tx, ports, claimed);
      await tx.updateJob({
        ...claimed,
        cursor,
        done: claimed.done + done,
        failed: claimed.failed + failed,
        made: claimed.made + made,
        status: cursor === null ? 'done' : 'running',
        updatedAt: ports.clock.now(),
      });
      return true;
    });
  } catch (error) {
    if (!claimed || isUnavailable(error) || isContended(error)) throw error;
    if (isSessionEnded(error) && !again) return workJob(ports, true);
    await fail(ports, claimed.id, error);
    return true;
  }
}

async function fail(ports: Ports, id: string, cause: unknown): Promise<void> {
  ports.logger.error({ job: id, err: cause }, 'A job has failed.');
  await transact(ports.database, async (tx) => {
    const job = await tx.jobById(id, true);
    if (job?.status !== 'running') return;
    await KINDS.get(job.kind)?.drop?.(tx, job);
    await tx.updateJob({ ...job, status: 'failed', error: asTaktError(cause).toData(), updatedAt: ports.clock.now() });
  });
}
