import type { EventRow } from '../../../unit/rows.ts';
import { newestPage } from '../order.ts';
import type { Tables } from '../tables.ts';

export function insertEvents(tables: Tables, list: readonly EventRow[]): Set<string> {
  const fresh = list.filter((row) => {
    if (row.key !== null && tables.eventsByKey.get(row.key)) return false;
    tables.events.insert(row);
    return true;
  });
  return new Set(fresh.map((row) => row.id));
}

export const eventsByIds = (tables: Tables, ids: readonly string[]): EventRow[] => tables.events.getAll(ids);

export const eventsByKeys = (tables: Tables, keys: readonly string[]): EventRow[] =>
  keys.flatMap((key) => tables.eventsByKey.get(key) ?? []);

export function eventPage(
  tables: Tables,
  { recordId, type }: { recordId?: string; type?: string },
  before: string | undefined,
  limit: number,
): EventRow[] {
  const rows = recordId === undefined ? tables.events.all() : [...tables.eventsByRecord.of(recordId)];
  return newestPage(
    rows.filter((row) => type === undefined || row.type === type),
    before,
    limit,
  );
}
