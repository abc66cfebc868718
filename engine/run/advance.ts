/**
 * The state machine of a run. `advance` moves a run's tokens over the plan until every one waits, has failed or is gone. It
 * does no I/O: where a node wants data it yields a request, and whoever drives it has the data loaded before going on.
 */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import type { Scope } from '../graph/params.ts';
import type { Plan, PlanAction } from '../graph/plan.ts';
import { retryDelay } from '../graph/retry.ts';
import type { NodeResult, NodeRun, Wake } from '../node/definition.ts';
import type { EffectRow, RunRow, SignalRow, StepRow } from '../unit/rows.ts';
import { StepUnit } from '../unit/step-unit.ts';
import { eventView, type Request, type Workspace } from '../unit/workspace.ts';
import { dueAt, MAX_STATE_BYTES, type RunState, type SignalPayload, type Token, type Wait } from './state.ts';

/** Steps that one run may take before the next run of the batch gets its turn. */
const SLICE = 200;
/** Steps that one run may take at all. */
const MAX_STEPS = 10_000;
/** How often a step is repeated because others of the batch wrote what it had read. */
const MAX_RESTARTS = 100;

export type Advancing = Generator<Request, RunRow, void>;

/**
 * @param run the row as claimed; its state is taken over and changed
 * @returns the row as it is to be written. Steps, effects and record writes are in the workspace.
 */
export function* advance(
  plan: Plan,
  run: RunRow,
  signals: readonly Pick<SignalRow, 'waitId' | 'payload'>[],
  workspace: Workspace,
): Advancing {
  const { state } = run;
  const { now } = workspace.surroundings;
  const woken = wakeTokens(state, signals, now);
  const progress: Progress = { plan, run, state, workspace, woken, recordId: run.recordId, outcome: run.outcome, error: null };
  for (let left = SLICE; left > 0; left--) {
    const token = state.tokens.find((candidate) => candidate.status === 'ready');
    if (!token || progress.error) break;
    yield* stepToken(progress, token);
  }
  return settled(progress);
}

interface Progress {
  readonly plan: Plan;
  readonly run: RunRow;
  readonly state: RunState;
  readonly workspace: Workspace;
  readonly woken: ReadonlyMap<Token, Woken>;
  recordId: string | null;
  outcome: string | null;
  error: ErrorData | null;
}

type Woken = SignalPayload | 'time';

/** Makes the tokens ready whose waits have ended; gives what ended each. */
function wakeTokens(state: RunState, signals: readonly Pick<SignalRow, 'waitId' | 'payload'>[], now: number): Map<Token, Woken> {
  const woken = new Map<Token, Woken>();
  for (const signal of signals) {
    // A signal for a wait that is over (answered, cancelled, retried) comes too late and changes nothing.
    const token = state.tokens.find((candidate) => candidate.status === 'waiting' && candidate.wait?.id === signal.waitId);
    if (!token) continue;
    token.status = 'ready';
    woken.set(token, signal.payload);
  }
  for (const token of state.tokens) {
    if (token.status !== 'waiting' || token.wait?.until === undefined || token.wait.until > now) continue;
    token.status = 'ready';
    woken.set(token, 'time');
  }
  return woken;
}

function* stepToken(progress: Progress, token: Token): Generator<Request, void, void> {
  const { plan, state, workspace } = progress;
  const meter: Meter = { micros: 0, stopwatch: () => workspace.surroundings.stopwatch() };
  const action = plan.actions.get(token.node);
  if (!action)
    throw new TaktError('INTERNAL', { message: `The plan of ${plan.workflowId} version ${plan.version} has no node "${token.node}".` });
  const wait = token.wait;
  const wake = progress.woken.get(token);
  const resuming = wait !== undefined && wait.kind !== 'retry';
  delete token.wait;

  const step = openStep(progress, token, action);
  try {
    if (!resuming) enter(progress, token, action);
    if (wake !== undefined && wake !== 'time' && !wake.ok) throw errorFromData(wake.error);
    for (let restarts = 0; ; restarts++) {
      const unit = openUnit(progress, token);
      const result = yield* metered(meter, execute(progress, action, unit, step, resuming ? { wait, wake: asWake(wake) } : undefined));
      if (!unit.isFresh()) {
        if (restarts >= MAX_RESTARTS) throw new TaktError('WRITE_CONFLICT', { transient: true });
        continue;
      }
      unit.merge();
      Object.assign(state.vars, unit.vars);
      take(progress, token, action, step, result);
      break;
    }
  } catch (thrown) {
    fail(progress, token, action, step, thrown);
  }
  step.cpuMicros = Math.round(meter.micros);
  workspace.steps.push(step);
}

