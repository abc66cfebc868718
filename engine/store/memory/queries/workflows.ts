import type { VersionRow, WorkflowRow, WorkflowSummary } from '../../queries/workflows.ts';
import { by } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

export function listWorkflows(tables: Tables): WorkflowSummary[] {
  return tables.workflows
    .all()
    .sort(by((row) => row.id))
    .map(({ draft, ...row }) => ({ ...row, hasDraft: draft !== null }));
}

export const workflowById = (tables: Tables, id: string, _lock = false): WorkflowRow | undefined => tables.workflows.get(id);

export function upsertWorkflow(tables: Tables, row: WorkflowRow): void {
  tables.workflows.put(row);
}

export function insertVersion(tables: Tables, row: VersionRow): void {
  tables.versions.insert(row);
}

export function listVersions(tables: Tables, workflowId: string): Omit<VersionRow, 'file'>[] {
  return [...tables.versionsByWorkflow.of(workflowId)].sort((a, b) => b.version - a.version).map(({ file: _, ...row }) => row);
}

export const versionByNumber = (tables: Tables, workflowId: string, version: number): VersionRow | undefined =>
  tables.versions.get(joint(workflowId, version));

export const newestVersion = (tables: Tables, workflowId: string): number =>
  Math.max(0, ...[...tables.versionsByWorkflow.of(workflowId)].map((row) => row.version));
