import { inArray, sql } from 'drizzle-orm';
import type { WaitRow } from '../../unit/rows.ts';
import type { Executor } from '../database.ts';
import { waits } from '../schema.ts';

/**
 * Puts events and waits about the same thing in order, until the transaction ends. Who writes an event shares the lock; who looks for
 * past events before it registers a wait has it alone. So either the event is found, or it finds the wait.
 */
export async function lockCorrelations(tx: Executor, correlations: readonly string[], mode: 'shared' | 'alone'): Promise<void> {
  const lock = mode === 'shared' ? sql`pg_advisory_xact_lock_shared(h)` : sql`pg_advisory_xact_lock(h)`;
  await tx.execute(
    sql`select ${lock} from (
          select distinct hashtextextended(c, 7482501) as h from json_array_elements_text(${JSON.stringify(correlations)}::json) as c order by 1) hashes`,
  );
}

/** What runs wait for about any of these. Uses `waits_correlation`. */
export function waitsFor(tx: Executor, correlations: readonly string[]): Promise<WaitRow[]> {
  return tx
    .select()
    .from(waits)
    .where(inArray(waits.correlation, [...correlations]));
}

export async function insertWaits(tx: Executor, list: readonly WaitRow[]): Promise<void> {
  await tx.insert(waits).values([...list]);
}

/** Everything that these runs wait for. */
export async function deleteWaits(tx: Executor, runIds: readonly string[]): Promise<void> {
  await tx.delete(waits).where(inArray(waits.runId, [...runIds]));
}
