import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { stopCluster } from '../../engine/home/cluster.ts';
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
  /** The fixture of another clone. */
  script?: string;
}

/** Starts a process of its own that visits the home. */
export async function visit(folder: string, { role = 'main', script = VISIT, uid, gid }: VisitOptions = {}): Promise<Visit> {
  const child = spawn(process.execPath, [script, folder, role], {
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