interface Meter {
  micros: number;
  stopwatch(): number;
}

/** Counts the time that a step computes; while it waits for data, the others of the batch compute. */
function* metered<T>(meter: Meter, work: Generator<Request, T, void>): Generator<Request, T, void> {
  for (;;) {
    const began = meter.stopwatch();
    const next = work.next();
    meter.micros += meter.stopwatch() - began;
    if (next.done) return next.value;
    yield next.value;
  }
}

/** Counts the visit, once for all attempts at it. */
function enter({ state }: Progress, token: Token, action: PlanAction): void {
  if (token.visit > 0) return;
  const visits = (Object.hasOwn(state.visits, token.node) ? (state.visits[token.node] ?? 0) : 0) + 1;
  state.visits[token.node] = visits;
  token.visit = visits;
  if (action.maxVisits !== undefined && visits > action.maxVisits) {
    throw new TaktError('RUN_VISITS', {
      message: `The run entered "${token.node}" ${visits} times; its maxVisits is ${action.maxVisits}.`,
    });
  }
  if (state.seq > MAX_STEPS) throw new TaktError('RUN_STEPS', { message: `The run took more than ${MAX_STEPS} steps.` });
}

function openStep({ run, state, workspace }: Progress, token: Token, action: PlanAction): StepRow {
  const { now } = workspace.surroundings;
  // A step that waited is completed in place; every attempt of a retried one is a step of its own.
  const continued = token.seq > 0;
  const seq = continued ? token.seq : ++state.seq;
  token.seq = seq;
  return blankStep(run.id, token, action.definition.type, now);
}

function blankStep(runId: string, token: Token, type: string, now: number): StepRow {
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

function openUnit({ plan, run, workspace, recordId }: Progress, token: Token): StepUnit {
  return new StepUnit(workspace, {
    run: { id: run.id, workflowId: run.workflowId, version: run.version, startedAt: run.createdAt },
    node: { id: token.node, visit: token.visit },
    settings: plan.settings,
    recordId,
    chain: run.chain,
  });
}

interface Resumption {
  wait: Wait;
  wake: Wake;
}

function* execute(
  progress: Progress,
  action: PlanAction,
  unit: StepUnit,
  step: StepRow,
  resumption: Resumption | undefined,
): Generator<Request, NodeResult, void> {
  const { plan, run, workspace, recordId } = progress;
  if (recordId !== null) yield { kind: 'records', ids: [recordId] };
  let node: NodeRun;
  if (resumption) {
    node = action.definition.resume(unit, resumption.wake, resumption.wait.memo ?? {});
  } else {
    const owner = unit.record?.owner;
    if (action.needsOwner && typeof owner === 'string') yield { kind: 'records', ids: [owner] };
    if (action.needsEvent && run.eventId !== null) yield { kind: 'event', id: run.eventId };
    const { now } = workspace.surroundings;
    const env = { now, random: () => unit.random(), locale: plan.settings.locale, timeZone: plan.settings.timezone };
    const params = action.params.evaluate(scopeOf(progress, action, unit), env);
    step.input = plainJson(params);
    node = action.definition.run(unit, params);
  }
  const result = 'kind' in node ? node : yield* node;
  const references = unit.referencedIds();
  if (references.length > 0) {
    yield { kind: 'records', ids: references };
    unit.checkReferences();
  }
  return result;
}

function scopeOf({ run, state, workspace }: Progress, action: PlanAction, unit: StepUnit): Scope {
  const record = unit.record;
  const owner = record?.owner;
  const event = action.needsEvent && run.eventId !== null ? workspace.event(run.eventId) : undefined;
  return {
    record,
    owner: action.needsOwner && typeof owner === 'string' ? unit.read(owner) : undefined,
    event: event && eventView(event),
    nodes: state.outputs,
    vars: state.vars,
    run: { id: run.id, workflow: run.workflowId, version: run.version, started_at: new Date(run.createdAt).toISOString() },
  };
}

/** Carries the node's result out: the token moves on, waits or ends. */
function take(progress: Progress, token: Token, action: PlanAction, step: StepRow, result: NodeResult): void {
  const { state, workspace } = progress;
  if (result.kind === 'wait') {
    const waitId = `${token.node}.${token.visit}.${token.seq}`;
    const { wait, memo } = result;
    token.status = 'waiting';
    token.wait = { id: waitId, kind: wait.kind, ...(wait.kind === 'time' ? { until: wait.until } : {}), ...(memo ? { memo } : {}) };
    step.status = 'waiting';
    step.endedAt = null;
    if (wait.kind === 'effect') workspace.effects.push(effectRow(progress, token, action, waitId, wait.effect));
    return;
  }
  if (result.output !== undefined) {
    state.outputs[token.node] = result.output;
    step.output = result.output;
  }
  if (result.kind === 'end') {
    if (result.outcome !== undefined) progress.outcome = result.outcome;
    if (result.scope === 'run') cutOff(progress, token);
    state.tokens = result.scope === 'run' ? [] : state.tokens.filter((other) => other !== token);
    return;
  }
  if (result.subject !== undefined) progress.recordId = result.subject;
  leave(progress, token, action, step, result.port);
}

/** Ends the other tokens with the run: what waits is cancelled, what has not been sent stays unsent. */
function cutOff({ plan, run, state, workspace }: Progress, ending: Token): void {
  const { now } = workspace.surroundings;
  for (const token of state.tokens) {
    const type = plan.actions.get(token.node)?.definition.type;
    if (token === ending || token.status !== 'waiting' || token.seq === 0 || type === undefined) continue;
    if (token.wait?.kind === 'effect') workspace.endedEarly.push(run.id);
    const begun = workspace.steps.find((step) => step.runId === run.id && step.seq === token.seq);
    if (begun) Object.assign(begun, { status: 'cancelled', endedAt: now });
    else workspace.steps.push({ ...blankStep(run.id, token, type, now), status: 'cancelled' });
  }
}

function leave({ state }: Progress, token: Token, action: PlanAction, step: StepRow, port: string): void {
  step.port = port;
  state.tokens = state.tokens.filter((other) => other !== token);
  for (const node of action.targets.get(port) ?? []) {
    state.tokens.push({ id: state.nextToken++, node, status: 'ready', visit: 0, failures: 0, seq: 0 });
  }
}

/** What bounds a run cannot be caught: by an error port a cycle would get round its bound. */
const BOUNDS: ReadonlySet<string> = new Set(['RUN_VISITS', 'RUN_STEPS']);

/** A failed attempt: again later by the node's policy, else out by `error`, else the run has failed and can be retried. */
function fail(progress: Progress, token: Token, action: PlanAction, step: StepRow, thrown: unknown): void {
  const { state, workspace } = progress;
  const { now } = workspace.surroundings;
  const error = asTaktError(thrown).at({ node: token.node });
  const data = error.toData();
  step.status = 'failed';
  step.error = data;
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
    state.outputs[token.node] = { error: { code: data.code, message: data.message } };
    leave(progress, token, action, step, 'error');
    return;
  }
  token.status = 'failed';
  token.seq = 0;
  progress.error = data;
}

