/** What comes of a step: its token moves on, waits, ends or has failed. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { asTaktError } from '../errors/index.ts';
import type { PlanAction } from '../graph/plan.ts';
import { retryDelay } from '../graph/retry.ts';
import type { EffectRequest, NodeResult, WaitRequest } from '../node/definition.ts';
import type { EffectRow, StepRow } from '../unit/rows.ts';
import { BOUNDS } from './bounds.ts';
import { beginItems, collectError, endOfItems, handlersOf, itemsOf } from './items.ts';
import { arrive } from './joins.ts';
import { goOn, keepOutput, type Progress } from './progress.ts';
import type { JoinRule, Token, Wait } from './state.ts';
import { cancelNodes, cutOff } from './structure.ts';

/** By what a token is told of the end of its wait. */
export const waitIdOf = (token: Token): string => `${token.node}.${token.visit}.${token.seq}`;

/** Carries the node's result out: the token moves on, waits or ends. */
export function take(progress: Progress, token: Token, action: PlanAction, step: StepRow, result: NodeResult): void {
  switch (result.kind) {
    case 'wait':
      hold(progress, token, action, step, result.wait, result.memo);
      break;
    case 'join':
      join(progress, token, action, step, { need: result.need, rest: result.rest });
      break;
    case 'each':
      holdItems(progress, token, action, step, itemsOf(result));
      break;
    case 'compensate':
      holdItems(progress, token, action, step, handlersOf(progress, token));
      break;
    case 'cancel':
      cancel(progress, token, action, step, result);
      break;
    case 'end':
      end(progress, token, step, result);
      break;
    case 'next':
      if (result.subject !== undefined) progress.recordId = result.subject;
      leave(progress, token, action, step, portOf(action, result), result.output);
  }
}

/** The port that the result names, if something leaves it. Throws what it has instead. */
function portOf({ targets }: PlanAction, { port, or }: Extract<NodeResult, { kind: 'next' }>): string {
  if (or === undefined || targets.has(port)) return port;
  if (typeof or === 'string') return or;
  throw or;
}

function join(progress: Progress, token: Token, action: PlanAction, step: StepRow, rule: JoinRule): void {
  const arrived = arrive(progress, token, rule);
  if (arrived === 'wait') suspend(token, step, { kind: 'join', join: rule });
  else if (arrived === 'absorbed') progress.state.tokens = progress.state.tokens.filter((other) => other !== token);
  else leave(progress, token, action, step, 'next', { arrived: rule.need === 'all' ? 0 : rule.need });
}

function cancel(
  progress: Progress,
  token: Token,
  action: PlanAction,
  step: StepRow,
  request: Extract<NodeResult, { kind: 'cancel' }>,
): void {
  const output = { cancelled: cancelNodes(progress, request, token) };
  // The item that it stood in may have gone with the rest.
  if (progress.state.tokens.includes(token)) leave(progress, token, action, step, 'next', output);
  else step.output = output;
}

function end(progress: Progress, token: Token, step: StepRow, { scope, outcome, output }: Extract<NodeResult, { kind: 'end' }>): void {
  if (outcome !== undefined) progress.outcome = outcome;
  if (output !== undefined) {
    step.output = output;
    progress.result = output;
  }
  if (scope === 'run') {
    cutOff(progress, token);
    progress.ended = 'done';
  } else progress.state.tokens = progress.state.tokens.filter((other) => other !== token);
}

function suspend(token: Token, step: StepRow, wait: Omit<Wait, 'id'>): void {
  token.status = 'waiting';
  token.wait = { id: waitIdOf(token), ...wait };
  step.status = 'waiting';
  step.endedAt = null;
}

function hold(
  progress: Progress,
  token: Token,
  action: PlanAction,
  step: StepRow,
  request: WaitRequest,
  memo: JsonObject | undefined,
): void {
  const wait: Omit<Wait, 'id'> = { kind: request.kind };
  if (memo) wait.memo = memo;
  if ('until' in request && request.until !== undefined) wait.until = request.until;
  if (request.kind === 'event') wait.subscriptions = request.subscriptions;
  if (request.kind === 'event' && request.consent !== undefined) wait.consent = request.consent;
  if (request.kind === 'child') wait.child = request.run;
  if (request.kind === 'place') wait.place = request.key;
  suspend(token, step, wait);
  if (request.kind === 'effect') progress.workspace.effects.push(effectRow(progress, token, action, request.effect));
}

function holdItems(progress: Progress, token: Token, action: PlanAction, step: StepRow, items: NonNullable<Wait['items']>): void {
  if (items.pending.length === 0) {
    leave(progress, token, action, step, ...endOfItems(items));
    return;
  }
  suspend(token, step, { kind: 'scope', items });
  beginItems(progress, token, action);
}

function leave(progress: Progress, token: Token, action: PlanAction, step: StepRow, port: string, output?: Json): void {
  const { state } = progress;
  if (output !== undefined) {
    keepOutput(state, token, output);
    step.output = output;
  }
  step.port = port;
  if (action.compensate !== undefined && port !== 'error') {
    const done = { node: token.node, output: output ?? null, ...(token.scope === undefined ? {} : { scope: token.scope }) };
    state.undoable = [...(state.undoable ?? []), done];
  }
  goOn(progress, token, port);
}

/** A failed attempt: again later by the node's policy, else out by `error`, else the item or the run has failed. */
export function fail(progress: Progress, token: Token, action: PlanAction, step: StepRow, thrown: unknown): void {
  const { workspace } = progress;
  const { now } = workspace.surroundings;
  const error = asTaktError(thrown).at({ node: token.node });
  const data = error.toData();
  step.status = 'failed';
  step.error = data;
  token.status = 'ready';
  token.failures++;
  // The outbox has done its own attempts at an effect: what comes back as dead is not tried again from here.
  const again =
    error.code === 'EFFECT_DEAD' || !error.transient
      ? undefined
      : retryDelay(action.retry, token.failures, workspace.surroundings.random());
  if (again !== undefined) {
    token.status = 'waiting';
    token.wait = { id: `${token.node}.${token.visit}.retry${token.failures}`, kind: 'retry', until: now + again };
    token.seq = 0;
    return;
  }
  if (action.targets.has('error') && !BOUNDS.has(error.code)) {
    leave(progress, token, action, step, 'error', { error: { code: data.code, message: data.message } });
    step.output = null;
    return;
  }
  if (!BOUNDS.has(error.code) && collectError(progress, token, data)) return;
  token.status = 'failed';
  token.seq = 0;
  progress.error = data;
}

function effectRow({ run, workspace, recordId }: Progress, token: Token, action: PlanAction, effect: EffectRequest): EffectRow {
  return {
    id: workspace.surroundings.newId(),
    key: `${run.id}:${token.node}:${token.visit}`,
    runId: run.id,
    waitId: waitIdOf(token),
    node: token.node,
    recordId,
    ...effect,
    retry: { ...action.retry },
    status: 'pending',
    attempts: 0,
    nextAt: null,
    result: null,
    error: null,
    createdAt: workspace.surroundings.now,
    settledAt: null,
  };
}
