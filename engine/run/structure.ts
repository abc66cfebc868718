/**
 * What holds between tokens: branches that meet, items of a list, parts of the run that are taken away, handlers that undo.
 * Pure over the run's state.
 */
import type { Json } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { PlanAction } from '../graph/plan.ts';
import type { NodeResult } from '../node/definition.ts';
import { actionOf, isWithin, keepOutput, type Progress, scopesAround, spawn, withdraw } from './progress.ts';
import type { ItemsProgress, JoinRule, RunState, Scope, Token } from './state.ts';

/** Errors of items that are kept; the others are counted. */
const MOST_ERRORS = 100;

// — branches that meet —

/** A token comes to a join. Gives the port that it leaves by, `wait`, or `absorbed` where the join has let its token on before. */
export function arrive(progress: Progress, token: Token, rule: JoinRule): 'next' | 'wait' | 'absorbed' {
  if (rule.need === 'all') return 'wait';
  const { state } = progress;
  const key = joinKey(token);
  state.joins ??= {};
  const join = Object.hasOwn(state.joins, key) ? state.joins[key] : undefined;
  const { arrived, fired } = { arrived: (join?.arrived ?? 0) + 1, fired: join?.fired ?? false };
  state.joins[key] = { arrived, fired: fired || arrived >= rule.need };
  if (fired) return 'absorbed';
  if (arrived < rule.need) return 'wait';
  for (const other of waitingAt(state, token)) withdraw(progress, other, { status: 'done' });
  if (rule.rest === 'cancel') {
    for (const other of othersThatReach(progress, token)) withdraw(progress, other, { status: 'cancelled' });
  }
  return 'next';
}

const joinKey = (token: Token): string => `${token.scope ?? 0}:${token.node}`;

/** The other tokens that wait at the same join. */
const waitingAt = (state: RunState, token: Token): Token[] =>
  state.tokens.filter(
    (other) => other !== token && other.wait?.kind === 'join' && other.node === token.node && other.scope === token.scope,
  );

/** Tokens of the same scope from which a way leads to this one's node, those that wait at it left out. */
function othersThatReach({ plan, state }: Progress, token: Token): Token[] {
  return state.tokens.filter(
    (other) =>
      other !== token &&
      other.scope === token.scope &&
      !(other.node === token.node && other.wait?.kind === 'join') &&
      plan.reaches(other.node, token.node),
  );
}

/**
 * Lets joins go that nobody else can reach any more, and items that have no token left. Called when no token is ready.
 * @returns whether something moved
 */
export function settleStructure(progress: Progress): boolean {
  return settleJoins(progress) || settleItems(progress);
}

function settleJoins(progress: Progress): boolean {
  const { state } = progress;
  for (const [key, join] of Object.entries(state.joins ?? {})) {
    if (!join.fired) continue;
    const [scope, node = ''] = key.split(':');
    const place = { node, scope: scope === '0' ? undefined : Number(scope) };
    // Everybody has come who could: the join is ready for the next round.
    if (!state.tokens.some((token) => token.scope === place.scope && progress.plan.reaches(token.node, node))) delete state.joins?.[key];
  }
  const waiting = state.tokens.filter((token) => token.wait?.kind === 'join');
  const complete = waiting.find((token) => othersThatReach(progress, token).length === 0);
  // Joins that wait for each other in a circle: the one that was reached first goes.
  const stuck = waiting.length === state.tokens.length ? waiting[0] : undefined;
  const token = complete ?? stuck;
  if (!token) return false;
  passJoin(progress, token);
  return true;
}

function passJoin(progress: Progress, token: Token): void {
  const { state } = progress;
  const others = waitingAt(state, token);
  const rule = token.wait?.join;
  const arrived = others.length + 1;
  const enough = rule?.need === 'all' || arrived >= (rule?.need ?? 1);
  for (const other of others) withdraw(progress, other, { status: 'done' });
  delete state.joins?.[joinKey(token)];
  const output = { arrived };
  const port = enough ? 'next' : 'short';
  keepOutput(state, token, output);
  withdraw(progress, token, { status: 'done', port, output });
  spawn(state, actionOf(progress, token.node).targets.get(port) ?? [], token.scope);
}

// — items —

export const itemsOf = (result: Extract<NodeResult, { kind: 'each' }>): ItemsProgress => ({
  pending: [...result.items],
  parallel: result.parallel,
  onError: result.onError,
  collect: result.collect,
  ...NONE_YET,
  errors: [],
  results: [],
});

const NONE_YET = { begun: 0, running: 0, failed: 0 };

