import type { Executor } from '../database.ts';
import { and, asc, desc, eq, gt, lt } from '../drizzle.ts';
import { type JobStatus, jobs } from '../schema.ts';

export type JobRow = typeof jobs.$inferSelect;

export async function insertJob(tx: Executor, job: JobRow): Promise<void> {
  await tx.insert(jobs).values(job);
}

/** The first job that runs and that nobody else is at, under its lock, after the job `after`. */
export async function claimJob(tx: Executor, after: string | null): Promise<JobRow | undefined> {
  const [job] = await tx
    .select()
    .from(jobs)
    .where(and(eq(jobs.status, 'running'), after === null ? undefined : gt(jobs.id, after)))
    .orderBy(asc(jobs.id))
    .limit(1)
    .for('update', { skipLocked: true });
  return job;
}

export async function jobById(tx: Executor, id: string, lock = false): Promise<JobRow | undefined> {
  const query = tx.select().from(jobs).where(eq(jobs.id, id));
  const [job] = lock ? await query.for('update') : await query;
  return job;
}

export async function updateJob(tx: Executor, { id, cursor, done, failed, made, total, status, error, updatedAt }: JobRow): Promise<void> {
  await tx.update(jobs).set({ cursor, done, failed, made, total, status, error, updatedAt }).where(eq(jobs.id, id));
}

/** Is there work? Uses `jobs_running`. */
export async function jobsRunning(tx: Executor): Promise<boolean> {
  const [job] = await tx.select({ id: jobs.id }).from(jobs).where(eq(jobs.status, 'running')).limit(1);
  return job !== undefined;
}

/** Newest first, before the job `before`. */
export function jobPage(
  tx: Executor,
  filter: { status?: JobStatus; kind?: string },
  before: string | undefined,
  limit: number,
): Promise<JobRow[]> {
  return tx
    .select()
    .from(jobs)
    .where(
      and(
        filter.status === undefined ? undefined : eq(jobs.status, filter.status),
        filter.kind === undefined ? undefined : eq(jobs.kind, filter.kind),
        before === undefined ? undefined : lt(jobs.id, before),
      ),
    )
    .orderBy(desc(jobs.id))
    .limit(limit);
}
