/** What a run waits for, as people want to know it. Pure. */
import type { EventSubscription } from '../node/definition.ts';
import type { RunRow } from '../unit/rows.ts';
import type { Place } from './places.ts';
import type { JoinRule, RunState, Token, Wait } from './state.ts';

/** One waiting token. Of the later members those are set that belong to the kind. */
export interface Waiting {
  node: string;
  kind: Wait['kind'];
  /** The item, from 0, of the innermost loop that the token is in. */
  index?: number;
  /** When it ends by itself, milliseconds since the epoch. */
  until?: number;
  /** event: any of these ends it */
  events?: readonly EventSubscription[];
  /** child: the run that was called */
  run?: string;
  /** place, start: the line it stands in, the run that holds the place, and how many stand before it */
  line?: { key: string; holder: string | null; ahead: number };
  /** join: how many have to come, and how many have */
  join?: { need: JoinRule['need']; arrived: number };
  /** scope: how far the items are; those that failed are among the done ones */
  items?: { count: number; done: number; running: number; failed: number };
  /** retry: attempts that failed so far */
  failures?: number;
}

/** Keys of the marks under which a run holds places or stands in line for them. */
export const lineKeys = ({ state }: RunRow): string[] => [...new Set(state.places?.map(({ key }) => key))];

/** @param places by the keys of `lineKeys` */
export function waitingOf({ id, state }: RunRow, places: ReadonlyMap<string, Place>): Waiting[] {
  return state.tokens.flatMap((token) => (token.status === 'waiting' && token.wait ? [told(id, state, token, token.wait, places)] : []));
}

function told(run: string, state: RunState, token: Token, wait: Wait, places: ReadonlyMap<string, Place>): Waiting {
  const waiting: Waiting = { node: token.node, kind: wait.kind };
  const scope = state.scopes?.find((one) => one.id === token.scope);
  if (scope) waiting.index = scope.index;
  if (wait.until !== undefined) waiting.until = wait.until;
  if (wait.subscriptions) waiting.events = wait.subscriptions;
  if (wait.child !== undefined) waiting.run = wait.child;
  if (wait.join) waiting.join = { need: wait.join.need, arrived: arrivedWith(state, token) };
  if (wait.items) {
    const { begun, pending, running, failed } = wait.items;
    waiting.items = { count: begun + pending.length, done: begun - running, running, failed };
  }
  if (wait.kind === 'retry') waiting.failures = token.failures;
  const line = lineOf(run, wait, places);
  if (line) waiting.line = line;
  return waiting;
}

/** The tokens that wait at the same join, this one included. */
const arrivedWith = (state: RunState, token: Token): number =>
  state.tokens.filter((other) => other.node === token.node && other.scope === token.scope && other.wait?.kind === 'join').length;

function lineOf(run: string, wait: Wait, places: ReadonlyMap<string, Place>): Waiting['line'] {
  for (const [key, { holder, queue }] of places) {
    const ahead = queue.findIndex((entry) => entry.run === run && entry.wait === wait.id);
    if (ahead >= 0) return { key, holder: holder?.run ?? null, ahead };
  }
  return undefined;
}
