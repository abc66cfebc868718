/** One step: a token enters its node or goes on there after a wait, and leaves, waits, ends or fails. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import type { Scope as Names } from '../graph/params.ts';
import type { PlanAction } from '../graph/plan.ts';
import { retryDelay } from '../graph/retry.ts';
import type { ChildResult, NodeResult, NodeRun, WaitRequest, Wake } from '../node/definition.ts';
import type { EffectRow, StepRow } from '../unit/rows.ts';
import { StepUnit } from '../unit/step-unit.ts';
import { eventView, type Request } from '../unit/workspace.ts';
import { actionOf, blankStep, keepOutput, type Progress, scopesAround, spawn, type Woken } from './progress.ts';
import type { Token, Wait } from './state.ts';
import { arrive, beginItems, cancelNodes, collectError, cutOff, endOfItems, handlersOf, itemsOf } from './structure.ts';

/** Steps that one run may take at all. */
const MAX_STEPS = 10_000;
/** How often a step is repeated because others of the batch wrote what it had read. */
const MAX_RESTARTS = 100;

export function* stepToken(progress: Progress, token: Token): Generator<Request, void, void> {
  const { state, workspace } = progress;
  const meter: Meter = { micros: 0, stopwatch: () => workspace.surroundings.stopwatch() };
  const action = actionOf(progress, token.node);
  const wait = token.wait;
  const wake = progress.woken.get(token);
  const resuming = wait !== undefined && wait.kind !== 'retry' && wait.kind !== 'start';
  delete token.wait;

  const step = openStep(progress, token, action);
  try {
    if (!resuming) enter(progress, token, action);
    if (wake !== undefined && wake !== 'time' && !wake.ok) throw errorFromData(wake.error);
    for (let restarts = 0; ; restarts++) {
      const unit = openUnit(progress, token);
      const result = yield* metered(meter, execute(progress, token, action, unit, step, resuming ? { wait, woken: wake } : undefined));
      if (!unit.isFresh()) {
        if (restarts >= MAX_RESTARTS) throw new TaktError('WRITE_CONFLICT', { transient: true });
        continue;
      }
      unit.merge();
      Object.assign(state.vars, unit.vars);
      keepLocks(progress, unit);
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

const countVisit = (visits: Record<string, number>, node: string): number => {
  const count = (Object.hasOwn(visits, node) ? (visits[node] ?? 0) : 0) + 1;
  visits[node] = count;
  return count;
};

/** Counts the visit, once for all attempts at it. In an item its own visits count for the bound. */
function enter({ state }: Progress, token: Token, action: PlanAction): void {
  if (token.visit > 0) return;
  token.visit = countVisit(state.visits, token.node);
  const [scope] = scopesAround(state, token.scope);
  const visits = scope ? countVisit(scope.visits, token.node) : token.visit;
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

const waitIdOf = (token: Token): string => `${token.node}.${token.visit}.${token.seq}`;

function openUnit({ plan, run, workspace, recordId }: Progress, token: Token): StepUnit {
  return new StepUnit(workspace, {
    run: { id: run.id, workflowId: run.workflowId, version: run.version, startedAt: run.createdAt },
    node: { id: token.node, visit: token.visit },
    waitId: waitIdOf(token),
    settings: plan.settings,
    rules: plan.rules,
    recordId,
    chain: run.chain,
    visits: run.state.visits,
  });
}

interface Resumption {
  wait: Wait;
  woken: Woken | undefined;
}

function* execute(
  progress: Progress,
  token: Token,
  action: PlanAction,
  unit: StepUnit,
  step: StepRow,
  resumption: Resumption | undefined,
): Generator<Request, NodeResult, void> {
  const { plan, run, workspace, recordId } = progress;
  if (recordId !== null) yield { kind: 'records', ids: [recordId] };
  const evaluate = function* (): Generator<Request, () => unknown, void> {
    const owner = unit.record?.owner;
    if (action.needsOwner && typeof owner === 'string') yield { kind: 'records', ids: [owner] };
    if (action.needsEvent && run.eventId !== null) yield { kind: 'event', id: run.eventId };
    const counts = recordId === null ? [] : action.eventCounts.map(({ type, withinMs }) => countRequest(workspace.surroundings.now, recordId, type, withinMs));
    for (const request of counts) yield request;
    return () => action.params.evaluate(scopeOf(progress, token, action, unit), environment(progress, unit));
  };
  let node: NodeRun;
  if (resumption) {
    const { wait, woken } = resumption;
    const wake = yield* wakeOf(progress, wait, woken);
    const params = wait.kind === 'event' ? yield* evaluate() : noParams(action);
    node = action.definition.resume(unit, wake, wait.memo ?? {}, params);
  } else {
    const params = (yield* evaluate())();
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

const noParams = (action: PlanAction) => (): never => {
  throw new TaktError('INTERNAL', {
    message: `${action.definition.type} asks for its parameters after a wait that keeps none.`,
    hint: 'Keep what is needed in the memo; only waits for events evaluate the parameters again.',
  });
};

function* wakeOf({ workspace }: Progress, wait: Wait, woken: Woken | undefined): Generator<Request, Wake, void> {
  if (woken === undefined || woken === 'time' || !woken.ok) return { kind: 'time' };
  const { result } = woken;
  if (wait.kind === 'signal') return { kind: 'signal' };
  if (wait.kind === 'child') return { kind: 'child', child: childOf(result) };
  if (wait.kind !== 'event' || typeof result.event !== 'string') return { kind: 'effect', result };
  yield { kind: 'event', id: result.event };
  const row = workspace.event(result.event);
  if (row) return { kind: 'event', event: eventView(row) };
  throw new TaktError('INTERNAL', { message: `The event ${result.event} that ended the wait is gone.` });
}

function childOf({ run, status, outcome, output }: JsonObject): ChildResult {
  const ended = status === 'done' || status === 'cancelled' ? status : 'failed';
  return { run: String(run), status: ended, outcome: typeof outcome === 'string' ? outcome : null, output: output ?? null };
}

function scopeOf({ run, state, workspace }: Progress, token: Token, action: PlanAction, unit: StepUnit): Names {
  const record = unit.record;
  const owner = record?.owner;
  const event = action.needsEvent && run.eventId !== null ? workspace.event(run.eventId) : undefined;
  const around = scopesAround(state, token.scope);
  const [inner] = around;
  return {
    record,
    owner: action.needsOwner && typeof owner === 'string' ? unit.read(owner) : undefined,
    event: event && eventView(event),
    nodes: inner ? Object.assign({}, state.outputs, ...around.reverse().map((scope) => scope.outputs)) : state.outputs,
    vars: state.vars,
    run: { id: run.id, workflow: run.workflowId, version: run.version, started_at: new Date(run.createdAt).toISOString() },
    ...(inner ? { item: inner.item, index: inner.index } : {}),
  };
}

const countRequest = (now: number, recordId: string, type: string, withinMs: number | undefined) =>
  ({ kind: 'event_count', recordId, type, since: withinMs === undefined ? 0 : now - withinMs }) as const;

function environment({ plan, workspace, recordId }: Progress, unit: StepUnit) {
  const { now } = workspace.surroundings;
  return {
    now,
    random: () => unit.random(),
    locale: plan.settings.locale,
    timeZone: plan.settings.timezone,
    eventCount: (type: string, withinMs: number | undefined): number =>
      recordId === null ? 0 : workspace.eventCount(countRequest(now, recordId, type, withinMs)),
    inSegment: (id: string): boolean => unit.record !== undefined && workspace.surroundings.inSegment(id, unit.record),
  };
}

function keepLocks({ state }: Progress, unit: StepUnit): void {
  if (unit.locks.size === 0) return;
  const kept = new Set(state.locks);
  for (const [key, held] of unit.locks) {
    if (held) kept.add(key);
    else kept.delete(key);
  }
  state.locks = [...kept];
}

/** Carries the node's result out: the token moves on, waits or ends. */
function take(progress: Progress, token: Token, action: PlanAction, step: StepRow, result: NodeResult): void {
  const { state } = progress;
  switch (result.kind) {
    case 'wait':
      return hold(progress, token, action, step, result.wait, result.memo);
    case 'join': {
      const arrived = arrive(progress, token, { need: result.need, rest: result.rest });
      if (arrived === 'wait') return suspend(token, step, { kind: 'join', join: { need: result.need, rest: result.rest } });
      if (arrived === 'next') return leave(progress, token, action, step, 'next', { arrived: result.need === 'all' ? 0 : result.need });
      state.tokens = state.tokens.filter((other) => other !== token);
      return;
    }
    case 'each':
      return holdItems(progress, token, action, step, itemsOf(result));
    case 'compensate':
      return holdItems(progress, token, action, step, handlersOf(progress));
    case 'cancel':
      return leave(progress, token, action, step, 'next', { cancelled: cancelNodes(progress, result.nodes, token) });
    case 'end': {
      if (result.outcome !== undefined) progress.outcome = result.outcome;
      if (result.output !== undefined) {
        step.output = result.output;
        progress.result = result.output;
      }
      if (result.scope === 'run') {
        cutOff(progress, token);
        progress.ended = 'done';
      } else state.tokens = state.tokens.filter((other) => other !== token);
      return;
    }
    case 'next':
      if (result.subject !== undefined) progress.recordId = result.subject;
      return leave(progress, token, action, step, result.port, result.output);
  }
}

function suspend(token: Token, step: StepRow, wait: Omit<Wait, 'id'>): void {
  token.status = 'waiting';
  token.wait = { id: waitIdOf(token), ...wait };
  step.status = 'waiting';
  step.endedAt = null;
}

function hold(progress: Progress, token: Token, action: PlanAction, step: StepRow, request: WaitRequest, memo: JsonObject | undefined): void {
  const wait: Omit<Wait, 'id'> = { kind: request.kind };
  if (memo) wait.memo = memo;
  if ('until' in request && request.until !== undefined) wait.until = request.until;
  if (request.kind === 'event') wait.subscriptions = request.subscriptions;
  if (request.kind === 'child') wait.child = request.run;
  suspend(token, step, wait);
  if (request.kind === 'effect') progress.workspace.effects.push(effectRow(progress, token, action, request.effect));
}

function holdItems(progress: Progress, token: Token, action: PlanAction, step: StepRow, items: NonNullable<Wait['items']>): void {
  if (items.pending.length === 0) return leave(progress, token, action, step, ...endOfItems(items));
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
    state.undoable = [...(state.undoable ?? []), { node: token.node, output: output ?? null }];
  }
  state.tokens = state.tokens.filter((other) => other !== token);
  spawn(state, action.targets.get(port) ?? [], token.scope);
}

/** What bounds a run cannot be caught: by an error port a cycle would get round its bound. */
const BOUNDS: ReadonlySet<string> = new Set(['RUN_VISITS', 'RUN_STEPS']);

/** A failed attempt: again later by the node's policy, else out by `error`, else the item or the run has failed. */
function fail(progress: Progress, token: Token, action: PlanAction, step: StepRow, thrown: unknown): void {
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

function effectRow(
  { run, workspace, recordId }: Progress,
  token: Token,
  action: PlanAction,
  effect: { connector: string; destination: string; payload: JsonObject },
): EffectRow {
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

function errorFromData(data: ErrorData): TaktError {
  return new TaktError('EFFECT_DEAD', { message: `${data.code}: ${data.message}`, hint: data.hint });
}

/** Parameters as data for the step's record: conditions, which are functions, are left out. */
function plainJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}
