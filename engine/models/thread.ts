/** The thread in which a version is trained: takes its input, answers once, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { asTaktError } from '../errors/index.ts';
import { type TrainVersion, trainVersion } from './judge.ts';
import type { Learned } from './learner-thread.ts';

function learned(): Learned {
  try {
    const input: TrainVersion = workerData;
    return { ok: true, trained: trainVersion(input) };
  } catch (thrown) {
    return { ok: false, error: asTaktError(thrown).toData() };
  }
}

parentPort?.postMessage(learned());
