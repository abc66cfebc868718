import { sql } from 'drizzle-orm';
import type { WaitRow } from '../../unit/rows.ts';
import type { Executor } from '../database.ts';
import { oneOf, rowset } from '../rowset.ts';
import { waits } from '../schema.ts';

/** What runs wait for about any of these. Uses `waits_correlation`. */
export function waitsFor(tx: Executor, correlations: readonly string[]): Promise<WaitRow[]> {
  return tx.select().from(waits).where(oneOf(waits.correlation, correlations));
}

const waitRows = rowset<WaitRow>({
  run_id: ['uuid', (row) => row.runId],
  wait_id: ['text', (row) => row.waitId],
  type: ['text', (row) => row.type],
  topic: ['text', (row) => row.topic],
  correlation: ['text', (row) => row.correlation],
});

export async function insertWaits(tx: Executor, list: readonly WaitRow[]): Promise<void> {
  await tx.execute(sql`insert into waits (${waitRows.names}) select ${waitRows.names} from ${waitRows.of(list)}`);
}

/** Everything that these runs wait for. */
export async function deleteWaits(tx: Executor, runIds: readonly string[]): Promise<void> {
  await tx.delete(waits).where(oneOf(waits.runId, runIds));
}
