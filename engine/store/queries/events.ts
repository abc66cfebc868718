import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import type { EventRow } from '../../unit/rows.ts';
import { type Executor, jsonRows, rows } from '../database.ts';
import { events } from '../schema.ts';

/** Writes events; one whose key is there already is left out. Gives the ids that are new. */
export async function insertEvents(tx: Executor, list: readonly EventRow[]): Promise<Set<string>> {
  const input = list.map((row) => ({ ...row, record_id: row.recordId, at: new Date(row.at).toISOString() }));
  const written = await rows<{ id: string }>(
    tx,
    sql`insert into events (id, type, topic, record_id, at, data, key, chain)
        select id, type, topic, record_id, at, data, key, chain
        from json_to_recordset(${jsonRows(input)})
          as t(id uuid, type text, topic text, record_id uuid, at timestamptz, data jsonb, key text, chain jsonb)
        on conflict (key) where key is not null do nothing returning id`,
  );
  return new Set(written.map((row) => row.id));
}

export function eventsByIds(tx: Executor, ids: readonly string[]): Promise<EventRow[]> {
  return tx
    .select()
    .from(events)
    .where(inArray(events.id, [...ids]));
}

/** The events that own these keys. */
export function eventsByKeys(tx: Executor, keys: readonly string[]): Promise<EventRow[]> {
  return tx
    .select()
    .from(events)
    .where(inArray(events.key, [...keys]));
}

/** Newest first, before the event `before`; of one record where asked. Uses `events_record`. */
export function eventPage(
  tx: Executor,
  filter: { recordId?: string; type?: string },
  before: string | undefined,
  limit: number,
): Promise<EventRow[]> {
  return tx
    .select()
    .from(events)
    .where(
      and(
        filter.recordId === undefined ? undefined : eq(events.recordId, filter.recordId),
        filter.type === undefined ? undefined : eq(events.type, filter.type),
        before === undefined ? undefined : lt(events.id, before),
      ),
    )
    .orderBy(desc(events.id))
    .limit(limit);
}
