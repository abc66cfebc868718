import type { MergeRow } from '../../unit/rows.ts';
import { MOST_MOVED } from '../alike.ts';
import { type Executor, rows } from '../database.ts';
import { desc, eq, or, sql } from '../drizzle.ts';
import { arrayOf } from '../rowset.ts';
import { merges } from '../schema.ts';

export async function insertMerge(tx: Executor, row: MergeRow): Promise<void> {
  await tx.insert(merges).values(row);
}

/** @param lock for who takes it back: nobody else does meanwhile */
export async function mergeById(tx: Executor, id: string, lock: boolean): Promise<MergeRow | undefined> {
  const query = tx.select().from(merges).where(eq(merges.id, id));
  const [row] = await (lock ? query.for('update') : query);
  return row;
}

/** Merges that a record came out of or went into, the newest first. Uses `merges_winner` and `merges_loser`. */
export function mergesOfRecord(tx: Executor, recordId: string, limit: number): Promise<MergeRow[]> {
  return tx
    .select()
    .from(merges)
    .where(or(eq(merges.winner, recordId), eq(merges.loser, recordId)))
    .orderBy(desc(merges.id))
    .limit(limit);
}

export async function markMergeUndone(tx: Executor, id: string, at: number): Promise<void> {
  await tx.update(merges).set({ undoneAt: at }).where(eq(merges.id, id));
}

export interface RunMove {
  /** The record whose open runs are to be another's. */
  from: string;
  to: string;
  /** Not these. */
  except?: readonly string[];
  /** Only these. */
  among?: readonly string[];
}

/**
 * Makes open runs of one record those of another, with what they wait for about it; ids of those that were moved, at most 1,000. Waits for
 * who is advancing one of them. What a run remembers of waits names the record as `record:<id>`; its steps stay what they were.
 */
export async function moveRuns(tx: Executor, { from, to, except, among }: RunMove): Promise<string[]> {
  const [was, is] = [`record:${from}`, `record:${to}`];
  const only = among === undefined ? sql`` : sql`and id = any(${arrayOf('uuid', among)})`;
  const without = except === undefined ? sql`` : sql`and not id = any(${arrayOf('uuid', except)})`;
  const moved = await rows<{ id: string }>(
    tx,
    sql`with moved as (
          update runs set record_id = ${to}, state = replace(state::text, ${was}, ${is})::jsonb
          where id = any(array(
            select id from runs where record_id = ${from} and status in ('active', 'waiting', 'failed', 'paused') ${only} ${without}
            order by id limit ${MOST_MOVED} for update))
          returning id),
        told as (
          insert into waits (run_id, wait_id, type, topic, correlation)
          select run_id, wait_id, type, topic, ${is} from waits where run_id = any(array(select id from moved)) and correlation = ${was}
          on conflict do nothing),
        gone as (delete from waits where run_id = any(array(select id from moved)) and correlation = ${was})
        select id from moved order by id`,
  );
  return moved.map((row) => row.id);
}
