import type { ChangeRow, RecordRow } from '../../../unit/rows.ts';
import type { RecordFilter, RecordLock, StoredFind } from '../../queries/records.ts';
import { recordsThatFit } from '../matching.ts';
import { by, oldestFirst } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

/** Nobody else holds a lock: transactions run one after the other. */
export const recordsByIds = (tables: Tables, ids: readonly string[], _lock: RecordLock): RecordRow[] =>
  tables.records.getAll(ids).sort(oldestFirst);

export const recordByKey = (tables: Tables, entity: string, key: string): RecordRow | undefined =>
  tables.recordsByKey.get(joint(entity, key));

export function recordPage(tables: Tables, filter: RecordFilter, limit: number): RecordRow[] {
  const { owner, stage, search, sort, after } = filter;
  const byName = by((row: { sortName: string }) => row.sortName);
  const forwards = sort === 'name' || sort === '-name' ? (a: Cursor, b: Cursor) => byName(a, b) || oldestFirst(a, b) : oldestFirst;
  const order = sort.startsWith('-') ? (a: Cursor, b: Cursor) => forwards(b, a) : forwards;
  return [...tables.recordsByEntity.of(filter.entity)]
    .filter(
      (row) =>
        (row.deletedAt !== null) === filter.deleted &&
        (owner === undefined || row.owner === owner) &&
        (stage === undefined || row.stage === stage) &&
        (search === undefined || search.some((part) => row.search.includes(part))) &&
        (after === undefined || order(row, after) > 0),
    )
    .sort(order)
    .slice(0, limit);
}

type Cursor = Pick<RecordRow, 'id' | 'sortName'>;

export function changesOfRecord(tables: Tables, id: string, before: number | undefined, limit: number): ChangeRow[] {
  return [...tables.changesByRecord.of(id)]
    .filter((row) => before === undefined || row.version < before)
    .sort((a, b) => b.version - a.version)
    .slice(0, limit);
}

export const changesOfRecords = (tables: Tables, ids: readonly string[]): ChangeRow[] =>
  [...new Set(ids)].sort().flatMap((id) => [...tables.changesByRecord.of(id)].sort(by((row) => row.version)));

export const findRecordIds = (tables: Tables, finds: readonly StoredFind[]): string[][] =>
  finds.map((find) =>
    recordsThatFit(tables, find)
      .sort(oldestFirst)
      .slice(0, find.limit)
      .map((row) => row.id),
  );

export function insertRecords(tables: Tables, list: readonly RecordRow[]): void {
  for (const row of list) tables.records.insert(row);
}

export function updateRecords(tables: Tables, list: readonly { row: RecordRow; base: RecordRow }[]): string[] {
  const current = list.filter(({ row, base }) => tables.records.get(row.id)?.version === base.version);
  for (const { row } of current) tables.records.put(row);
  return current.map(({ row }) => row.id);
}

export function insertChanges(tables: Tables, list: readonly ChangeRow[]): void {
  for (const row of list) tables.changes.insert(row);
}
