/** Where benchmarks run: an embedded PostgreSQL of their own with fsync on, a database for each measurement, the whole engine on it. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { assemble, type Workbench } from '../../api/start/assemble.ts';
import { closeAll } from '../../api/start/closers.ts';
import { readSettings } from '../../api/start/settings.ts';
import { openEmbedded } from '../../engine/home/embedded.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { Author } from '../../engine/store/schema.ts';
import { connectPostgres, type SqlDatabase } from '../../engine/store/sql-database.ts';
import type { JsonObject } from '../../schemas/json.ts';

export const AUTHOR: Author = { kind: 'system', id: 'bench' };

/** The server's settings are those of every new data folder; nothing is tuned for the benchmark. */
export interface Bed {
  folder: string;
  /** A new database, migrated. */
  database(): Promise<BedDatabase>;
  /** A new database with nothing in it. */
  emptyDatabase(): Promise<BedDatabase>;
  /** Process id of one of the server's own processes. */
  backend(): Promise<number>;
  /** Writes out what is in memory only. */
  checkpoint(): Promise<void>;
  close(): Promise<void>;
}

export interface BedDatabase {
  url: string;
  /** Vacuums and analyses all tables, as those of an installation have been by and by. */
  vacuum(): Promise<void>;
  drop(): Promise<void>;
}

export async function openBed(): Promise<Bed> {
  const folder = await mkdtemp(join(tmpdir(), 'takt-bench-'));
  // mkdtemp makes 0700; as root, PostgreSQL runs under another account and must pass.
  await chmod(folder, 0o711);
  const home = await openEmbedded({ folder: join(folder, 'home'), role: 'main', logger: silentLogger });
  const admin = postgres(home.superuserUrl, { max: 1, onnotice: () => {} });
  const emptyDatabase = async (): Promise<BedDatabase> => {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    await admin.unsafe(`create database ${name} owner takt`);
    const url = new URL(home.url);
    url.pathname = `/${name}`;
    return {
      url: url.href,
      async vacuum() {
        const sql = postgres(url.href, { max: 1, onnotice: () => {} });
        await sql.unsafe('vacuum analyze');
        await sql.end();
      },
      async drop() {
        await admin.unsafe(`drop database ${name} with (force)`);
      },
    };
  };
  return {
    folder,
    emptyDatabase,
    async database() {
      const database = await emptyDatabase();
      const db = connectPostgres(database.url, 1);
      await db.migrate();
      await db.close();
      return database;
    },
    async backend() {
      const [row] = await admin<{ pid: number }[]>`select pg_backend_pid() as pid`;
      if (!row) throw new Error('PostgreSQL did not tell its process.');
      return row.pid;
    },
    async checkpoint() {
      await admin`checkpoint`;
    },
    async close() {
      await admin.end();
      await home.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface OpenedTakt extends Omit<Workbench, 'serverRuns' | 'close'> {
  url: string;
  database: SqlDatabase;
  /** Saves and publishes. */
  publish(...files: JsonObject[]): Promise<void>;
  close(): Promise<void>;
}

/** Takt on a database of the bed, put together as a server does it. Nothing is started yet. */
export async function openTaktAt(url: string, folder: string): Promise<OpenedTakt> {
  const database = connectPostgres(url);
  const closers: (() => Promise<unknown>)[] = [() => database.close()];
  const settings = { ...readSettings({}), folder, httpAllow: ['127.0.0.1'] };
  const bench = await assemble({ database, secret: new Uint8Array(32), settings, logger: silentLogger });
  closers.push(bench.close);
  return {
    ...bench,
    url,
    async publish(...files) {
      for (const file of files) {
        const { id } = await bench.engine.workflows.saveDraft(file);
        await bench.engine.workflows.publish(id, AUTHOR);
      }
    },
    close: () => closeAll(closers),
  };
}
