/** Whether a server of Takt works on a database: the command line leaves the runs to it, or carries them out itself. */

import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';

const NAME = 'takt-server';

/**
 * Shows that this process carries runs out, for as long as it lives: by the name of a session. A listening session is
 * kept open, and made anew when it breaks; unlike a lock, a name cannot be lost on the way.
 */
export async function announceServer(url: string): Promise<{ close(): Promise<void> }> {
  const database = connectPostgres(url, 1, NAME);
  const stop = await database.listen('takt_presence', () => {});
  return {
    async close() {
      await stop();
      await database.close();
    },
  };
}

export async function serverRuns(database: SqlDatabase): Promise<boolean> {
  const found = await rows(
    database.orm,
    sql`select 1 from pg_stat_activity where datname = current_database() and application_name = ${NAME} limit 1`,
  );
  return found.length > 0;
}
