import type { WaitRow } from '../../unit/rows.ts';
import { type Executor, ready, textOf } from '../database.ts';
import { and, sql } from '../drizzle.ts';
import { listOf, oneOf, rowset, statement } from '../rowset.ts';
import { waits } from '../schema.ts';

/**
 * Which of these types of events any run waits for: one look into `waits_correlation` a type, at the first that is not before it. With
 * `exists` the planner, who takes every type for a frequent one, reads the table.
 */
export async function waitedTypes(tx: Executor, types: readonly string[]): Promise<string[]> {
  const found = await ready<{ type: string }>(tx, WAITED_TYPES, { types: listOf(waits.type, types) });
  return found.map((row) => row.type);
}

const WAITED_TYPES = textOf(
  sql`select t.type from unnest(${sql.placeholder('types')}::text[]) as t(type)
      cross join lateral (select w.type from waits w where w.type >= t.type order by w.type, w.correlation limit 1) first
      where first.type = t.type`,
);

/** What runs wait for of these types about any of these. Uses `waits_correlation`. */
export function waitsFor(tx: Executor, types: readonly string[], correlations: readonly string[]): Promise<WaitRow[]> {
  return tx
    .select()
    .from(waits)
    .where(and(oneOf(waits.type, types), oneOf(waits.correlation, correlations)));
}

const waitRows = rowset<WaitRow>({
  run_id: ['uuid', (row) => row.runId],
  wait_id: ['text', (row) => row.waitId],
  type: ['text', (row) => row.type],
  topic: ['text', (row) => row.topic],
  correlation: ['text', (row) => row.correlation],
});

const insertion = statement(
  waitRows,
  sql`insert into waits (${waitRows.names}) select ${waitRows.names} from ${waitRows.rows}`,
  'insert_waits',
);

export async function insertWaits(tx: Executor, list: readonly WaitRow[]): Promise<void> {
  await insertion(tx, list);
}

/** Everything that these runs wait for. */
export async function deleteWaits(tx: Executor, runIds: readonly string[]): Promise<void> {
  await tx.delete(waits).where(oneOf(waits.runId, runIds));
}
