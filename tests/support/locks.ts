import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import type { Database } from '../../engine/store/port.ts';
import { executorOf } from '../../engine/store/sql-store.ts';

/** Resolves when a session of this database – a PostgreSQL – waits for a lock that another one holds. */
export async function untilSomebodyWaits(database: Database): Promise<void> {
  const waiting = sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await rows(executorOf(database.store), waiting)).length === 0);
}
