/** Rows of runs that have not begun. */
import { TaktError } from '../errors/index.ts';
import { isStartedByHand } from '../policies/by-hand.ts';
import { initialState } from '../run/state.ts';
import type { CauseChain } from '../store/schema.ts';
import type { EventRow, RunRow } from './rows.ts';
import type { Match } from './surroundings.ts';

/** Chains longer than this are refused: workflows that start each other in a circle. */
const MAX_CHAIN = 16;

/** The row of a run that an event begins. Refused where workflows have started each other too often. */
export function newRun(
  id: string,
  { plan, trigger }: Match,
  event: EventRow,
  now: number,
  place?: { key: string; taken: boolean },
): RunRow {
  const tooDeep = event.chain.length >= MAX_CHAIN;
  return {
    id,
    workflowId: plan.workflowId,
    version: plan.version,
    status: tooDeep ? 'refused' : place?.taken ? 'waiting' : 'active',
    recordId: event.recordId,
    eventId: event.id,
    entryKey: `event:${event.id}:${trigger.id}`,
    dueAt: tooDeep || place?.taken ? null : now,
    state: initialState(trigger.targets, place, isStartedByHand(event)),
    chain: event.chain,
    outcome: null,
    result: null,
    parent: null,
    error: tooDeep ? loopError(event.chain).toData() : null,
    createdAt: now,
    updatedAt: now,
    endedAt: tooDeep ? now : null,
  };
}

/** Chains of this length begin nothing any more. */
export const isTooDeep = (chain: CauseChain): boolean => chain.length >= MAX_CHAIN;

function loopError(chain: CauseChain): TaktError {
  const names = chain.map((cause) => `${cause.workflow}/${cause.node}`).join(' → ');
  return new TaktError('LOOP_DEPTH', { message: `${chain.length} workflows in a row have started each other: ${names}.` });
}
