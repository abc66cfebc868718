/** Rows of the table `records`, made and changed. Pure: a change gives a new row, the old one stays what it was. */
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { type CheckedRecord, checkRecord, checkRecordSize, displayName, type Entity, searchText, sortKey } from '../records/index.ts';
import type { Author } from '../store/schema.ts';
import type { ChangeRow, RecordRow } from './rows.ts';

export interface Stamp {
  now: number;
  author: Author;
  country?: string;
}

export interface RecordWrite {
  row: RecordRow;
  /** Undefined where nothing would change. */
  change: ChangeRow | undefined;
  references: CheckedRecord['references'];
}

/** Throws RECORD_INVALID. */
export function createRow(entity: Entity, id: string, input: JsonObject, stamp: Stamp): RecordWrite {
  const checked = checkRecord(entity, input, 'create', { country: stamp.country });
  const row = named(entity, {
    id,
    entity: entity.name,
    key: checked.key ?? null,
    owner: checked.owner ?? null,
    stage: checked.stage ?? null,
    name: '',
    sortName: '',
    search: '',
    data: dropNulls(checked.data),
    version: 1,
    createdAt: stamp.now,
    updatedAt: stamp.now,
    deletedAt: null,
  });
  return { row, change: changeRow('created', undefined, row, stamp), references: checked.references };
}

/** Throws RECORD_INVALID, RECORD_DELETED. */
export function updateRow(entity: Entity, row: RecordRow, patch: JsonObject, stamp: Stamp): RecordWrite {
  if (row.deletedAt !== null) throw deleted(row);
  const checked = checkRecord(entity, patch, 'update', { country: stamp.country });
  const next = {
    ...row,
    key: checked.key === undefined ? row.key : checked.key,
    owner: checked.owner === undefined ? row.owner : checked.owner,
    stage: checked.stage === undefined ? row.stage : checked.stage,
    data: dropNulls({ ...row.data, ...checked.data }),
    version: row.version + 1,
    updatedAt: stamp.now,
  };
  checkRecordSize(next.data);
  const change = changeRow('updated', row, next, stamp);
  return change ? { row: renamed(entity, row, next), change, references: checked.references } : { row, change: undefined, references: [] };
}

/** Soft: the row stays, with the moment. Throws RECORD_DELETED where it is deleted already. */
export function deleteRow(row: RecordRow, stamp: Stamp): RecordWrite {
  if (row.deletedAt !== null) throw deleted(row);
  const next = { ...row, deletedAt: stamp.now, updatedAt: stamp.now, version: row.version + 1 };
  return { row: next, change: changeRow('deleted', row, next, stamp), references: [] };
}

/** Brings a deleted record back as it was; nothing happens to one that is there. */
export function restoreRow(row: RecordRow, stamp: Stamp): RecordWrite {
  if (row.deletedAt === null) return { row, change: undefined, references: [] };
  const next = { ...row, deletedAt: null, updatedAt: stamp.now, version: row.version + 1 };
  return { row: next, change: changeRow('restored', row, next, stamp), references: [] };
}

function deleted(row: RecordRow): TaktError {
  return new TaktError('RECORD_DELETED', { message: `The ${row.entity} "${row.name}" (${row.id}) is deleted.` });
}

function named(entity: Entity, row: RecordRow): RecordRow {
  const name = displayName(entity, row.data);
  return { ...row, name, sortName: sortKey(name), search: searchText(entity, { ...row.data, key: row.key }) };
}

/** What it is called and found by is made anew only where something of that has changed: most updates touch neither name nor contact. */
function renamed(entity: Entity, before: RecordRow, row: RecordRow): RecordRow {
  const same = (field: string): boolean => before.data[field] === row.data[field];
  const { nameFields, emails, phones } = entity;
  const kept = before.key === row.key && same('name') && nameFields.every(same) && emails.every(same) && phones.every(same);
  return kept ? row : named(entity, row);
}

/** Cleared fields are absent from the stored data: "empty" has one form. */
function dropNulls(data: JsonObject): JsonObject {
  const names = Object.keys(data);
  return names.every((name) => data[name] !== null) ? data : Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

const HOT = ['key', 'owner', 'stage'] as const;

function changeRow(op: ChangeRow['op'], before: RecordRow | undefined, after: RecordRow, stamp: Stamp): ChangeRow | undefined {
  const changes: Record<string, [Json, Json]> = {};
  for (const field of HOT) {
    const [was, is] = [before?.[field] ?? null, after[field]];
    if (was !== is) changes[field] = [was, is];
  }
  const old = before?.data ?? {};
  const fields = Object.keys(old);
  for (const field of Object.keys(after.data)) if (!Object.hasOwn(old, field)) fields.push(field);
  for (const field of fields) {
    const [was, is] = [old[field] ?? null, after.data[field] ?? null];
    if (was !== is && !isDeepStrictEqual(was, is)) changes[field] = [was, is];
  }
  if (op === 'updated' && Object.keys(changes).length === 0) return undefined;
  return { recordId: after.id, version: after.version, at: stamp.now, op, author: stamp.author, changes };
}
