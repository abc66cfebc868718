/** After a command that made runs due: a running server carries them out, else this process does. */

import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import type { Workbench } from '../start/assemble.ts';
import { showProgress } from './import/progress.ts';
import type { Io } from './io.ts';
import { count, duration } from './show.ts';

/** How often progress is looked at. */
export const LOOK_EVERY_MS = 500;

/** Resolves when nothing is due any more, or at once where a server runs. What is broken off is taken up by whoever comes next. */
export async function carryOut(io: Io, bench: Workbench): Promise<void> {
  const waiting = await dueNow(bench);
  if (waiting === 0) return;
  if (await bench.serverRuns()) {
    io.err(`${count(waiting)} runs are due; the running server carries them out (takt runs).`);
    return;
  }
  await showWork(io, bench, bench.engine.drain());
}

/** Shows how the work goes through the runs that are due, until it is over or Ctrl-C is pressed. Throws what the work throws. */
export async function showWork(io: Io, bench: Workbench, work: Promise<unknown>): Promise<void> {
  const started = performance.now();
  let most = await dueNow(bench);
  const progress = showProgress(io, 'runs', most);
  const ticker = setInterval(() => {
    dueNow(bench).then(
      (left) => {
        most = Math.max(most, left);
        progress.update(most - left, most - left, most);
      },
      // The work itself meets the same fault and tells it.
      () => {},
    );
  }, LOOK_EVERY_MS);
  try {
    const ended = await Promise.race([work.then(() => true), aborted(io.signal)]);
    clearInterval(ticker);
    progress.stop();
    if (ended === undefined) {
      work.catch(() => {});
      io.err('Stopped. The runs that are left go on with takt start, or with the next command.');
    } else io.err(`Runs carried out in ${duration(performance.now() - started)}; ${await summary(bench)}`);
  } finally {
    clearInterval(ticker);
    progress.stop();
  }
}

async function dueNow({ engine, database }: Workbench): Promise<number> {
  const now = new Date(engine.ports.clock.now()).toISOString();
  const [row] = await rows<{ n: number }>(database.orm, sql`select count(*)::int as n from runs where due_at <= ${now}`);
  return row?.n ?? 0;
}

async function summary({ database }: Workbench): Promise<string> {
  const found = await rows<{ status: string; n: number }>(
    database.orm,
    sql`select status, count(*)::int as n from runs group by status order by n desc`,
  );
  return `runs in all: ${found.map(({ status, n }) => `${count(n)} ${status}`).join(', ')}.`;
}

/** Resolves at the first Ctrl-C. */
export const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
