/** Months side by side in threads, as many as there are processors. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ComparedMonth } from './compare.ts';
import type { MorningList } from './morning.ts';

/** What a thread is to do. */
export type Task =
  | { readonly kind: 'month'; readonly seed: number; readonly perMonth: number }
  | { readonly kind: 'morning'; readonly seed: number };

/** What it tells: how far it is, and what came of it. */
export type Told = { readonly passed: number } | { readonly month: ComparedMonth } | { readonly morning: MorningList };

const MOST_THREADS = 8;

/**
 * Does all tasks.
 * @param onPassed called with the share of 1 that is done of all
 * @returns what came of each, in their order; throws what one has thrown
 */
export async function allOf(tasks: readonly Task[], thread: URL, onPassed: (share: number) => void): Promise<Told[]> {
  const shares = tasks.map(() => 0);
  const found: Told[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker(thread);
    try {
      for (let i = next++; i < tasks.length; i = next++) {
        found[i] = await done(worker, tasks[i], (share) => {
          shares[i] = share;
          onPassed(shares.reduce((sum, one) => sum + one, 0) / tasks.length);
        });
        shares[i] = 1;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), MOST_THREADS, tasks.length) }, work));
  return found;
}

function done(worker: Worker, task: Task | undefined, onPassed: (share: number) => void): Promise<Told> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.on('message', (told: Told) => {
      if ('passed' in told) onPassed(told.passed);
      else resolve(told);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`A thread has ended with ${code} before it was done.`)));
    worker.postMessage(task);
  });
}
