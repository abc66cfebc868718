/** What a run remembers between two moments, as it is stored in `runs.state`. Plain JSON, bounded. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';

/** An active position in a run. */
export interface Token {
  id: number;
  node: string;
  status: 'ready' | 'waiting' | 'failed';
  /** How often the run has entered this node, this time included. Part of the idempotency key of its effects. */
  visit: number;
  /** Attempts that failed so far at this node. */
  failures: number;
  /** The step that records what happens at this node; 0 before it began. */
  seq: number;
  wait?: Wait;
}

export interface Wait {
  /** What signals name. Unique within the run. */
  id: string;
  kind: 'time' | 'effect' | 'retry';
  /** When it ends by itself, milliseconds since the epoch. */
  until?: number;
  memo?: JsonObject;
}

export interface RunState {
  tokens: Token[];
  /** node → its last output */
  outputs: Record<string, Json>;
  vars: Record<string, Json>;
  /** node → how often entered */
  visits: Record<string, number>;
  seq: number;
  nextToken: number;
}

/** Bytes of JSON that a run may carry. */
export const MAX_STATE_BYTES = 1_000_000;

/** A run that has just been started by a trigger: one token for each edge out of it. */
export function initialState(targets: readonly string[]): RunState {
  const tokens = targets.map((node, i): Token => ({ id: i + 1, node, status: 'ready', visit: 0, failures: 0, seq: 0 }));
  return { tokens, outputs: {}, vars: {}, visits: {}, seq: 0, nextToken: targets.length + 1 };
}

/** When the run should be looked at next: now if a token can move, else the earliest end of a wait; null if only a signal helps. */
export function dueAt(state: RunState, now: number): number | null {
  if (state.tokens.some((token) => token.status === 'failed')) return null;
  if (state.tokens.some((token) => token.status === 'ready')) return now;
  const ends = state.tokens.flatMap((token) => token.wait?.until ?? []);
  return ends.length > 0 ? Math.min(...ends) : null;
}

/** What has been told to a waiting run: the answer to one of its waits. */
export type SignalPayload = { ok: true; result: JsonObject } | { ok: false; error: ErrorData };
