import { type Executor, rows } from '../database.ts';
import { and, count, eq, isNotNull, lte, min, sql } from '../drizzle.ts';
import { effects, runs } from '../schema.ts';

export interface QueueState {
  /** Runs that a worker should take now. Like the effects they are counted up to `most`. */
  dueRuns: number;
  /** When the longest due of them became due, milliseconds since the epoch; null where none is. */
  oldestDue: number | null;
  pendingEffects: number;
  /** When the first of them should have been taken: it has not been tried, or is to be tried again. One under way does not count. */
  oldestEffect: number | null;
  deadEffects: number;
}

/** How much waits. Uses `runs_due` and `effects_open`. */
export async function queueState(tx: Executor, now: number, most: number): Promise<QueueState> {
  const due = tx
    .select({ dueAt: runs.dueAt })
    .from(runs)
    .where(and(isNotNull(runs.dueAt), lte(runs.dueAt, now)))
    .orderBy(runs.dueAt)
    .limit(most)
    .as('due');
  const open = (status: 'dead') =>
    tx
      .select({ one: sql<number>`1`.as('one') })
      .from(effects)
      .where(eq(effects.status, status))
      .limit(most)
      .as('open_effects');
  const [waiting] = await tx.select({ count: count(), oldest: min(due.dueAt) }).from(due);
  const wanted = tx
    .select({
      at: sql<number | null>`coalesce(${effects.nextAt}, case when ${effects.attempts} = 0 then ${effects.createdAt} end)`.as('at'),
    })
    .from(effects)
    .where(eq(effects.status, 'pending'))
    .orderBy(effects.id)
    .limit(most)
    .as('wanted_effects');
  const [pending] = await tx.select({ count: count(), oldest: sql`min(${wanted.at})`.mapWith(effects.createdAt) }).from(wanted);
  const [dead] = await tx.select({ count: count() }).from(open('dead'));
  return {
    dueRuns: waiting?.count ?? 0,
    oldestDue: waiting?.oldest ?? null,
    pendingEffects: pending?.count ?? 0,
    oldestEffect: pending?.oldest ?? null,
    deadEffects: dead?.count ?? 0,
  };
}

/** May anything be written? Not on a standby, nor where the server or the role is set to read only. */
export async function takesWrites(tx: Executor): Promise<boolean> {
  const [row] = await rows<{ writable: boolean }>(
    tx,
    sql`select not pg_is_in_recovery() and current_setting('transaction_read_only') = 'off' as writable`,
  );
  return row?.writable ?? false;
}

/**
 * Is there room on the disk? Writes 4 MB into a table that goes at once: in a table that is there already, a row may find room that others
 * have left, and say nothing of the disk. Throws what the database says.
 */
export async function probeRoom(tx: Executor): Promise<void> {
  await tx.transaction(async (own) => {
    await own.execute(
      sql`create temporary table takt_room on commit drop as select md5(n::text) as text from generate_series(1, 60000) as n`,
    );
  });
}
