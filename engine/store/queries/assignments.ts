import { type Executor, rows } from '../database.ts';
import { sql } from '../drizzle.ts';
import type { Author } from '../schema.ts';

/** A change of the owner of a record that was there already, with what the record has come to by now. */
export interface OwnerChange {
  recordId: string;
  version: number;
  at: number;
  author: Author;
  /** Null: taken from its owner. */
  to: string | null;
  /** Had nobody owned the record before? */
  first: boolean;
  createdAt: number;
  stage: string | null;
}

export interface OwnerChangeFilter {
  entity: string;
  /** Milliseconds; `until` is left out. */
  from: number;
  until: number;
}

type Row = Omit<OwnerChange, 'at' | 'createdAt'> & { at: number; createdAt: number };

/**
 * Changes of owner of an entity's records, deleted ones included, in the order of time; who was the owner when a record was made counts as no
 * change. Uses `record_changes_owner`, and for what came before it the key of `record_changes`.
 * @param after the last one of the page before
 */
export async function ownerChanges(
  tx: Executor,
  { entity, from, until }: OwnerChangeFilter,
  after: Pick<OwnerChange, 'at' | 'recordId' | 'version'> | undefined,
  limit: number,
): Promise<OwnerChange[]> {
  const begin = after ? sql`and (c.at, c.record_id, c.version) > (${iso(after.at)}, ${after.recordId}::uuid, ${after.version})` : sql``;
  const found = await rows<Row>(
    tx,
    sql`select c.record_id as "recordId", c.version, (extract(epoch from c.at) * 1000)::float8 as at, c.author, c.changes -> 'owner' ->> 1 as "to",
          not exists (select from record_changes e where e.record_id = c.record_id and e.version < c.version and e.changes ? 'owner') as first,
          (extract(epoch from r.created_at) * 1000)::float8 as "createdAt", r.stage
        from record_changes c join records r on r.id = c.record_id and r.entity = ${entity}
        where c.changes ? 'owner' and c.op <> 'created' and c.at >= ${iso(from)} and c.at < ${iso(until)} ${begin}
        order by c.at, c.record_id, c.version limit ${limit}`,
  );
  return found.map((row) => ({ ...row, at: Math.round(row.at), createdAt: Math.round(row.createdAt) }));
}

const iso = (ms: number): string => new Date(ms).toISOString();
