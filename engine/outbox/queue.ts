import type { StoreTx } from '../store/port.ts';

/** Where effects wait for a dispatcher. Enqueuing is part of the transaction that writes the effect. */
export interface EffectQueue {
  enqueue(tx: StoreTx, jobs: readonly { effectId: string; delayMs: number }[]): Promise<void>;
}

export interface EffectJob {
  id: string;
  effectId: string;
}

/** The side of the queue that a dispatcher sees. */
export interface DispatchQueue extends EffectQueue {
  /** Jobs that are due, leased to this process. */
  take(limit: number): Promise<EffectJob[]>;
  /** Says that these jobs are still being worked on; a job of which nothing is heard is given out again. */
  touch(jobIds: readonly string[]): Promise<void>;
  complete(tx: StoreTx, jobIds: readonly string[]): Promise<void>;
  /** Calls `heard` when effects may wait. Returns the way to stop. */
  onHint(heard: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
