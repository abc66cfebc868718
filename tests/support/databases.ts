import { randomBytes } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import postgres from 'postgres';
import { inject } from 'vitest';
import { openMemoryDatabase } from '../../engine/store/memory/database.ts';
import { connectPglite } from '../../engine/store/pglite-database.ts';
import type { Database } from '../../engine/store/port.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';

export type SqlKind = SqlDatabase['kind'];
export type DatabaseKind = Database['kind'];

export const sqlKinds: readonly SqlKind[] = ['pglite', 'postgres'];
/** For `describe.each`: what holds on one must hold on the others. */
export const databaseKinds: readonly DatabaseKind[] = ['memory', ...sqlKinds];

export interface FreshDatabase<Kind extends Database = Database> {
  db: Kind;
  /** Another process or a second connection may come in by it. Only PostgreSQL has one. */
  url?: string;
  /** Closes `db` (unless that is done) and removes the database. */
  drop(): Promise<void>;
}

/** A database with nothing in it, of its own: at once in memory, about 0.3 s for PGlite, 0.1 s for PostgreSQL. */
export async function freshDatabase(kind: DatabaseKind): Promise<FreshDatabase> {
  if (kind !== 'memory') return freshSqlDatabase(kind);
  const db = openMemoryDatabase();
  return { db, drop: () => db.close() };
}

/** Migrated, for what sends SQL of its own. */
export function freshSqlDatabase(kind: SqlKind): Promise<FreshDatabase<SqlDatabase>> {
  return kind === 'pglite' ? freshPglite() : freshPostgres();
}

/** The address of a database, new and empty: not even migrated. */
export async function emptyPostgres(): Promise<{ url: string; drop(): Promise<void> }> {
  return createDatabase('template0');
}

async function freshPostgres(): Promise<FreshDatabase<SqlDatabase>> {
  const { url, drop } = await createDatabase(await template());
  const db = connectPostgres(url);
  return {
    db,
    url,
    async drop() {
      await db.close();
      await drop();
    },
  };
}

async function createDatabase(from: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `${inject('databasePrefix')}${randomBytes(6).toString('hex')}`;
  await admin((sql) => sql.unsafe(`create database ${name} template ${from} encoding 'UTF8'`));
  return {
    url: urlOf(name),
    async drop() {
      await admin((sql) => dropDatabase(sql, name));
    },
  };
}

const INSUFFICIENT_PRIVILEGE = '42501';

/** With its sessions. A vacuum in it belongs to the superuser, whose processes "force" may not end; without the word PostgreSQL ends it itself. */
async function dropDatabase(sql: postgres.Sql, name: string): Promise<void> {
  try {
    await sql.unsafe(`drop database if exists ${name} with (force)`);
  } catch (error) {
    if (!(error instanceof postgres.PostgresError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    await sql.unsafe(`drop database if exists ${name}`);
  }
}

function urlOf(database: string): string {
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${database}`;
  return url.href;
}

/** On one connection, so that a lock of the session lasts until the end. */
async function admin<T>(work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** An arbitrary constant: workers that need the template at once make it one after the other. */
const TEMPLATE_LOCK = 7_482_502;

/** The database that all others are copied from: migrated once in a run, by whoever comes first. */
async function template(): Promise<string> {
  const name = `${inject('databasePrefix')}template`;
  await admin(async (sql) => {
    await sql`select pg_advisory_lock(${TEMPLATE_LOCK})`;
    const there = await sql`select 1 from pg_database where datname = ${name}`;
    if (there.length > 0) return;
    const draft = `${name}_draft`;
    await dropDatabase(sql, draft);
    await sql.unsafe(`create database ${draft} template template0 encoding 'UTF8'`);
    const db = connectPostgres(urlOf(draft), 1);
    try {
      await db.migrate();
    } finally {
      await db.close();
    }
    await sql.unsafe(`alter database ${draft} rename to ${name}`);
  });
  return name;
}

async function freshPglite(): Promise<FreshDatabase<SqlDatabase>> {
  const client = new PGlite({ loadDataDir: await pgliteTemplate() });
  const db = connectPglite(client);
  await client.waitReady;
  return {
    db,
    async drop() {
      if (!client.closed) await db.close();
    },
  };
}

/** A migrated PGlite as a file: to make one takes 4 s, to load it 0.3 s (uncompressed; 0.7 s from gzip). */
async function pgliteTemplate(): Promise<Blob> {
  const file = join(inject('runFolder'), 'pglite.tar');
  const there = await stat(file).then(
    () => true,
    () => false,
  );
  if (!there) {
    const client = new PGlite();
    const db = connectPglite(client);
    await db.migrate();
    const dump = await client.dumpDataDir('none');
    await db.close();
    // Two workers may do this at once; each writes a file of its own, and the later rename changes nothing.
    const draft = `${file}.${randomBytes(4).toString('hex')}`;
    await writeFile(draft, Buffer.from(await dump.arrayBuffer()));
    await rename(draft, file);
  }
  return new Blob([await readFile(file)]);
}
