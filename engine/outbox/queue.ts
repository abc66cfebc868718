import type { Executor } from '../store/database.ts';

/** Where effects wait for a dispatcher. Enqueuing is part of the transaction that writes the effect. */
export interface EffectQueue {
  enqueue(tx: Executor, jobs: readonly { effectId: string; delayMs: number }[]): Promise<void>;
}
