/** An installation as it is run: a server that keeps the embedded PostgreSQL, two workers, and a supervisor that starts again what has ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { stopCluster } from '../../engine/home/cluster.ts';
import { freePort } from '../../engine/home/secrets.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { ProcessName } from './plan.ts';

const TAKT = fileURLToPath(new URL('../../bin/takt.mjs', import.meta.url));
/** A supervisor waits so long before it starts a process again, milliseconds. */
const RESTART_MS = 200;
/** A process is ready after so long at the latest, milliseconds; to stop a PostgreSQL that hangs, and its recovery, are part of it. */
const READY_MS = 150_000;
const LOOK_MS = 50;
/** Lines of what a process has said that are kept. */
const KEPT_LINES = 40;

export interface Installation {
  /** `http://127.0.0.1:<port>` of the server. */
  origin: string;
  /** An admin key. */
  key: string;
  /** Address of the database as its superuser. */
  superuserUrl: string;
  postmaster(): Promise<number>;
  process(name: ProcessName): Supervised;
  /** Ends of processes that nobody has killed, with what they said last. */
  ends: string[];
  close(): Promise<void>;
}

/** @param env beside what the installation says itself */
export async function install(env: Record<string, string>): Promise<Installation> {
  const base = await mkdtemp(join(tmpdir(), 'takt-crash-'));
  // mkdtemp makes 0700; as root, PostgreSQL runs under another account and must pass.
  await chmod(base, 0o711);
  const folder = join(base, 'data');
  const port = await freePort();
  const ends: string[] = [];
  const settings = { ...env, TAKT_DATA: folder, TAKT_LOG: 'warn' };
  const start = (name: ProcessName, argv: string[]): Supervised => new Supervised(name, argv, settings, (end) => ends.push(end));
  const serve = (): Supervised => start('server', ['start', '--api-only', '--no-demo', '--port', String(port)]);
  let server = serve();
  const opened = [server];
  async function close(): Promise<void> {
    // Workers first: the server is the one that stops PostgreSQL politely.
    await Promise.all(opened.slice(1).map((one) => one.stop()));
    await server.stop();
    await stopCluster(folder, silentLogger);
    await rm(base, { recursive: true, force: true });
  }
  try {
    await server.ready();
    await keepCommitTimes(await superuserUrl(folder));
    await server.stop();
    server = serve();
    opened[0] = server;
    await server.ready();
    const workers: Record<Exclude<ProcessName, 'server'>, Supervised> = {
      'worker 1': start('worker 1', ['worker']),
      'worker 2': start('worker 2', ['worker']),
    };
    opened.push(...Object.values(workers));
    await Promise.all(Object.values(workers).map((one) => one.ready()));
    return {
      origin: `http://127.0.0.1:${port}`,
      key: (await readFile(join(folder, 'api-key'), 'utf8')).trim(),
      superuserUrl: await superuserUrl(folder),
      postmaster: async () => Number((await readFile(join(folder, 'pgdata', 'postmaster.pid'), 'utf8')).split('\n')[0]),
      process: (name) => (name === 'server' ? server : workers[name]),
      ends,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** To the database of Takt, not to that of the superuser. */
async function superuserUrl(folder: string): Promise<string> {
  const read = async (name: string): Promise<URL> => new URL((await readFile(join(folder, name), 'utf8')).trim());
  const address = await read('superuser.url');
  address.pathname = (await read('url')).pathname;
  return address.href;
}

/** From the next start of PostgreSQL on: the books ask which of two transactions was committed first. */
async function keepCommitTimes(superuser: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  try {
    await client.query('alter system set track_commit_timestamp = on');
  } finally {
    await client.end();
  }
}

/** A process of Takt that is started again whenever it ends. */
export class Supervised {
  readonly name: ProcessName;
  readonly #argv: string[];
  readonly #env: Record<string, string>;
  readonly #onEnd: (text: string) => void;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isReady = false;
  /** The last lines that the process has said. */
  #said: string[] = [];
  #stopping = false;
  /** Processes that the drill has killed: their end is nothing to tell of. */
  readonly #killed = new WeakSet<ChildProcess>();

  constructor(name: ProcessName, argv: string[], env: Record<string, string>, onEnd: (text: string) => void) {
    this.name = name;
    this.#argv = argv;
    this.#env = env;
    this.#onEnd = onEnd;
    this.#start();
  }

  /** Resolves when the process is ready, or the one that is started in its place. Throws where none is for too long. */
  async ready(): Promise<void> {
    const until = performance.now() + READY_MS;
    while (!this.#isReady) {
      if (performance.now() > until)
        throw new Error(`The ${this.name} is not ready after ${READY_MS / 1_000} seconds:\n${this.#said.join('\n')}`);
      await pause(LOOK_MS);
    }
  }

  /** @returns whether there was a process to kill */
  kill(): boolean {
    const child = this.#child;
    if (!child) return false;
    this.#killed.add(child);
    return child.kill('SIGKILL');
  }

  /** Stops the process where it stands, and lets it go on after so many milliseconds. */
  async freeze(ms: number): Promise<void> {
    const child = this.#child;
    if (!child?.kill('SIGSTOP')) return;
    await pause(ms);
    if (this.#child === child) child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }

  #start(): void {
    const { DATABASE_URL: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [TAKT, ...this.#argv], {
      env: { ...inherited, ...this.#env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const said: string[] = [];
    this.#said = said;
    const hear = (line: string): void => {
      said.push(line);
      if (said.length > KEPT_LINES) said.shift();
    };
    createInterface({ input: child.stderr }).on('line', hear);
    createInterface({ input: child.stdout }).on('line', (line) => {
      hear(line);
      if (/^(The worker is ready|Ctrl-C stops Takt)/.test(line)) this.#isReady = true;
    });
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      this.#isReady = false;
      if (this.#stopping) return;
      if (!this.#killed.has(child)) this.#onEnd(`${this.name} ended by itself (${signal ?? code}):\n${said.join('\n')}`);
      this.#restart = setTimeout(() => this.#start(), RESTART_MS);
    });
  }
}