/** The handlers of what has been done, the newest first, one after the other; what is compensated is so once. */
export function handlersOf({ plan, state }: Progress): ItemsProgress {
  const done = [...(state.undoable ?? [])].reverse();
  delete state.undoable;
  const pending: Json[] = done.map(({ node, output }) => ({ node, output }));
  const starts = done.flatMap(({ node }) => plan.actions.get(node)?.compensate ?? []);
  return { pending, starts, parallel: 1, onError: 'fail', collect: false, ...NONE_YET, errors: [], results: [] };
}

/** Begins as many items as may run side by side. */
export function beginItems({ state }: Progress, token: Token, action: PlanAction): void {
  const items = token.wait?.items;
  while (items && items.running < items.parallel && items.pending.length > 0) {
    const item = items.pending.shift() ?? null;
    const start = items.starts?.shift();
    state.nextScope = (state.nextScope ?? 0) + 1;
    const scope: Scope = { id: state.nextScope, token: token.id, index: items.begun++, item, outputs: {}, last: null, visits: {} };
    if (token.scope !== undefined) scope.parent = token.scope;
    state.scopes = [...(state.scopes ?? []), scope];
    items.running++;
    spawn(state, start === undefined ? (action.targets.get('item') ?? []) : [start], scope.id);
  }
}

function settleItems(progress: Progress): boolean {
  const { state } = progress;
  const over = state.scopes?.find((scope) => !state.tokens.some((token) => isWithin(state, token, scope.id)));
  if (!over) return false;
  state.scopes = state.scopes?.filter((scope) => scope !== over);
  const token = state.tokens.find((candidate) => candidate.id === over.token);
  const items = token?.wait?.items;
  if (!token || !items) return true;
  items.running--;
  if (items.collect) items.results[over.index] = over.last;
  const action = actionOf(progress, token.node);
  beginItems(progress, token, action);
  if (items.running === 0) finishItems(progress, token, action, items);
  return true;
}

/** All items are through: the token goes on. */
function finishItems(progress: Progress, token: Token, action: PlanAction, items: ItemsProgress): void {
  const { state } = progress;
  const [port, output] = endOfItems(items);
  keepOutput(state, token, output);
  withdraw(progress, token, { status: 'done', port, output });
  spawn(state, action.targets.get(port) ?? [], token.scope);
}

/** By which port the node goes on when all items are through, and with which output. */
export function endOfItems({ starts, begun, failed, errors, results, collect }: ItemsProgress): [port: string, output: Json] {
  if (starts) return ['next', { compensated: begun }];
  const output = { count: begun, failed, errors: errors.map((error) => ({ ...error })) };
  // An item without a result leaves a hole.
  return ['done', collect ? { ...output, results: Array.from({ length: begun }, (_, i) => results[i] ?? null) } : output];
}

/** An error that nobody caught, in an item whose errors are collected: the item ends with it, the others go on. */
export function collectError(progress: Progress, token: Token, error: ErrorData): boolean {
  const { state } = progress;
  for (const scope of scopesAround(state, token.scope)) {
    const items = state.tokens.find((candidate) => candidate.id === scope.token)?.wait?.items;
    if (items?.onError !== 'collect') continue;
    items.failed++;
    if (items.errors.length < MOST_ERRORS) items.errors.push({ index: scope.index, code: error.code, message: error.message });
    scope.last = null;
    for (const other of state.tokens.filter((candidate) => isWithin(state, candidate, scope.id)))
      withdraw(progress, other, { status: 'cancelled' });
    return true;
  }
  return false;
}

// — taking away —

/** Takes away the tokens at these nodes, with what they have begun. Gives how many. */
export function cancelNodes(progress: Progress, nodes: readonly string[], except: Token): number {
  const { state } = progress;
  const region = state.tokens.filter((token) => token !== except && nodes.includes(token.node));
  for (const token of region) {
    withdraw(progress, token, { status: 'cancelled' });
    // The items that it waited for go with it.
    for (const scope of (state.scopes ?? []).filter((candidate) => candidate.token === token.id)) {
      for (const inner of state.tokens.filter((candidate) => isWithin(state, candidate, scope.id)))
        withdraw(progress, inner, { status: 'cancelled' });
    }
    state.scopes = state.scopes?.filter((scope) => scope.token !== token.id);
  }
  return region.length;
}

/** Takes away every token but one that goes by itself. */
export function cutOff(progress: Progress, except?: Token): void {
  for (const token of progress.state.tokens) if (token !== except) withdraw(progress, token, { status: 'cancelled' });
  progress.state.tokens = [];
  delete progress.state.scopes;
  delete progress.state.joins;
}
