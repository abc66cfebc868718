/** Worker processes, as an installation starts them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const TAKT = fileURLToPath(new URL('../../bin/takt.mjs', import.meta.url));
/** All processes of a benchmark seal with one key, as several machines must. */
const SECRET = Buffer.alloc(32).toString('base64');

export interface Workers {
  processes: readonly ChildProcess[];
  stop(): Promise<void>;
}

/** Resolves when all of them are ready. @param before what to put before the command line, where they run elsewhere than here */
export async function startWorkers(url: string, folder: string, count: number, before: readonly string[] = []): Promise<Workers> {
  const [program = '', ...rest] = [...before, process.execPath, TAKT, 'worker'];
  const processes = Array.from({ length: count }, () =>
    spawn(program, rest, {
      env: { ...process.env, DATABASE_URL: url, TAKT_DATA: folder, TAKT_SECRET_KEY: SECRET, TAKT_LOG: 'error' },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map(end));
  };
  try {
    await Promise.all(processes.map(ready));
  } catch (error) {
    await stop();
    throw error;
  }
  return { processes, stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`A worker ended with code ${code} before it was ready.`)));
    if (!child.stdout) return reject(new Error('A worker has no output to read.'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('The worker is ready')) resolve();
    });
  });
}

/** The most memory that a process has ever held, megabytes (Linux: VmHWM). */
export async function peakMegabytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}
