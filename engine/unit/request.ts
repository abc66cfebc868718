import type { DataRequest } from '../node/definition.ts';
import type { EventRow } from './rows.ts';

/** What drivers load: what nodes ask for, and beside it what only the engine does. */
export type Request =
  | DataRequest
  | { kind: 'event'; id: string }
  /** Records that will be written: read under their row locks. */
  | { kind: 'lock'; ids: readonly string[] }
  /** An event with an idempotency key: written at once, so that it is known whether it is new. */
  | { kind: 'claim'; event: EventRow }
  | Hear
  /** A merge that is to be taken back, under its lock. */
  | { kind: 'merge'; id: string }
  /** Runs that wait for events of these types about these. */
  | { kind: 'waits'; types: readonly string[]; correlations: readonly string[] };

/** Which of these types of events any run waits for, and none more before the end: the records are shared, see `recordsByIds`. */
export interface Hear {
  kind: 'hear';
  ids: readonly string[];
  types: readonly string[];
}
