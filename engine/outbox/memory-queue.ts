import type { Clock } from '../ports/clock.ts';
import type { DispatchQueue, EffectJob } from './queue.ts';
import { byDestination } from './server.ts';

/**
 * A queue in this process on the engine's own clock: for virtual time. It forgets with the process, and a transaction that is
 * rolled back leaves its jobs behind; they find no pending effect and do nothing.
 */
export function memoryQueue(clock: Clock): DispatchQueue {
  let jobs: { job: EffectJob; due: number }[] = [];
  let next = 1;
  return {
    async enqueue(_tx, list) {
      const now = clock.now();
      jobs.push(
        ...list.map((added) => ({
          job: { id: String(next++), effectId: added.effectId, server: byDestination(added) },
          due: now + added.delayMs,
        })),
      );
    },
    async take(limit, without) {
      const now = clock.now();
      const due = jobs.filter(({ due, job }) => due <= now && !without.includes(job.server)).slice(0, limit);
      jobs = jobs.filter((entry) => !due.includes(entry));
      return due.map((entry) => entry.job);
    },
    async touch() {},
    async complete() {},
    onHint: async () => async () => {},
    close: async () => {},
  };
}
