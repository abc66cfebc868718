import { sql } from 'drizzle-orm';
import type { Executor } from '../database.ts';

/** Tells those who listen to the channel that there may be work; once the transaction has committed, and not if it never does. */
export async function hint(tx: Executor, channel: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${channel}, '')`);
}
