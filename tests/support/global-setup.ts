/**
 * One PostgreSQL for the whole test run: our embedded one in a temporary folder, or the server of DATABASE_URL, where
 * the run makes databases of its own and drops them.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { stopCluster } from '../../engine/home/cluster.ts';
import { openEmbedded } from '../../engine/home/embedded.ts';
import { openHome } from '../../engine/home/index.ts';
import { pidIsTaken, signal } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A server where the user of this address may create databases. */
    postgresUrl: string;
    /** With this every database of the run begins. */
    databasePrefix: string;
    /** A folder that lives as long as the run. */
    runFolder: string;
  }
}

const FOLDER = 'takt-tests-';
/** Nothing here outlives the run, so nothing has to survive a power cut. The books of the crash drill ask when something was committed. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '4GB', track_commit_timestamp: 'on' };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const databaseUrl = process.env.DATABASE_URL;
  const runFolder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const databasePrefix = `takt_test_${randomBytes(4).toString('hex')}_`;
  const home = await open(databaseUrl, runFolder);
  project.provide('postgresUrl', home.url);
  project.provide('databasePrefix', databasePrefix);
  project.provide('runFolder', runFolder);
  const clearAway = (): void => stopAtOnce(runFolder);
  process.once('exit', clearAway);
  return async () => {
    process.off('exit', clearAway);
    if (databaseUrl !== undefined) await dropDatabases(home.url, databasePrefix);
    await home.close();
    await rm(runFolder, { recursive: true, force: true });
  };
}

async function open(databaseUrl: string | undefined, runFolder: string): Promise<{ url: string; close(): Promise<void> }> {
  const folder = join(runFolder, 'home');
  if (databaseUrl !== undefined) return openHome({ databaseUrl, folder, role: 'main', logger: silentLogger });
  // mkdtemp makes 0700; as root, PostgreSQL runs under another account and must pass.
  await chmod(runFolder, 0o711);
  const home = await openEmbedded({ folder, role: 'main', logger: silentLogger, settings: FAST });
  const superuser = postgres(home.superuserUrl, { max: 1 });
  await superuser.unsafe('alter role takt createdb');
  await superuser.end();
  return home;
}

/** For Ctrl-C, after which no tear-down comes: no promise can be waited for any more. */
function stopAtOnce(runFolder: string): void {
  const file = join(runFolder, 'home', 'pgdata', 'postmaster.pid');
  if (existsSync(file)) signal(Number.parseInt(readFileSync(file, 'utf8'), 10), 'SIGQUIT');
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let polls = 0; existsSync(file) && polls < 50; polls++) Atomics.wait(clock, 0, 0, 50);
  rmSync(runFolder, { recursive: true, force: true, maxRetries: 5 });
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const names = await sql<{ name: string }[]>`select datname as name from pg_database where starts_with(datname, ${prefix})`;
    for (const { name } of names) await sql.unsafe(`drop database if exists ${name} with (force)`);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** A run that was killed leaves its PostgreSQL running. That one is stopped, and its folder goes. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isSafeInteger(pid) || pidIsTaken(pid)) continue;
    const folder = join(tmpdir(), name);
    await stopCluster(join(folder, 'home'), silentLogger);
    await rm(folder, { recursive: true, force: true });
  }
}
