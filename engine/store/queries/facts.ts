/** What conditions and nodes only ask: counts and lists about one record, many questions at once. */

import type { LoadMeasure } from '../../node/definition.ts';
import type { ChangeRow, EventRow } from '../../unit/rows.ts';
import { type Executor, jsonRows, rows } from '../database.ts';
import { sql } from '../drizzle.ts';
import { arrayOf } from '../rowset.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Events about a record since a moment, for each question the oldest first, at most 100. Uses `events_record`. */
export async function eventsSince(
  tx: Executor,
  questions: readonly { recordId: string; types: readonly string[]; since: number }[],
): Promise<EventRow[][]> {
  const input = questions.map(({ recordId, types, since }, i) => ({ i, record_id: recordId, types, since: iso(since) }));
  const found = await rows<Omit<EventRow, 'at'> & { i: number; at: number }>(
    tx,
    sql`select q.i, e.* from json_to_recordset(${jsonRows(input)}) as q(i int, record_id uuid, types json, since timestamptz)
        cross join lateral (
          select id, type, topic, record_id as "recordId", (extract(epoch from at) * 1000)::float8 as at, data, key, chain from events
          where record_id = q.record_id and at >= q.since and type in (select json_array_elements_text(q.types)) order by id limit 100) e
        order by q.i, e.id`,
  );
  const answers: EventRow[][] = questions.map(() => []);
  for (const { i, at, ...event } of found) answers[i]?.push({ ...event, at: Math.round(at) });
  return answers;
}

/** How many events of a type there were about a record since a moment. Uses `events_record`. */
export function eventCounts(tx: Executor, questions: readonly { recordId: string; type: string; since: number }[]): Promise<number[]> {
  return counted(
    tx,
    questions.map(({ recordId, type, since }, i) => ({ i, a: recordId, b: type, since: iso(since) })),
    sql`select q.i, (select count(*)::int from events where record_id = q.a and type = q.b and at >= q.since) as count`,
  );
}

/** How many messages in a channel about a record were given to the outbox since a moment. Uses `effects_record`. */
export function sentCounts(tx: Executor, questions: readonly { recordId: string; channel: string; since: number }[]): Promise<number[]> {
  return counted(
    tx,
    questions.map(({ recordId, channel, since }, i) => ({ i, a: recordId, b: channel, since: iso(since) })),
    sql`select q.i, (select count(*)::int from effects
          where record_id = q.a and payload ->> 'channel' = q.b and status in ('pending', 'sent') and created_at >= q.since) as count`,
  );
}

async function counted(tx: Executor, input: readonly { i: number }[], select: ReturnType<typeof sql>): Promise<number[]> {
  const found = await rows<{ i: number; count: number }>(
    tx,
    sql`${select} from json_to_recordset(${jsonRows(input)}) as q(i int, a uuid, b text, since timestamptz)`,
  );
  const counts = input.map(() => 0);
  for (const { i, count } of found) counts[i] = count;
  return counts;
}

/** The changes of a record from the first that a run has made on, the oldest first, at most 200. */
export async function changesSinceRun(tx: Executor, recordId: string, runId: string): Promise<ChangeRow[]> {
  const found = await rows<ChangeRow>(
    tx,
    sql`select record_id as "recordId", version, (extract(epoch from at) * 1000)::float8 as at, op, author, changes from record_changes
        where record_id = ${recordId} and version >= (
          select min(version) from record_changes where record_id = ${recordId} and author ->> 'id' = ${runId} and author ->> 'kind' = 'run')
        order by version limit 200`,
  );
  return found.map((row) => ({ ...row, at: Math.round(row.at) }));
}

/**
 * What each of these people has of an entity: a count of living records, or the sum of a number in them. Uses `records_owner`, so that what
 * has ended is not read.
 * @returns in the order of the owners
 */
export async function ownerLoads(tx: Executor, load: LoadMeasure, owners: readonly string[]): Promise<number[]> {
  const { entity, stages, sum, contains, between } = load;
  const weight = sum === null ? sql`count(*)` : sql`coalesce(sum((data #>> ${arrayOf('text', sum)})::numeric), 0)`;
  const only = [
    ...(stages === null ? [] : [sql`stage = any(${arrayOf('text', stages)})`]),
    ...(contains === undefined ? [] : [sql`data @> ${JSON.stringify(contains)}::jsonb`]),
    // Moments are kept as ISO instants in UTC: as texts they are in the order of time.
    ...(between === undefined
      ? []
      : [sql`data ->> ${between.field} collate "C" >= ${between.from} and data ->> ${between.field} collate "C" < ${between.until}`]),
  ];
  const found = await rows<{ owner: string; load: number }>(
    tx,
    sql`select owner, ${weight}::float8 as load from records
        where entity = ${entity} and owner = any(${arrayOf('uuid', owners)}) and deleted_at is null
          ${only.length === 0 ? sql`` : sql`and ${sql.join(only, sql` and `)}`}
        group by owner`,
  );
  const loads = new Map(found.map(({ owner, load }) => [owner, load]));
  return owners.map((owner) => loads.get(owner) ?? 0);
}
