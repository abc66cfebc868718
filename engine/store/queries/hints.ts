import { type Executor, ready, textOf } from '../database.ts';
import { sql } from '../drizzle.ts';

const HINT = textOf(sql`select pg_notify(${sql.placeholder('channel')}, '')`);

/** Tells those who listen to the channel that there may be work; once the transaction has committed, and not if it never does. */
export async function hint(tx: Executor, channel: string): Promise<void> {
  await ready(tx, HINT, { channel }, 'hint');
}
