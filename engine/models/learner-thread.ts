/** Trains in a thread of its own, so that requests and runs of the process go on. */
import { Worker } from 'node:worker_threads';
import { type ErrorData, isErrorCode, TaktError } from '../errors/index.ts';
import type { Trained } from './judge.ts';
import type { Learner } from './learner.ts';

/** What the thread answers. */
export type Learned = { ok: true; trained: Trained } | { ok: false; error: ErrorData };

/** PostgreSQL ends a session that has been silent in a transaction for a minute. */
const ALIVE_MS = 20_000;
/** 50,000 rows of 100 fields take some 300 MB. */
const MOST_MEMORY_MB = 1_500;

export const learnInThread: Learner = {
  train(input, alive) {
    const thread = new Worker(new URL('./thread.ts', import.meta.url), {
      workerData: input,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    });
    return new Promise<Trained>((resolve, reject) => {
      const beat = setInterval(() => {
        alive().catch((error: unknown) => {
          // Nobody could keep what it learns.
          thread.terminate().catch(reject);
          reject(error);
        });
      }, ALIVE_MS);
      const settle = (work: () => void): void => {
        clearInterval(beat);
        work();
      };
      thread.once('message', (answer: Learned) => settle(() => (answer.ok ? resolve(answer.trained) : reject(thrownAgain(answer.error)))));
      thread.once('error', (error) => settle(() => reject(error)));
      thread.once('exit', (code) =>
        settle(() => reject(new TaktError('INTERNAL', { message: `The learning thread ended with ${code}.` }))),
      );
    });
  },
};

function thrownAgain({ code, message, hint, errors = [], ...place }: ErrorData): TaktError {
  const again = { ...place, message, ...(hint === undefined ? {} : { hint }), errors: errors.map(thrownAgain) };
  return new TaktError(isErrorCode(code) ? code : 'INTERNAL', again);
}
