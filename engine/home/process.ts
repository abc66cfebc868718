import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The account that a program runs under; undefined: our own. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

const run = promisify(execFile);

/**
 * What tells a process from a later one with the same pid: the time of its start (Linux: boot id and ticks since boot;
 * elsewhere the start time that `ps` tells). Undefined when there is no such process, or only its zombie.
 */
export async function processBirth(pid: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (platform() !== 'linux') {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return stdout.trim() || undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  });
  if (stat === undefined) return undefined;
  // The name of the program stands in parentheses and may itself contain any character: count from the last ")".
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return `${boot}:${fields[19]}`;
}

/**
 * Waits until the process is gone. Polled: an adopted process is no child of ours, so nobody tells us of its end.
 * @param seconds how long to wait at most
 * @returns whether it is gone
 */
export async function waitForEnd(pid: number, birth: string, seconds: number): Promise<boolean> {
  for (let polls = seconds * 20; polls > 0; polls--) {
    if ((await processBirth(pid)) !== birth) return true;
    await pause(50);
  }
  return (await processBirth(pid)) !== birth;
}

/** Is there anything with this pid, be it a zombie or a process of somebody else? */
export function pidIsTaken(pid: number): boolean {
  try {
    return Number.isSafeInteger(pid) && pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal; a process that has just ended is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Our environment has secrets (DATABASE_URL) and traps (PGDATA, PGPORT, NODE_OPTIONS): PostgreSQL gets none of it. */
export const bareEnvironment = (): NodeJS.ProcessEnv => ({
  // useradd lives in sbin, which the PATH of `su` lacks.
  PATH: `${process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'}:/usr/sbin:/sbin`,
  LC_ALL: 'C',
  TZ: 'UTC',
});

export interface Outcome {
  /** Exit code; -1 when the program could not be started or a signal ended it. */
  code: number;
  /** The last 8,000 characters of what it printed to either stream. */
  output: string;
}

/** Runs a program to its end, as `account` when given. Never rejects: what went wrong is in `output`. */
export function runProgram(file: string, args: readonly string[], account?: Account): Promise<Outcome> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      cwd: '/',
      env: bareEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
    });
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-8000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: -1, output: `${output}${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** The account of that name, if the system knows it. */
export async function findAccount(name: string): Promise<Account | undefined> {
  const uid = await runProgram('id', ['-u', name]);
  const gid = await runProgram('id', ['-g', name]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { uid: Number.parseInt(uid.output, 10), gid: Number.parseInt(gid.output, 10), name };
}
