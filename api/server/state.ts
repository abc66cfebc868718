/** What the process and its database are up to: for readiness probes and metrics. */
import type { Engine } from '../../engine/index.ts';

export interface QueueState {
  /** Runs that a worker should take now, counted up to `MOST`. */
  dueRuns: number;
  /** How long the longest due of them waits, milliseconds. */
  lagMs: number;
  pendingEffects: number;
  deadEffects: number;
}

/** Nobody needs to know more exactly, and counting millions at every probe would be work of its own. */
const MOST = 10_000;

export async function queueState({ ports }: Engine): Promise<QueueState> {
  const now = ports.clock.now();
  const { oldestDue, oldestEffect: _, ...counts } = await ports.database.store.queueState(now, MOST);
  return { ...counts, lagMs: oldestDue === null ? 0 : Math.max(0, now - oldestDue) };
}
