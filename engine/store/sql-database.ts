/** The database on SQL: one code base on embedded PostgreSQL, any PostgreSQL ≥ 15 and PGlite. */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Executor } from './database.ts';
import { drizzle, migrate } from './drizzle.ts';
import type { CommitAlong, Database, StoreTx } from './port.ts';
import { openClient, openPool } from './postgres-connection.ts';
import * as schema from './schema.ts';
import { sqlStore } from './sql-store.ts';
import { behind, together } from './together.ts';
import { isLost } from './trouble.ts';

/** What beside the store takes SQL: libraries with tables of their own, migrations, the command line's look at the server. */
export interface SqlDatabase extends Database {
  readonly kind: 'postgres' | 'pglite';
  readonly orm: Executor;
  /** Runs statements that carry no parameters, several at once if need be (migrations of libraries). */
  script(text: string): Promise<Record<string, unknown>[]>;
  /** Runs one statement with `$1` parameters, outside any transaction of ours (libraries that bring their own SQL). */
  statement(text: string, values: unknown[]): Promise<Record<string, unknown>[]>;
  migrate(): Promise<void>;
}

export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));
/** An arbitrary constant: two processes that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_482_501;

/**
 * On node-postgres. Not on postgres.js (3.4.9): when a connection is lost in a transaction, it connects anew and runs what the
 * transaction still sends outside of any – measured: rows of five transactions that had failed were there – and a write that was
 * waiting for its turn throws where nobody can catch it.
 * @param url postgres:// address; @param max connections of this process; @param name told to the server as application_name
 */
export function connectPostgres(url: string, max = 10, name = 'takt'): SqlDatabase {
  const pool = openPool(url, max, name);
  const orm = drizzle({ client: pool, schema });
  // The pool takes a second end for a mistake; to close twice is none.
  let closed: Promise<void> | undefined;
  return {
    kind: 'postgres',
    orm,
    store: sqlStore(orm),
    transaction: (work) => transaction(pool, work),
    listen: (channel, heard) => listen(url, name, channel, heard),
    script: async (text) => rowsOf(await pool.query(text)),
    statement: async (text, values) => (await pool.query(text, values)).rows,
    async migrate() {
      // Without the bounds of a session: tables of millions of rows get their indexes here.
      const own = new pg.Client({ connectionString: url });
      // Cut off between two statements, it would end the process; the next statement tells it.
      own.on('error', () => {});
      await own.connect();
      try {
        await own.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
        await migrate(drizzle({ client: own }), { migrationsFolder });
      } finally {
        await own.end();
      }
    },
    close() {
      closed ??= pool.end();
      return closed;
    },
  };
}

/**
 * Not drizzle's own (0.45.4): that one keeps the connection for ever when "begin" fails – ten such moments, and the pool is used up –
 * and tells of the roll-back that failed instead of what had gone wrong before. A connection that cannot roll back is thrown away.
 */
async function transaction<T>(pool: pg.Pool, work: (tx: StoreTx, commitAlong: CommitAlong) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: boolean | Error = true;
  let committed: Promise<void> | undefined;
  try {
    // The first statement goes along: wherever "begin" is refused – the connection is lost – so is what comes behind it.
    const commitAlong: CommitAlong = () => (committed ??= behind(() => commit(client)));
    const [, result] = await together([client.query('begin'), work(storeOn(client), commitAlong)]);
    await (committed ?? commit(client));
    broken = false;
    return result;
  } catch (error) {
    // On a connection that has gone silent a roll-back would wait as long again; the server rolls back what has lost its client.
    if (!isLost(error)) broken = await rolledBack(client);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The server answers a commit after a failed statement with a roll-back, and takes it for no error. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('The server has rolled the transaction back: a statement of it had failed.');
}

/** Whether the connection is broken: false, or why. */
const rolledBack = (client: pg.PoolClient): Promise<boolean | Error> =>
  client.query('rollback').then(
    () => false,
    (cause: unknown) => (cause instanceof Error ? cause : true),
  );

const storesOn = new WeakMap<pg.PoolClient, StoreTx>();

/** Made once for a connection: 0.08 ms each time. */
function storeOn(client: pg.PoolClient): StoreTx {
  const known = storesOn.get(client);
  if (known) return known;
  const store = sqlStore(drizzle({ client, schema }));
  storesOn.set(client, store);
  return store;
}

/** The driver gives a list of results where a script had several statements. */
const rowsOf = (result: pg.QueryResult | pg.QueryResult[]): Record<string, unknown>[] => [result].flat().flatMap((one) => one.rows);

/** How long after a lost connection the next one is tried, milliseconds. */
const RECONNECT_MS = 500;

/** Listens on a connection of its own, which is made anew when it is lost. */
async function listen(url: string, name: string, channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
  let stopped = false;
  let current: pg.Client | undefined;
  async function connect(): Promise<void> {
    const client = await openClient(url, name);
    client.on('notification', (message) => heard(message.payload ?? ''));
    try {
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await client.end();
      throw error;
    }
    client.on('end', again);
    current = client;
    heard('');
    if (stopped) await client.end();
  }
  function again(): void {
    if (!stopped) setTimeout(() => connect().catch(again), RECONNECT_MS).unref();
  }
  await connect();
  return async () => {
    stopped = true;
    await current?.end();
  };
}
