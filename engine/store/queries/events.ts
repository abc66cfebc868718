import type { EventRow } from '../../unit/rows.ts';
import { type Executor, prepared } from '../database.ts';
import { and, desc, eq, lt, sql } from '../drizzle.ts';
import { listOf, oneOf, oneOfThose, rowset, statement } from '../rowset.ts';
import { events } from '../schema.ts';

const eventRows = rowset<EventRow>({
  id: ['uuid', (row) => row.id],
  type: ['text', (row) => row.type],
  topic: ['text', (row) => row.topic],
  record_id: ['uuid', (row) => row.recordId],
  at: ['timestamptz', (row) => row.at],
  data: ['jsonb', (row) => row.data],
  key: ['text', (row) => row.key],
  chain: ['jsonb', (row) => row.chain],
});

const insertion = statement<EventRow, { id: string }>(
  eventRows,
  sql`insert into events (${eventRows.names}) select ${eventRows.names} from ${eventRows.rows}
      on conflict (key) where key is not null do nothing returning id`,
  'insert_events',
);

/** Writes events; one whose key is there already is left out. Gives the ids that are new. */
export async function insertEvents(tx: Executor, list: readonly EventRow[]): Promise<Set<string>> {
  const written = await insertion(tx, list);
  return new Set(written.map((row) => row.id));
}

const byIds = prepared((tx) => tx.select().from(events).where(oneOfThose(events.id, 'ids')).prepare(''));

export function eventsByIds(tx: Executor, ids: readonly string[]): Promise<EventRow[]> {
  return byIds(tx).execute({ ids: listOf(events.id, ids) });
}

/** The events that own these keys. */
export function eventsByKeys(tx: Executor, keys: readonly string[]): Promise<EventRow[]> {
  return tx.select().from(events).where(oneOf(events.key, keys));
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
