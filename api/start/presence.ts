/** Whether a server of Takt works on a database: the command line leaves the runs to it, or carries them out itself. */
import { sql } from 'drizzle-orm';
import postgres from 'postgres';
import { type Database, rows } from '../../engine/store/database.ts';

const NAME = 'takt-server';

/**
 * Shows that this process carries runs out, for as long as it lives: by the name of a session. It listens so that the
 * driver keeps the session open and makes a new one when it breaks; unlike a lock, a name cannot be lost on the way.
 */
export async function announceServer(url: string): Promise<{ close(): Promise<void> }> {
  const client = postgres(url, { max: 1, onnotice: () => {}, fetch_types: false, connection: { application_name: NAME } });
  await client.listen('takt_presence', () => {});
  return { close: () => client.end({ timeout: 1 }) };
}

export async function serverRuns(database: Database): Promise<boolean> {
  const found = await rows(
    database.orm,
    sql`select 1 from pg_stat_activity where datname = current_database() and application_name = ${NAME} limit 1`,
  );
  return found.length > 0;
}
