/** How soon a server answers that is started again on its data folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../engine/home/secrets.ts';
import type { Bed } from '../bed.ts';
import { type Benchmark, figure, median, times } from '../figure.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/takt.mjs', import.meta.url));
const LONGEST_MS = 120_000;
const LOOK_MS = 10;

/** Starts a server, and stops it when it is ready. Gives how many milliseconds it took until it said so by HTTP. */
async function started(bed: Bed, port: number): Promise<number> {
  const begun = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'start', '--no-demo', '--port', String(port)], {
    env: { ...process.env, TAKT_DATA: join(bed.folder, 'start'), TAKT_LOG: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    while (!(await isReady(port))) {
      if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode} before it was ready.`);
      if (performance.now() - begun > LONGEST_MS) throw new Error('The server does not become ready.');
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return performance.now() - begun;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/health`)).ok;
  } catch {
    return false; // Nobody listens yet.
  }
}

export const start: readonly Benchmark[] = [
  {
    names: ['start_ms'],
    async run(bed, { rounds }, say) {
      const port = await freePort();
      const first = await started(bed, port);
      const again = await times(rounds, () => started(bed, port));
      say(`${Math.round(first)} ms on a new folder, then ${again.map(Math.round).join(', ')} ms`);
      return [figure('start_ms', median(again), 'ms', first)];
    },
  },
];
