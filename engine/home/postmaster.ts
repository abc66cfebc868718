/** The running PostgreSQL of a data folder: found, recognised, asked, stopped. */
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, join } from 'node:path';
import { TaktError } from '../errors/index.ts';
import type { Logger } from '../ports/logger.ts';
import { codeOf, withConnection } from './connect.ts';
import { absent } from './files.ts';
import { pidIsTaken, processBirth, runProgram, signal, waitForEnd } from './process.ts';

export interface Postmaster {
  pid: number;
  birth: string;
  port: number;
}

/**
 * The living postmaster of the folder, told by `postmaster.pid` (its lines: pid, data folder, start time, port, …).
 *
 * After a crash of the machine the pid in that file may belong to any other program. PostgreSQL itself would then
 * refuse to start ("lock file exists"), so a file that points to a stranger is removed here. So is one that points to
 * a zombie, which in a container may stay for ever when process 1 does not care for it. That is safe: should a process
 * of this cluster be alive after all, PostgreSQL finds its shared memory by the folder's inode and refuses. A file that
 * points to nobody is left to PostgreSQL, which checks more thoroughly.
 */
export async function findPostmaster(pgdata: string): Promise<Postmaster | undefined> {
  const file = join(pgdata, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(absent);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const birth = await processBirth(pid);
  if (birth === undefined || !(await isPostgresOf(pid, pgdata))) {
    if (pidIsTaken(pid)) await rm(file, { force: true });
    return undefined;
  }
  return { pid, birth, port: Number(lines[3] ?? 0) };
}

/** Is the process a postgres that works in this folder? */
async function isPostgresOf(pid: number, pgdata: string): Promise<boolean> {
  const folder = await realpath(pgdata);
  if (platform() !== 'linux') {
    const { output } = await runProgram('ps', ['-o', 'command=', '-p', String(pid)]);
    return basename(output.split(' -D ', 1)[0] ?? '') === 'postgres' && output.includes(folder);
  }
  const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(absent))?.split('\0') ?? [];
  if (basename(args[0] ?? '') !== 'postgres') return false;
  // A postmaster's working directory is its data folder. Root in a container may not read another user's, then -D tells.
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return cwd === undefined ? args.includes(folder) : cwd === folder;
}

/** What a try to connect tells: it is ours, it is on its way up, on its way down, nobody listens, or it does not know our password. */
export type Answer = 'ours' | 'starting' | 'stopping' | 'silent' | 'stranger';

/** PostgreSQL has one code for both ways, and tells them apart by this; its messages here are English, by initdb's locale C. */
const STOPPING = /shutting down/;

/** Asks the PostgreSQL at that address whether it serves this folder. */
export async function ask(superuserUrl: string, pgdata: string): Promise<Answer> {
  try {
    const served = await withConnection(superuserUrl, 5, async (sql) => {
      const [row] = await sql<{ folder: string }[]>`select current_setting('data_directory') as folder`;
      return row?.folder ?? '';
    });
    const same = (await realpath(served).catch(() => served)) === (await realpath(pgdata));
    return same ? 'ours' : 'stranger';
  } catch (error) {
    const code = codeOf(error);
    if (code === '57P03') return STOPPING.test(String(error)) ? 'stopping' : 'starting';
    if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'CONNECTION_CLOSED' || code === 'CONNECT_TIMEOUT') return 'silent';
    return 'stranger';
  }
}

/** So long it may take to write a checkpoint of its buffers (128 MB unless somebody has set more), seconds. */
const POLITELY_S = 15;

/**
 * Stops it: first "fast" (SIGINT: open transactions are rolled back, a checkpoint is written), then, when that takes
 * too long, "immediate" (SIGQUIT: nothing committed is lost, the next start recovers from the log). PostgreSQL 18 that is told to stop fast while
 * it recovers from the crash of one of its sessions never does: it waits for its checkpointer, which it has not told.
 * Only ever called for a process that `findPostmaster` has recognised.
 *
 * @throws TaktError HOME_START_FAILED when it survives both
 */
export async function stopPostmaster({ pid, birth }: Postmaster, logger: Logger): Promise<void> {
  signal(pid, 'SIGINT');
  signal(pid, 'SIGCONT'); // Should somebody have halted it (Ctrl-Z, a debugger), it would never hear the first.
  if (await waitForEnd(pid, birth, POLITELY_S)) return;
  logger.warn({ pid }, 'PostgreSQL has not stopped by itself and is stopped at once now; the next start recovers.');
  signal(pid, 'SIGQUIT');
  if (await waitForEnd(pid, birth, 20)) return;
  throw new TaktError('HOME_START_FAILED', {
    message: `PostgreSQL (process ${pid}) does not stop.`,
    hint: `Find out what holds it (a full or hanging disk?); kill -9 ${pid} as the last resort loses nothing that was committed.`,
  });
}
