import type { EntityDefinition } from '../../../schemas/entity.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { type Executor, jsonRows, ready, rows, textOf } from '../database.ts';
import { and, eq, isNull, sql } from '../drizzle.ts';
import { counters, entities, records, workflows, workflowVersions } from '../schema.ts';

const CATALOG = 'catalog';
/** Of a table of a few rows: there is one way to read it. */
const REVISION = textOf(sql`select value from counters where name = ${CATALOG}`);

export async function catalogRevision(tx: Executor): Promise<number> {
  const [row] = await ready<{ value: string }>(tx, REVISION, {}, 'catalog_revision');
  return Number(row?.value ?? 0);
}

/** Begins every transaction that changes workflows or entities: the row lock puts such transactions in line. */
export async function lockCatalog(tx: Executor): Promise<void> {
  await tx.insert(counters).values({ name: CATALOG, value: 0 }).onConflictDoNothing();
  await tx.select().from(counters).where(eq(counters.name, CATALOG)).for('update');
}

/** Ends every such transaction. Not earlier: a process that read the new number before the change would keep the old state under it. */
export async function bumpCatalog(tx: Executor): Promise<void> {
  await tx
    .insert(counters)
    .values({ name: CATALOG, value: 1 })
    .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + 1` } });
}

export interface VersionFile {
  workflowId: string;
  version: number;
  file: JsonObject;
}

export function publishedVersions(tx: Executor): Promise<(VersionFile & { status: 'active' | 'paused' })[]> {
  return tx
    .select({ workflowId: workflows.id, version: workflowVersions.version, file: workflowVersions.file, status: workflows.status })
    .from(workflows)
    .innerJoin(
      workflowVersions,
      and(eq(workflowVersions.workflowId, workflows.id), eq(workflowVersions.version, workflows.publishedVersion)),
    )
    .orderBy(workflows.id);
}

export function versionFiles(tx: Executor, wanted: readonly { workflowId: string; version: number }[]): Promise<VersionFile[]> {
  return rows(
    tx,
    sql`select v.workflow_id as "workflowId", v.version, v.file
        from json_to_recordset(${jsonRows(wanted)}) as t("workflowId" text, version int)
        join workflow_versions v on v.workflow_id = t."workflowId" and v.version = t.version`,
  );
}

export async function customEntities(tx: Executor): Promise<EntityDefinition[]> {
  const list = await tx.select({ definition: entities.definition }).from(entities).orderBy(entities.name);
  return list.map((row) => row.definition);
}

export async function upsertEntity(tx: Executor, name: string, definition: EntityDefinition, now: number): Promise<void> {
  await tx
    .insert(entities)
    .values({ name, definition, updatedAt: now })
    .onConflictDoUpdate({ target: entities.name, set: { definition, updatedAt: now } });
}

export async function deleteEntity(tx: Executor, name: string): Promise<void> {
  await tx.delete(entities).where(eq(entities.name, name));
}

/** Records of an entity, deleted ones included. */
export async function countRecords(tx: Executor, entity: string): Promise<number> {
  return tx.$count(records, eq(records.entity, entity));
}

/** Records of an entity, deleted ones left out. */
export async function countLiving(tx: Executor, entity: string): Promise<number> {
  return tx.$count(records, and(eq(records.entity, entity), isNull(records.deletedAt)));
}
