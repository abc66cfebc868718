/**
 * The database as a port: one code base on embedded PostgreSQL, any PostgreSQL ≥ 15 and PGlite. What the drivers do
 * differently (result shapes, listening, SQL states) ends here.
 */
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { type SQL, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import { drizzle as drizzlePostgres } from 'drizzle-orm/postgres-js';
import { migrate as migratePostgres } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import * as schema from './schema.ts';

/** What a query function takes: the database itself or a transaction on it. */
export type Executor = PgDatabase<PgQueryResultHKT, typeof schema>;

export interface Database {
  readonly kind: 'postgres' | 'pglite';
  readonly orm: Executor;
  /** Calls `heard` for each NOTIFY on the channel, and once after a lost connection came back. Returns the way to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  /** Runs statements that carry no parameters, several at once if need be (migrations of libraries). */
  script(text: string): Promise<Record<string, unknown>[]>;
  /** Runs one statement with `$1` parameters, outside any transaction of ours (libraries that bring their own SQL). */
  statement(text: string, values: unknown[]): Promise<Record<string, unknown>[]>;
  migrate(): Promise<void>;
  close(): Promise<void>;
}

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** An arbitrary constant: two processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_482_501;

/** @param url postgres:// address; @param max connections of this process */
export function connectPostgres(url: string, max = 10): Database {
  const client = postgres(url, { max, onnotice: () => {}, connection: { application_name: 'takt' } });
  const orm = drizzlePostgres({ client, schema });
  return {
    kind: 'postgres',
    orm,
    async listen(channel, heard) {
      const subscription = await client.listen(channel, heard, () => heard(''));
      return () => subscription.unlisten();
    },
    async script(text) {
      // On a connection of its own: a script may hold BEGIN and COMMIT.
      const connection = await client.reserve();
      try {
        return (await connection.unsafe(text).simple()).flat();
      } finally {
        connection.release();
      }
    },
    statement: async (text, values) => [...(await client.unsafe(text, values.map(toParameter)))],
    async migrate() {
      const own = postgres(url, { max: 1, onnotice: () => {} });
      try {
        await own`select pg_advisory_lock(${MIGRATION_LOCK})`;
        await migratePostgres(drizzlePostgres({ client: own }), { migrationsFolder });
      } finally {
        await own.end({ timeout: 5 });
      }
    },
    close: () => client.end({ timeout: 5 }),
  };
}

export function connectPglite(client: PGlite): Database {
  const orm = drizzlePglite({ client, schema });
  return {
    kind: 'pglite',
    orm,
    listen: (channel, heard) => client.listen(channel, heard),
    script: async (text) => (await client.exec(text)).flatMap((result) => result.rows),
    statement: async (text, values) => (await client.query<Record<string, unknown>>(text, values.map(toParameter))).rows,
    migrate: () => migratePglite(orm, { migrationsFolder }),
    close: () => client.close(),
  };
}

/** drizzle leaves JSON serialising to itself, so its clients get text for objects; arrays are PostgreSQL arrays and stay. */
function toParameter(value: unknown): postgres.ParameterOrJSON<never> {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value instanceof Date)
    return value;
  if (value === undefined) return null;
  if (Array.isArray(value)) return value;
  return JSON.stringify(value);
}

/** The rows of a raw statement, the same on every driver. `Row` is what the statement's select list says. */
export async function rows<Row>(executor: Executor, statement: SQL): Promise<Row[]> {
  const result: unknown = await executor.execute(statement);
  if (Array.isArray(result)) return result;
  if (typeof result === 'object' && result !== null && 'rows' in result && Array.isArray(result.rows)) return result.rows;
  throw new TypeError('The driver gave neither rows nor a list.');
}

/** A list of objects as one JSON parameter, for `json_to_recordset`: one round trip and one plan for any number of rows. */
export const jsonRows = (list: readonly object[]): SQL => sql`${JSON.stringify(list)}::json`;

/** The five-letter SQL state of a driver's error, however deeply drizzle has wrapped it. */
export function sqlState(error: unknown): string | undefined {
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if ('code' in e && typeof e.code === 'string' && /^[0-9A-Z]{5}$/.test(e.code)) return e.code;
  }
  return undefined;
}

/**
 * Is the database away, rather than against what was asked of it? Connection errors of the driver (their codes are no SQL states)
 * and the states of classes 08 (connection), 53 (resources) and 57 (operator intervention).
 */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return /^(08|53|57)/.test(state);
  for (let e: unknown = error; e instanceof Error; e = e.cause)
    if ('code' in e && typeof e.code === 'string' && CONNECTION.test(e.code)) return true;
  return false;
}

/** Of postgres.js and of Node's sockets. */
const CONNECTION = /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_)/;
