import type { JobRow } from '../../queries/jobs.ts';
import type { JobStatus } from '../../schema.ts';
import { newestPage, oldestFirst } from '../order.ts';
import type { Tables } from '../tables.ts';

export function insertJob(tables: Tables, job: JobRow): void {
  tables.jobs.insert(job);
}

export const claimJob = (tables: Tables, after: string | null): JobRow | undefined =>
  tables.jobs
    .all()
    .filter((job) => job.status === 'running' && (after === null || job.id > after))
    .sort(oldestFirst)[0];

export const jobById = (tables: Tables, id: string, _lock = false): JobRow | undefined => tables.jobs.get(id);

export function updateJob(tables: Tables, { id, cursor, done, failed, made, total, status, error, updatedAt }: JobRow): void {
  const job = tables.jobs.get(id);
  if (job) tables.jobs.change(job, { cursor, done, failed, made, total, status, error, updatedAt });
}

export const jobsRunning = (tables: Tables): boolean => claimJob(tables, null) !== undefined;

export const jobPage = (
  tables: Tables,
  filter: { status?: JobStatus; kind?: string },
  before: string | undefined,
  limit: number,
): JobRow[] =>
  newestPage(
    tables.jobs
      .all()
      .filter(
        (job) => (filter.status === undefined || job.status === filter.status) && (filter.kind === undefined || job.kind === filter.kind),
      ),
    before,
    limit,
  );
