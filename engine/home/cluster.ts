/** A PostgreSQL cluster in a data folder: made once, started, kept in order. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TaktError } from '../errors/index.ts';
import type { Logger } from '../ports/logger.ts';
import { type Binaries, findBinaries, POSTGRES_MAJOR, removeOldCopies } from './binaries.ts';
import { withConnection } from './connect.ts';
import { absent, exists, giveToOwner, syncFolder } from './files.ts';
import { clusterFolder, type Place } from './place.ts';
import { ask, findPostmaster, type Postmaster, stopPostmaster } from './postmaster.ts';
import { type Account, bareEnvironment, processBirth, runProgram } from './process.ts';
import { type Access, freePort, moveTo, readAccess } from './secrets.ts';

/** Server settings by name, as given with `postgres -c`. */
export type Settings = Readonly<Record<string, string>>;

const LOG = 'postgres.log';
const LOG_LIMIT = 10 * 1024 * 1024;

/** On the command line, so that no edited file can undo them: reachable from this machine only, and nothing committed is ever lost. */
const FIXED: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: 'off',
  fsync: 'on',
  full_page_writes: 'on',
};

/**
 * Written into postgresql.conf once, where an operator may change them. Plans here are short: compiling them (jit) costs more than it gives.
 * Buffers are an eighth of the memory at most, and taken only as they are filled. Behind each checkpoint every page that changes is
 * written to the log as a whole, so that there should be few: with 1 GB of log, a busy installation makes one every half a minute.
 */
function firstSettings(): Settings {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  const buffers = Math.max(16, Math.min(1024, Math.floor(memory / 8 / 1024 / 1024)));
  return {
    max_connections: '100',
    shared_buffers: `${buffers}MB`,
    max_wal_size: '4GB',
    wal_compression: 'on',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
  };
}

/**
 * Gives access to the folder's running PostgreSQL: the one that runs already (left over by a killed process, or in use
 * by another visitor), else a new one. Call it at the door only.
 *
 * @param launched called when one has been started that is still to come up
 * @throws TaktError HOME_START_FAILED, HOME_FOLDER_UNUSABLE, HOME_PLATFORM_UNSUPPORTED
 */
export async function runCluster(place: Place, settings: Settings, logger: Logger, launched?: () => void): Promise<Access> {
  const home = place.folder;
  const pgdata = clusterFolder(home);
  await checkVersion(home);
  const access = await readAccess(home);

  const running = await findPostmaster(pgdata);
  if (running) {
    const known = await moveTo(home, access, running.port || access.port);
    if (await answers(running, known, 5, pgdata, logger)) {
      logger.info({ pid: running.pid }, 'PostgreSQL of this data folder runs already and is used.');
      await setUp(known);
      return known;
    }
    logger.warn({ pid: running.pid }, 'PostgreSQL of this data folder runs but does not answer; it is stopped and started anew.');
    await stopPostmaster(running, logger);
  }

  const binaries = await findBinaries(home, place.account);
  await removeOldCopies(home, binaries);
  if (!(await exists(pgdata))) await makeCluster(place, binaries, access, logger);
  const started = await start(access, { place, binaries, settings, logger, launched });
  await setUp(started);
  return started;
}

/** Stops the folder's PostgreSQL if one runs. Call it at the door only, with nobody inside. */
export async function stopCluster(home: string, logger: Logger): Promise<void> {
  const running = await findPostmaster(clusterFolder(home));
  if (running) await stopPostmaster(running, logger);
}

async function checkVersion(home: string): Promise<void> {
  const version = (await readFile(join(clusterFolder(home), 'PG_VERSION'), 'utf8').catch(absent))?.trim();
  if (version === undefined || version === POSTGRES_MAJOR) return;
  throw new TaktError('HOME_FOLDER_UNUSABLE', {
    message: `The database in ${home} was made by PostgreSQL ${version}; this Takt brings PostgreSQL ${POSTGRES_MAJOR}.`,
    hint: 'Dump it with the Takt that made it and restore the dump into a new folder (docs/operations.md, "Upgrade").',
  });
}

