/** Branches for each item of a list, and handlers that undo, which go the same way. Pure over the run's state. */
import type { Json } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { PlanAction } from '../graph/plan.ts';
import type { NodeResult } from '../node/definition.ts';
import {
  actionOf,
  branchOff,
  clearScope,
  closeScope,
  goOn,
  isWithin,
  keepOutput,
  type Progress,
  scopesAround,
  spawn,
  withdraw,
} from './progress.ts';
import type { ItemsProgress, Scope, Token } from './state.ts';

/** Errors of items that are kept; the others are counted. */
const MOST_ERRORS = 100;

export const itemsOf = ({ items, parallel, onError, collect, enough, rest }: Extract<NodeResult, { kind: 'each' }>): ItemsProgress => ({
  ...NONE_YET,
  pending: [...items],
  parallel,
  onError,
  collect,
  ...(enough === undefined ? {} : { enough }),
  rest,
  errors: [],
  results: [],
});

const NONE_YET = { begun: 0, running: 0, failed: 0 };

/**
 * The handlers of what has been done, the newest first, one after the other; what is compensated is so once. In an item: of what has been
 * done in it.
 */
export function handlersOf({ plan, state }: Progress, token: Token): ItemsProgress {
  const done = (state.undoable ?? []).filter(({ scope }) => isWithin(state, scope, token.scope)).reverse();
  const left = (state.undoable ?? []).filter((one) => !done.includes(one));
  if (left.length > 0) state.undoable = left;
  else delete state.undoable;
  const pending: Json[] = done.map(({ node, output }) => ({ node, output }));
  const starts = done.flatMap(({ node }) => plan.actions.get(node)?.compensate ?? []);
  return { ...NONE_YET, pending, starts, parallel: 1, onError: 'fail', collect: false, rest: 'leave', errors: [], results: [] };
}

/** Begins as many items as may run side by side. */
export function beginItems({ state }: Progress, token: Token, action: PlanAction): void {
  const items = token.wait?.items;
  const [parent] = scopesAround(state, token.scope);
  while (items && items.running < items.parallel && items.pending.length > 0) {
    const item = items.pending.shift() ?? null;
    const start = items.starts?.shift();
    state.nextScope = (state.nextScope ?? 0) + 1;
    const base = { id: state.nextScope, token: token.id, index: items.begun++, item, outputs: {}, last: null };
    // Visits go on being counted from the item around: a branch that leads back to its own list is bounded.
    const scope: Scope = { ...base, visits: { ...parent?.visits } };
    if (token.scope !== undefined) scope.parent = token.scope;
    state.scopes = [...(state.scopes ?? []), scope];
    items.running++;
    const heritage = { ...token, scope: scope.id };
    if (start === undefined) spawn(state, action.targets.get('item') ?? [], heritage, `${token.node}:item`);
    else spawn(state, [start], heritage);
  }
}

/**
 * Ends an item that has no token left. Called when no token is ready.
 * @returns whether one has ended
 */
export function settleItems(progress: Progress): boolean {
  const { state } = progress;
  const over = state.scopes?.find((scope) => !state.tokens.some((token) => token.scope === scope.id));
  if (!over) return false;
  closeScope(progress, over);
  const token = state.tokens.find((candidate) => candidate.id === over.token);
  const items = token?.wait?.items;
  if (!token || !items) return true;
  items.running--;
  if (items.collect) items.results[over.index] = over.last;
  if (items.enough !== undefined && completed(items) >= items.enough && items.passed === undefined) passItems(progress, token, items);
  else {
    beginItems(progress, token, actionOf(progress, token.node));
    if (items.running === 0) finishItems(progress, token, items);
  }
  return true;
}

const completed = ({ begun, running, failed }: ItemsProgress): number => begun - running - failed;

/** Enough items have ended: the token goes on, and a part of it stays for the rest unless that is cancelled. */
function passItems(progress: Progress, token: Token, items: ItemsProgress): void {
  const { running, pending, rest } = items;
  if (rest === 'cancel' || running + pending.length === 0) {
    finishItems(progress, token, items);
    return;
  }
  const [port, output] = endOfItems(items);
  items.passed = true;
  keepOutput(progress.state, token, output);
  branchOff(progress, token, port);
  beginItems(progress, token, actionOf(progress, token.node));
}

/** The token goes on with what has been done; items that are still under way end here. */
export function finishItems(progress: Progress, token: Token, items: ItemsProgress): void {
  const [port, output] = endOfItems(items);
  withdraw(progress, token, { status: 'done', port, output });
  if (items.passed) return;
  keepOutput(progress.state, token, output);
  goOn(progress, token, port);
}

/** By which port the node goes on, and with which output. */
export function endOfItems(items: ItemsProgress): [port: string, output: Json] {
  const { starts, begun, failed, errors, results, collect } = items;
  if (starts) return ['next', { compensated: begun }];
  const output = { count: begun, completed: completed(items), failed, errors: errors.map((error) => ({ ...error })) };
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
    clearScope(progress, scope);
    return true;
  }
  return false;
}
