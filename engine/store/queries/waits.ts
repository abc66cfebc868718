import { inArray } from 'drizzle-orm';
import type { WaitRow } from '../../unit/rows.ts';
import type { Executor } from '../database.ts';
import { waits } from '../schema.ts';

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
