import type { Executor } from '../database.ts';
import { and, asc, desc, eq, getTableColumns, sql } from '../drizzle.ts';
import { workflows, workflowVersions } from '../schema.ts';

export type WorkflowRow = typeof workflows.$inferSelect;
export type VersionRow = typeof workflowVersions.$inferSelect;

export type WorkflowSummary = Omit<WorkflowRow, 'draft'> & { hasDraft: boolean };

/** All workflows by id, without their drafts. */
export function listWorkflows(tx: Executor): Promise<WorkflowSummary[]> {
  const { draft, ...columns } = getTableColumns(workflows);
  return tx
    .select({ ...columns, hasDraft: sql<boolean>`${draft} is not null` })
    .from(workflows)
    .orderBy(asc(workflows.id));
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
  const { file: _, ...columns } = getTableColumns(workflowVersions);
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
