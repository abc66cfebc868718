/** What the process and its database are up to: for readiness probes and metrics. */
import { and, count, eq, isNotNull, lte, min, sql } from 'drizzle-orm';
import type { Engine } from '../../engine/index.ts';
import { effects, runs } from '../../engine/store/schema.ts';

export interface QueueState {
  /** Runs that a worker should take now, counted up to `MOST`. */
  dueRuns: number;
  /** How long the longest due of them waits, milliseconds. */
  lagMs: number;
  pendingEffects: number;
  deadEffects: number;
}

/** Nobody needs to know more exactly, and counting millions at every probe would be work of its own. */
const MOST = 10_000;

/** Uses `runs_due` and `effects_open`. */
export async function queueState({ ports }: Engine): Promise<QueueState> {
  const { orm } = ports.database;
  const now = ports.clock.now();
  const due = orm
    .select({ dueAt: runs.dueAt })
    .from(runs)
    .where(and(isNotNull(runs.dueAt), lte(runs.dueAt, now)))
    .orderBy(runs.dueAt)
    .limit(MOST)
    .as('due');
  const open = (status: 'pending' | 'dead') =>
    orm
      .select({ one: sql<number>`1`.as('one') })
      .from(effects)
      .where(eq(effects.status, status))
      .limit(MOST)
      .as('open_effects');
  const [[waiting], [pending], [dead]] = await Promise.all([
    orm.select({ count: count(), oldest: min(due.dueAt) }).from(due),
    orm.select({ count: count() }).from(open('pending')),
    orm.select({ count: count() }).from(open('dead')),
  ]);
  const oldest = waiting?.oldest ?? null;
  return {
    dueRuns: waiting?.count ?? 0,
    lagMs: oldest === null ? 0 : Math.max(0, now - oldest),
    pendingEffects: pending?.count ?? 0,
    deadEffects: dead?.count ?? 0,
  };
}