function effectRow(
  progress: Progress,
  token: Token,
  action: PlanAction,
  waitId: string,
  effect: { connector: string; destination: string; payload: JsonObject },
): EffectRow {
  const { run, workspace } = progress;
  return {
    id: workspace.surroundings.newId(),
    key: `${run.id}:${token.node}:${token.visit}`,
    runId: run.id,
    waitId,
    node: token.node,
    recordId: progress.recordId,
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

function settled({ run, state, workspace, recordId, outcome, error }: Progress): RunRow {
  const { now } = workspace.surroundings;
  const base = { ...run, recordId, outcome, updatedAt: now };
  if (error) return { ...base, status: 'failed', error, dueAt: null, state };
  if (state.tokens.length === 0) return { ...base, status: 'done', error: null, dueAt: null, endedAt: now, state };
  const moving = state.tokens.some((token) => token.status === 'ready');
  const next: RunRow = { ...base, status: moving ? 'active' : 'waiting', error: null, dueAt: dueAt(state, now), state };
  const bytes = JSON.stringify(next.state).length;
  if (bytes <= MAX_STATE_BYTES) return next;
  const tooLarge = new TaktError('RUN_TOO_LARGE', { message: `The run carries ${bytes} bytes; ${MAX_STATE_BYTES} are allowed.` });
  return { ...next, status: 'failed', dueAt: null, error: tooLarge.toData(), state: { ...next.state, outputs: {}, vars: {} } };
}

const asWake = (wake: Woken | undefined): Wake =>
  wake !== undefined && wake !== 'time' && wake.ok ? { kind: 'effect', result: wake.result } : { kind: 'time' };

function errorFromData(data: ErrorData): TaktError {
  return new TaktError('EFFECT_DEAD', { message: `${data.code}: ${data.message}`, hint: data.hint });
}

/** Parameters as data for the step's record: conditions, which are functions, are left out. */
function plainJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}
