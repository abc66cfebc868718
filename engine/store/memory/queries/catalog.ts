import type { EntityDefinition } from '../../../../schemas/entity.ts';
import type { VersionFile } from '../../queries/catalog.ts';
import { by } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

const CATALOG = 'catalog';

export const catalogRevision = (tables: Tables): number => tables.counters.get(CATALOG)?.value ?? 0;

/** Transactions are in line already. */
export function lockCatalog(_tables: Tables): void {}

export function bumpCatalog(tables: Tables): void {
  tables.counters.put({ name: CATALOG, value: catalogRevision(tables) + 1 });
}

export function publishedVersions(tables: Tables): (VersionFile & { status: 'active' | 'paused' })[] {
  return tables.workflows
    .all()
    .sort(by((row) => row.id))
    .flatMap(({ id, publishedVersion, status }) =>
      publishedVersion === null
        ? []
        : versionFiles(tables, [{ workflowId: id, version: publishedVersion }]).map((file) => ({ ...file, status })),
    );
}

export function versionFiles(tables: Tables, wanted: readonly { workflowId: string; version: number }[]): VersionFile[] {
  return tables.versions
    .getAll(wanted.map((one) => joint(one.workflowId, one.version)))
    .map(({ workflowId, version, file }) => ({ workflowId, version, file }));
}

export function customEntities(tables: Tables): EntityDefinition[] {
  return tables.entities
    .all()
    .sort(by((row) => row.name))
    .map((row) => row.definition);
}

export function upsertEntity(tables: Tables, name: string, definition: EntityDefinition, now: number): void {
  tables.entities.put({ name, definition, updatedAt: now });
}

export function deleteEntity(tables: Tables, name: string): void {
  tables.entities.delete(name);
}

export const countRecords = (tables: Tables, entity: string): number => tables.recordsByEntity.of(entity).size;

export const countLiving = (tables: Tables, entity: string): number =>
  [...tables.recordsByEntity.of(entity)].filter((row) => row.deletedAt === null).length;
