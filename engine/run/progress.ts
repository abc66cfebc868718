/** One run being advanced: what the parts of the state machine share. */
import type { Json } from '../../schemas/json.ts';
import { type ErrorData, TaktError } from '../errors/index.ts';
import type { Plan, PlanAction } from '../graph/plan.ts';
import type { RunRow, StepRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';
import { CONTROL, type Heritage, type RunState, type Scope, type Token } from './state.ts';

export interface Progress {
  readonly plan: Plan;
  readonly run: RunRow;
  readonly state: RunState;
  readonly workspace: Workspace;
  recordId: string | null;
  outcome: string | null;
  result: Json;
  error: ErrorData | null;
  /** Bytes that steps have added since it was counted what the run carries. */
  uncounted: number;
  /** The whole run has been ended by a node, a rule or from outside. */
  ended: 'done' | 'cancelled' | null;
}

export function actionOf({ plan }: Progress, node: string): PlanAction {
  const action = plan.actions.get(node);
  if (action) return action;
  throw new TaktError('INTERNAL', { message: `The plan of ${plan.workflowId} version ${plan.version} has no node "${node}".` });
}

const scopeOf = (state: RunState, id: number | undefined): Scope | undefined =>
  id === undefined ? undefined : state.scopes?.find((scope) => scope.id === id);

/** The scope and those around it, the innermost first. */
export function scopesAround(state: RunState, id: number | undefined): Scope[] {
  const around: Scope[] = [];
  for (let scope = scopeOf(state, id); scope; scope = scopeOf(state, scope.parent)) around.push(scope);
  return around;
}

/** Is the one scope the other, or within it? Everything is within the run. */
export const isWithin = (state: RunState, scope: number | undefined, outer: number | undefined): boolean =>
  outer === undefined || scopesAround(state, scope).some((around) => around.id === outer);

export function keepOutput(state: RunState, token: Token, output: Json): void {
  const scope = scopeOf(state, token.scope);
  if (!scope) {
    state.outputs[token.node] = output;
    return;
  }
  scope.outputs[token.node] = output;
  scope.last = output;
}

/** Puts tokens at nodes. */
export function spawn(state: RunState, nodes: readonly string[], { scope, places, through }: Heritage, via?: string): void {
  for (const node of nodes) {
    const token: Token = { id: state.nextToken++, node, status: 'ready', visit: 0, failures: 0, seq: 0 };
    if (via !== undefined) token.via = via;
    if (scope !== undefined) token.scope = scope;
    if (places !== undefined) token.places = places;
    if (through !== undefined) token.through = through;
    state.tokens.push(token);
  }
}

/** Lets a token go on by a port of its node. */
export function goOn(progress: Progress, token: Token, port: string): void {
  progress.state.tokens = progress.state.tokens.filter((other) => other !== token);
  branchOff(progress, token, port);
}

/** Lets tokens go on by a port of the token's node, while it stays itself. */
export function branchOff(progress: Progress, token: Token, port: string): void {
  const { targets, forks } = actionOf(progress, token.node);
  const heritage = forks ? { ...token, through: { ...token.through, [token.node]: token.seq } } : token;
  spawn(progress.state, targets.get(port) ?? [], heritage, `${token.node}:${port}`);
}

/** How the step of a token ends that is taken away. */
export interface StepEnd {
  status: 'done' | 'cancelled';
  port?: string;
  output?: Json;
}

/**
 * Takes a token away where it stands: its step ends as given, what it has not sent stays unsent, whom it waits for is told, and the
 * items that it waits for go with it.
 */
export function withdraw(progress: Progress, token: Token, end: StepEnd): void {
  const { run, state, workspace } = progress;
  state.tokens = state.tokens.filter((other) => other !== token);
  const { wait } = token;
  if (wait?.kind === 'effect') workspace.withdrawnEffects.push({ runId: run.id, waitId: wait.id });
  if (wait?.kind === 'child' && wait.child !== undefined) workspace.signal(wait.child, CONTROL.cancel, { ok: true, result: {} });
  if (token.seq > 0 && wait) endStep(progress, token, end);
  for (const scope of (state.scopes ?? []).filter((candidate) => candidate.token === token.id)) closeScope(progress, scope);
}

/** Takes away everything under way in an item. */
export function clearScope(progress: Progress, { id }: Scope): void {
  for (const token of progress.state.tokens.filter((candidate) => candidate.scope === id))
    withdraw(progress, token, { status: 'cancelled' });
}

/** Ends an item, with what may be under way in it. What it has done can be taken back from around it. */
export function closeScope(progress: Progress, scope: Scope): void {
  const { state } = progress;
  clearScope(progress, scope);
  state.scopes = state.scopes?.filter((other) => other !== scope);
  for (const done of state.undoable ?? []) {
    if (done.scope !== scope.id) continue;
    if (scope.parent === undefined) delete done.scope;
    else done.scope = scope.parent;
  }
}

/** Completes the step of a token that waited; one that began in this batch is changed in place. */
function endStep({ plan, run, workspace }: Progress, token: Token, end: StepEnd): void {
  const { now } = workspace.surroundings;
  const ended = { status: end.status, port: end.port ?? null, output: end.output ?? null, endedAt: now };
  const begun = workspace.steps.find((step) => step.runId === run.id && step.seq === token.seq);
  if (begun) Object.assign(begun, ended);
  else workspace.steps.push({ ...blankStep(run.id, token, plan.actions.get(token.node)?.definition.type ?? '', now), ...ended });
}

export function blankStep(runId: string, token: Token, type: string, now: number): StepRow {
  return {
    runId,
    seq: token.seq,
    node: token.node,
    type,
    status: 'done',
    port: null,
    attempt: token.failures + 1,
    input: null,
    output: null,
    error: null,
    startedAt: now,
    endedAt: now,
    cpuMicros: 0,
  };
}
