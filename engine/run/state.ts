/** What a run remembers between two moments, as it is stored in `runs.state`. Plain JSON, bounded. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { EventSubscription } from '../node/definition.ts';

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
  /** The scope that it moves in; absent: the run itself. */
  scope?: number;
  wait?: Wait;
}

/**
 * `start`: the run has not begun, its place is taken; `retry`: the next attempt; `join`: for other branches; `scope`: until all
 * items are through; the others are asked for by nodes.
 */
type WaitKind = 'time' | 'effect' | 'event' | 'signal' | 'child' | 'retry' | 'join' | 'scope' | 'start';

export interface Wait {
  /** What signals name. Unique within the run. */
  id: string;
  kind: WaitKind;
  /** When it ends by itself, milliseconds since the epoch. */
  until?: number;
  memo?: JsonObject;
  /** kind event: any of these ends it */
  subscriptions?: EventSubscription[];
  /** kind child: the run that is waited for */
  child?: string;
  /** kind join */
  join?: JoinRule;
  /** kind scope */
  items?: ItemsProgress;
}

export interface JoinRule {
  need: number | 'all';
  rest: 'leave' | 'cancel';
}

/** How far a node is that carries a branch out for each of many items. */
export interface ItemsProgress {
  /** Items that have not begun, in order. */
  pending: Json[];
  /** Where each of the pending ones begins, where that differs from item to item (compensation). */
  starts?: string[];
  parallel: number;
  onError: 'collect' | 'fail';
  collect: boolean;
  /** Items that have begun. */
  begun: number;
  running: number;
  failed: number;
  errors: { index: number; code: string; message: string }[];
  results: Json[];
}

/** One item under way: its tokens move apart from those of others, and so do the outputs of their nodes. */
export interface Scope {
  id: number;
  parent?: number;
  /** The token that waits for all items. */
  token: number;
  index: number;
  item: Json;
  outputs: Record<string, Json>;
  /** The output of the step that came last. */
  last: Json;
  visits: Record<string, number>;
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
  scopes?: Scope[];
  nextScope?: number;
  /** Joins of some branches that have come to something: `scope:node` → arrivals, and whether it has let a token on. */
  joins?: Record<string, { arrived: number; fired: boolean }>;
  /** Finished nodes that can be compensated, the oldest first. */
  undoable?: { node: string; output: Json }[];
  /** Marks under which the run holds, or waits for, a place of its own. */
  locks?: string[];
  /** What is registered for the run in the table of waits. */
  registered?: string[];
}

/** Bytes of JSON that a run may carry. */
export const MAX_STATE_BYTES = 1_000_000;

/** Names of the signals that are for the run as a whole. */
export const CONTROL = { cancel: '!cancel', start: '!start', watch: '!watch' } as const;

/**
 * A run that has just been started by a trigger: one token for each edge out of it.
 * @param place the mark under which the run holds its place among those of its record; `taken`: another run holds it still
 */
export function initialState(targets: readonly string[], place?: { key: string; taken: boolean }): RunState {
  const waits: Partial<Token> = place?.taken ? { status: 'waiting', wait: { id: CONTROL.start, kind: 'start' } } : {};
  const tokens = targets.map((node, i): Token => ({ id: i + 1, node, status: 'ready', visit: 0, failures: 0, seq: 0, ...waits }));
  const state: RunState = { tokens, outputs: {}, vars: {}, visits: {}, seq: 0, nextToken: targets.length + 1 };
  if (place) state.locks = [place.key];
  return state;
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
