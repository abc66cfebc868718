/** What holds between the tokens of a run: what moves when none of them is ready, and parts that are taken away. Pure over the run's state. */
import type { NodeResult } from '../node/definition.ts';
import { breakDeadlock } from './deadlock.ts';
import { finishItems, settleItems } from './items.ts';
import { settleJoins } from './joins.ts';
import { isWithin, type Progress, withdraw } from './progress.ts';
import type { Token } from './state.ts';

/**
 * Lets joins go that nobody else can reach any more, and items that have no token left. Called when no token is ready.
 * @returns whether something moved
 */
export const settleStructure = (progress: Progress): boolean => settleJoins(progress) || settleItems(progress) || breakDeadlock(progress);

/**
 * Takes away the tokens at these nodes, with what they have begun, or lets a list go on with what has been done of it. Within an item it
 * concerns that item and what is around it, not other items.
 * @returns how many were concerned
 */
export function cancelNodes(progress: Progress, { nodes, complete }: Extract<NodeResult, { kind: 'cancel' }>, by: Token): number {
  const { state } = progress;
  const region = state.tokens.filter(
    (token) =>
      token !== by && nodes.includes(token.node) && (isWithin(state, token.scope, by.scope) || isWithin(state, by.scope, token.scope)),
  );
  for (const token of region) {
    // One that went with another before it is gone.
    if (!state.tokens.includes(token)) continue;
    const items = token.wait?.items;
    if (complete && items) finishItems(progress, token, items);
    else withdraw(progress, token, { status: 'cancelled' });
  }
  return region.length;
}

/** Takes away every token but one that goes by itself. */
export function cutOff(progress: Progress, except?: Token): void {
  const { state } = progress;
  for (const token of state.tokens) if (token !== except) withdraw(progress, token, { status: 'cancelled' });
  state.tokens = [];
  delete state.scopes;
  delete state.joins;
}
