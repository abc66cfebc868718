/** The database on PGlite: PostgreSQL in this process, without the durability. */
import { createRequire } from 'node:module';
import type { PGlite } from '@electric-sql/pglite';
import * as schema from './schema.ts';
import { migrationsFolder, type SqlDatabase } from './sql-database.ts';
import { sqlStore } from './sql-store.ts';

// By the same files as in drizzle.ts, but apart from them: loading this driver loads PGlite, which a server does without.
const load = createRequire(import.meta.url);
const { drizzle }: typeof import('drizzle-orm/pglite') = load('drizzle-orm/pglite');
const { migrate }: typeof import('drizzle-orm/pglite/migrator') = load('drizzle-orm/pglite/migrator');

export function connectPglite(client: PGlite): SqlDatabase {
  const orm = drizzle({ client, schema });
  return {
    kind: 'pglite',
    orm,
    store: sqlStore(orm),
    transaction: (work) => orm.transaction((tx) => work(sqlStore(tx))),
    listen: (channel, heard) => client.listen(channel, heard),
    script: async (text) => (await client.exec(text)).flatMap((result) => result.rows),
    statement: async (text, values) => (await client.query<Record<string, unknown>>(text, values)).rows,
    migrate: () => migrate(orm, { migrationsFolder }),
    close: () => client.close(),
  };
}
