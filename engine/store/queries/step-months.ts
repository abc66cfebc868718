/**
 * The months of `steps`. The table is partitioned by the ids of runs, which rise with time: a month is the steps of the runs that began
 * in it, and forgetting it is dropping a table instead of deleting rows. What lies in no month is in `steps_default`.
 */

import { type Executor, rows } from '../database.ts';
import { sql } from '../drizzle.ts';
import { arrayOf } from '../rowset.ts';

export interface StepMonth {
  /** Of its table. */
  name: string;
  /** Least id of a run in it; null: from the first on. */
  from: string | null;
  /** Least id of a run after it. */
  to: string;
}

/** An arbitrary constant: who changes the months does it alone. */
const MONTHS_LOCK = 7_482_502;
/** So long the writing of steps may be held up by a change of the months, milliseconds; then it is left for another time. */
const LOCK_MS = 2_000;

/** The months there are, the oldest first. */
export async function stepMonths(tx: Executor): Promise<StepMonth[]> {
  const found = await rows<{ name: string; from: string | null; to: string }>(
    tx,
    sql`select name, (regexp_match(bound, 'FROM \\(''([0-9a-f-]+)''\\)'))[1] as "from", (regexp_match(bound, 'TO \\(''([0-9a-f-]+)''\\)'))[1] as "to"
        from (select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bound
              from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'steps'::regclass) as parts
        where bound <> 'DEFAULT'`,
  );
  return found.sort((a, b) => (a.to < b.to ? -1 : 1));
}

/**
 * As `stepMonths`, for a transaction that changes them; until its end no other does. Where the writing of steps would be held up for more
 * than two seconds, the transaction fails with 55P03.
 */
export async function lockStepMonths(tx: Executor): Promise<StepMonth[]> {
  await tx.execute(sql`select set_config('lock_timeout', ${`${LOCK_MS}ms`}, true)`);
  await tx.execute(sql`select pg_advisory_xact_lock(${MONTHS_LOCK})`);
  return stepMonths(tx);
}

/** Adds a month, with the steps that were written before it was there. The months must be locked. */
export async function addStepMonth(tx: Executor, { name, from, to }: StepMonth & { from: string }): Promise<void> {
  const table = sql.identifier(name);
  await tx.execute(sql`lock table steps_default in access exclusive mode`);
  await tx.execute(sql`create table ${table} (like steps including all)`);
  await tx.execute(
    sql`with moved as (delete from steps_default where run_id >= ${from} and run_id < ${to} returning *) insert into ${table} select * from moved`,
  );
  await tx.execute(sql`alter table steps attach partition ${table} for values from (${literal(from)}) to (${literal(to)})`);
}

/** Drops a month with its steps, those of the runs in `kept` excepted. The months must be locked. */
export async function dropStepMonth(tx: Executor, { name }: StepMonth, kept: readonly string[]): Promise<void> {
  const table = sql.identifier(name);
  // A vacuum of the month gives way after a second of waiting only. It is waited for here, where nobody who writes steps waits behind us.
  await tx.execute(sql`lock table ${table} in share update exclusive mode`);
  // Of a month that was never analysed PostgreSQL 18 would have each page read ahead by another process: 10,000 steps took 470 ms
  // instead of 110, while nobody can write.
  await tx.execute(sql`select set_config('effective_io_concurrency', '0', true)`);
  await tx.execute(sql`alter table steps detach partition ${table}`);
  // Run by run ("offset 0" keeps it so): nobody need have counted the table's rows, and to read ten million of them takes a second.
  await tx.execute(
    sql`insert into steps select s.* from unnest(${arrayOf('uuid', kept)}) as k(run_id)
        cross join lateral (select * from ${table} where run_id = k.run_id offset 0) s`,
  );
  await tx.execute(sql`drop table ${table}`);
}

/** An id as a part of a statement that takes no parameters. */
function literal(id: string): ReturnType<typeof sql.raw> {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new TypeError(`"${id}" is no id.`);
  return sql.raw(`'${id}'`);
}
