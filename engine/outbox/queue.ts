import type { StoreTx } from '../store/port.ts';
import type { Addressed } from './server.ts';

/** An effect that is to be sent. */
export interface NewEffectJob extends Addressed {
  effectId: string;
  delayMs: number;
}

/** Where effects wait for a dispatcher. Enqueuing is part of the transaction that writes the effect. */
export interface EffectQueue {
  enqueue(tx: StoreTx, jobs: readonly NewEffectJob[]): Promise<void>;
}

export interface EffectJob {
  id: string;
  effectId: string;
  /** Empty where the job does not say: one that was enqueued before jobs said it. */
  server: string;
}

/** The side of the queue that a dispatcher sees. */
export interface DispatchQueue extends EffectQueue {
  /**
   * Jobs that are due, oldest first, leased to this process.
   * @param without servers to which nothing is wanted now
   */
  take(limit: number, without: readonly string[]): Promise<EffectJob[]>;
  /** Says that these jobs are still being worked on; a job of which nothing is heard is given out again. */
  touch(jobIds: readonly string[]): Promise<void>;
  complete(tx: StoreTx, jobIds: readonly string[]): Promise<void>;
  /** Calls `heard` when effects may wait. Returns the way to stop. */
  onHint(heard: () => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
