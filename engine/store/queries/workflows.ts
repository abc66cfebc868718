import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';
import { runs, workflows, workflowVersions } from '../schema.ts';

export type WorkflowRow = typeof workflows.$inferSelect;
export type VersionRow = typeof workflowVersions.$inferSelect;

export function listWorkflows(tx: Executor): Promise<WorkflowRow[]> {
  return tx.select().from(workflows).orderBy(asc(workflows.id));
}

export async function workflowById(tx: Executor, id: string, lock = false): Promise<WorkflowRow | undefined> {
  const query = tx.select().from(workflows).where(eq(workflows.id, id));
  const [row] = lock ? await query.for('update') : await query;
  return row;
}

export async function upsertWorkflow(tx: Executor, row: WorkflowRow): Promise<void> {
  await tx.insert(workflows).values(row).onConflictDoUpdate({ target: workflows.id, set: row });
}

export async function insertVersion(tx: Executor, row: VersionRow): Promise<void> {
  await tx.insert(workflowVersions).values(row);
}

/** Newest first; without the files. */
export function listVersions(tx: Executor, workflowId: string): Promise<Omit<VersionRow, 'file'>[]> {
  const { file: _, ...columns } = versionColumns;
  return tx
    .select(columns)
    .from(workflowVersions)
    .where(eq(workflowVersions.workflowId, workflowId))
    .orderBy(desc(workflowVersions.version));
}

export async function versionByNumber(tx: Executor, workflowId: string, version: number): Promise<VersionRow | undefined> {
  const [row] = await tx
    .select()
    .from(workflowVersions)
    .where(and(eq(workflowVersions.workflowId, workflowId), eq(workflowVersions.version, version)));
  return row;
}

export async function newestVersion(tx: Executor, workflowId: string): Promise<number> {
  const [row] = await tx
    .select({ version: sql<number>`coalesce(max(${workflowVersions.version}), 0)::int` })
    .from(workflowVersions)
    .where(eq(workflowVersions.workflowId, workflowId));
  return row?.version ?? 0;
}

/** Runs by workflow and status. Uses the index `runs_workflow`. */
export function runCounts(tx: Executor): Promise<{ workflowId: string; status: string; count: number }[]> {
  return tx
    .select({ workflowId: runs.workflowId, status: runs.status, count: sql<number>`count(*)::int` })
    .from(runs)
    .groupBy(runs.workflowId, runs.status);
}

const versionColumns = {
  workflowId: workflowVersions.workflowId,
  version: workflowVersions.version,
  file: workflowVersions.file,
  hash: workflowVersions.hash,
  publishedAt: workflowVersions.publishedAt,
  publishedBy: workflowVersions.publishedBy,
  note: workflowVersions.note,
};