/** initdb works under another name until it is done: a half-made cluster would be taken for a whole one. */
async function makeCluster(place: Place, binaries: Binaries, access: Access, logger: Logger): Promise<void> {
  const { folder: home, account } = place;
  logger.info({ folder: home }, 'Preparing the database, about 5 seconds.');
  for (const name of await readdir(home)) {
    if (name.startsWith('pgdata.draft-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const draft = join(home, `pgdata.draft-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  try {
    await writeFile(passwordFile, `${new URL(access.superuserUrl).password}\n`, { mode: 0o600 });
    await makeOwn(draft, passwordFile, account);
    await initialise(binaries, draft, passwordFile, account);
    await rename(draft, clusterFolder(home));
    await syncFolder(home);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Text is compared and lower-cased by PostgreSQL's own C.UTF-8, the same on every machine. The system's character
 * classes are still asked by pg_trgm: with LC_CTYPE=C it sees no letters in Cyrillic (similarity 0), hence a list of
 * names by which systems know a UTF-8 locale.
 */
async function initialise(binaries: Binaries, folder: string, passwordFile: string, account: Account | undefined): Promise<void> {
  let complaint = '';
  for (const ctype of ['C.UTF-8', 'en_US.UTF-8', 'UTF-8']) {
    const { code, output } = await runProgram(
      binaries.initdb,
      [
        `--pgdata=${folder}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
        `--lc-ctype=${ctype}`,
        '--data-checksums',
        '--no-instructions',
        ...Object.entries(firstSettings()).map(([name, value]) => `--set=${name}=${value}`),
      ],
      account,
    );
    if (code === 0) return;
    complaint = output.trim();
    if (!complaint.includes('invalid locale name')) break;
  }
  throw new TaktError('HOME_START_FAILED', { message: `initdb could not make the database: ${complaint}` });
}

async function makeOwn(folder: string, file: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  if (!account) return;
  await chown(folder, account.uid, account.gid);
  await chown(file, account.uid, account.gid);
}

/** Failures that pass by themselves: somebody took the port, or a backend of a killed postmaster has not noticed yet. */
const PASSING = /could not create any TCP\/IP sockets|Address already in use|pre-existing shared memory block/;

interface Launch {
  place: Place;
  binaries: Binaries;
  settings: Settings;
  logger: Logger;
  launched: (() => void) | undefined;
}

async function start(access: Access, how: Launch): Promise<Access> {
  const { place } = how;
  for (let attempt = 1; ; attempt++) {
    const current = await moveTo(place.folder, access, await freePort(access.port));
    const failure = await launch(current, how);
    if (failure === undefined) return current;
    if (attempt === 5 || !PASSING.test(failure)) {
      throw new TaktError('HOME_START_FAILED', { message: `PostgreSQL did not start in ${place.folder}:\n${failure}` });
    }
    await pause(1000);
  }
}

/** @returns undefined when it answers, else the last lines of its log */
async function launch(access: Access, { place, binaries, settings, logger, launched }: Launch): Promise<string | undefined> {
  const pgdata = clusterFolder(place.folder);
  const { file, size } = await openLog(place.folder);
  const options = { ...FIXED, port: String(access.port), ...settings };
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', pgdata, ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        cwd: '/',
        env: bareEnvironment(),
        stdio: ['ignore', file.fd, file.fd],
        // A session of its own: Ctrl-C reaches the whole group of the terminal, and must not stop PostgreSQL under our feet.
        detached: true,
        ...(place.account ? { uid: place.account.uid, gid: place.account.gid } : {}),
      },
    );
    child.unref();
    const failed = new Promise<Error>((resolve) => {
      child.once('error', resolve);
      child.once('exit', (code, name) => resolve(new Error(`PostgreSQL ended with ${name ?? `code ${code}`}.`)));
    });
    const birth = child.pid === undefined ? undefined : await processBirth(child.pid);
    if (child.pid !== undefined && birth !== undefined) {
      const postmaster = { pid: child.pid, birth, port: access.port };
      launched?.();
      if (await answers(postmaster, access, 60, pgdata, logger)) return undefined;
    }
    const error = await Promise.race([failed, pause(1000, new Error('PostgreSQL runs, but does not answer on its port.'))]);
    const tail = await readTail(place.folder, size);
    if (birth !== undefined && child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      await stopPostmaster({ pid: child.pid, birth, port: access.port }, logger);
    }
    return `${tail}${error.message}`;
  } finally {
    await file.close();
  }
}

/** A start takes 0.1 to 0.3 s, a recovery minutes; PostgreSQL notes each question in its log. */
const SHORTEST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 160;

/**
 * Waits until it answers to us. Recovery after a crash may take minutes and is waited for: then it listens and says so.
 * @param patience seconds for which it may not even do that: be silent, or hang in a stop that a killed process has begun
 * @returns false: it has ended, stays silent, does not end, or serves somebody else
 */
async function answers(postmaster: Postmaster, access: Access, patience: number, pgdata: string, logger: Logger): Promise<boolean> {
  let heard = performance.now();
  let told = heard;
  for (let wait = SHORTEST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    const answer = await ask(access.superuserUrl, pgdata);
    if (answer === 'ours') return true;
    if (answer === 'stranger' || (await processBirth(postmaster.pid)) !== postmaster.birth) return false;
    const now = performance.now();
    if (answer === 'starting') heard = now;
    if (now - heard > patience * 1000) return false;
    if (now - told > 10_000) {
      logger.info({ pid: postmaster.pid }, 'PostgreSQL is still getting ready.');
      told = now;
    }
    await pause(wait);
  }
}

/** Takt works as an ordinary owner of its database: a hole in a query must not open files and programs of the machine, as a superuser's would. */
async function setUp(access: Access): Promise<void> {
  await withConnection(access.superuserUrl, 10, async (sql) => {
    const roles = await sql`select 1 from pg_roles where rolname = 'takt'`;
    if (roles.length === 0) await sql.unsafe(`create role takt login password '${new URL(access.url).password}'`);
    const databases = await sql`select 1 from pg_database where datname = 'takt'`;
    if (databases.length === 0) await sql.unsafe('create database takt owner takt');
  });
}

async function openLog(home: string): Promise<{ file: Awaited<ReturnType<typeof open>>; size: number }> {
  const path = join(home, LOG);
  const old = await stat(path).catch(absent);
  if (old && old.size > LOG_LIMIT) await rename(path, `${path}.1`);
  const file = await open(path, 'a', 0o600);
  await giveToOwner(home, path);
  return { file, size: (await file.stat()).size };
}

/** What this start has written to the log, at most its last 15 lines. */
async function readTail(home: string, from: number): Promise<string> {
  const text = (await readFile(join(home, LOG))).subarray(from).toString('utf8');
  return text.split('\n').slice(-16).join('\n');
}
