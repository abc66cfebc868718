/** After a command that made runs due: a running server carries them out, else this process does. */
import { sql } from 'drizzle-orm';
import { rows } from '../../engine/store/database.ts';
import type { Workbench } from '../start/assemble.ts';
import { showProgress } from './import/progress.ts';
import type { Io } from './io.ts';
import { count, duration } from './show.ts';

const LOOK_EVERY_MS = 500;

/** Resolves when nothing is due any more, or at once where a server runs. What is broken off is taken up by whoever comes next. */
export async function carryOut(io: Io, bench: Workbench): Promise<void> {
  const { engine } = bench;
  const waiting = await dueNow(bench);
  if (waiting === 0) return;
  if (await bench.serverRuns()) {
    io.err(`${count(waiting)} runs are due; the running server carries them out (takt runs).`);
    return;
  }
  const started = performance.now();
  const progress = showProgress(io, 'runs', waiting);
  let most = waiting;
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
    const work = engine.drain();
    const done = await Promise.race([work, aborted(io.signal)]);
    clearInterval(ticker);
    progress.stop();
    if (done === undefined) {
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

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
