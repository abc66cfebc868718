/** What a run remembers between two moments, as it is stored in `runs.state`. Plain JSON, bounded. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { Consent, EventSubscription } from '../node/definition.ts';

/** What a branch has from the tokens that it came from. */
export interface Heritage {
  /** The scope that it moves in; absent: the run itself. */
  scope?: number;
  /** Places that it is in, or in line for: key → the wait by which it came to them. */
  places?: Record<string, string>;
  /** Forks and joins that it has come through: node → the number of the step that let it on last. */
  through?: Record<string, number>;
}

/** An active position in a run. */
export interface Token extends Heritage {
  id: number;
  node: string;
  status: 'ready' | 'waiting' | 'failed';
  /** How often the run has entered this node, this time included. Part of the idempotency key of its effects. */
  visit: number;
  /** Attempts that failed so far at this node. */
  failures: number;
  /** The step that records what happens at this node; 0 before it began. */
  seq: number;
  /** A person stands behind what this step sends: they have started the run by hand a short time ago, or have agreed. */
  byPerson?: true;
  /** The edge that it came over, `node:port`; absent where the run, or a handler, begins. */
  via?: string;
  wait?: Wait;
  /** What has ended its wait, until its step goes on. */
  woken?: Woken;
  /** Events that came after the one that has woken it: where that one does not meet the condition of the wait, they count. */
  heard?: SignalPayload[];
}

/** What ends a token's wait; `stuck`: nothing ever would. */
export type Woken = SignalPayload | 'time' | 'stuck';

/**
 * `start`: the run has not begun, its place is taken; `retry`: the next attempt; `join`: for other branches; `scope`: until all
 * items are through; the others are asked for by nodes.
 */
type WaitKind = 'time' | 'effect' | 'event' | 'place' | 'child' | 'retry' | 'join' | 'scope' | 'start';

export interface Wait {
  /** What signals name. Unique within the run. */
  id: string;
  kind: WaitKind;
  /** When it ends by itself, milliseconds since the epoch. */
  until?: number;
  memo?: JsonObject;
  /** kind event: any of these ends it */
  subscriptions?: EventSubscription[];
  /** kind event: the change by which a person agrees */
  consent?: Consent;
  /** kind child: the run that is waited for */
  child?: string;
  /** kind place: its key */
  place?: string;
  /** kind join */
  join?: JoinRule;
  /** kind scope */
  items?: ItemsProgress;
}

export interface JoinRound {
  /** The step that let a token on. */
  by: number;
  /** Edges over which tokens of this round have come. */
  came: string[];
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
  /** So many that end without an error are enough: then the token goes on, and the other items as `rest` says. All without it. */
  enough?: number;
  rest: 'leave' | 'cancel';
  /** Enough have ended, the token has gone on; the node only waits for what it has begun. */
  passed?: true;
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
  /** It was started by hand, on its one record. */
  byHand?: true;
  scopes?: Scope[];
  nextScope?: number;
  /** Joins of some branches that have let a token on, while others of the same round are to come: `scope:node:fork`, the fork by the step that let the branches on; 0 where there is none. */
  joins?: Record<string, JoinRound>;
  /** Finished nodes that can be compensated, the oldest first, with the scope that they were in. */
  undoable?: { node: string; output: Json; scope?: number }[];
  /** Places that the run holds or is in line for, each by the wait with which it came there. */
  places?: { key: string; wait: string }[];
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
export function initialState(targets: readonly string[], place?: { key: string; taken: boolean }, byHand = false): RunState {
  const waits: Partial<Token> = place?.taken ? { status: 'waiting', wait: { id: CONTROL.start, kind: 'start' } } : {};
  const tokens = targets.map((node, i): Token => ({ id: i + 1, node, status: 'ready', visit: 0, failures: 0, seq: 0, ...waits }));
  const state: RunState = { tokens, outputs: {}, vars: {}, visits: {}, seq: 0, nextToken: targets.length + 1 };
  if (byHand) state.byHand = true;
  if (place) state.places = [{ key: place.key, wait: CONTROL.start }];
  return state;
}

/** The state with its failed tokens ready again: attempts count anew, the visit and so the idempotency keys stay. */
export function retried(state: RunState): RunState {
  return {
    ...state,
    tokens: state.tokens.map((token) => (token.status === 'failed' ? { ...token, status: 'ready', failures: 0 } : token)),
  };
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
