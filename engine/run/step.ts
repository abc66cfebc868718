/** One step: a token enters its node or goes on there after a wait, and leaves, waits, ends or fails. */
import type { Json, JsonObject } from '../../schemas/json.ts';
import { type ErrorData, TaktError } from '../errors/index.ts';
import type { Scope as Names } from '../graph/params.ts';
import type { PlanAction } from '../graph/plan.ts';
import type { ChildResult, NodeResult, NodeRun, Wake } from '../node/definition.ts';
import { isConsent, SPEAKS_FOR_MS } from '../policies/by-hand.ts';
import { contactHold } from '../policies/hold.ts';
import type { Request } from '../unit/request.ts';
import type { StepRow } from '../unit/rows.ts';
import { StepUnit } from '../unit/step-unit.ts';
import { eventView } from '../unit/view.ts';
import { checkBranches, checkGrowth, checkInput, checkMoment } from './bounds.ts';
import { fail, take, waitIdOf } from './outcome.ts';
import { actionOf, blankStep, type Progress, scopesAround } from './progress.ts';
import type { SignalPayload, Token, Wait, Woken } from './state.ts';

/** Steps that one run may take at all. */
const MAX_STEPS = 10_000;
/** How often a step is repeated because others of the batch wrote what it had read. */
const MAX_RESTARTS = 100;

export function* stepToken(progress: Progress, token: Token): Generator<Request, void, void> {
  const { state, workspace } = progress;
  const meter: Meter = { micros: 0, stopwatch: () => workspace.surroundings.stopwatch() };
  const action = actionOf(progress, token.node);
  const { wait, woken, heard = [] } = token;
  const resuming = wait !== undefined && wait.kind !== 'retry' && wait.kind !== 'start';
  let resumption: Resumption | undefined = resuming ? { wait, woken } : undefined;
  delete token.wait;
  delete token.woken;
  delete token.heard;

  const step = openStep(progress, token, action);
  try {
    checkBranches(state);
    if (!resuming) enter(progress, token, action);
    if (woken === 'stuck') throw leaveLine(token, wait);
    if (typeof woken === 'object' && !woken.ok) throw errorFromData(woken.error);
    for (let restarts = 0; ; restarts++) {
      const unit = openUnit(progress, token);
      const result = yield* metered(meter, execute(progress, token, action, unit, step, resumption));
      if (!unit.isFresh()) {
        if (restarts >= MAX_RESTARTS) throw new TaktError('WRITE_CONFLICT', { transient: true });
        continue;
      }
      checkMoment(result);
      workspace.weight += checkGrowth(progress, token, result, unit.vars);
      unit.merge();
      Object.assign(state.vars, unit.vars);
      keepPlaces(progress, token, unit);
      if (unit.byPerson) token.byPerson = true;
      take(progress, token, action, step, result);
      resumption = hearNext(token, step, heard);
      if (!resumption) break;
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
function enter({ run, state, workspace }: Progress, token: Token, action: PlanAction): void {
  if (token.visit > 0) return;
  token.visit = countVisit(state.visits, token.node);
  // Of a list of many nobody has looked at each.
  if (state.byHand && token.scope === undefined && workspace.surroundings.now - run.createdAt <= SPEAKS_FOR_MS) token.byPerson = true;
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

/** The event that it had been woken by has not ended its wait; the next one that came meanwhile may. */
function hearNext(token: Token, step: StepRow, heard: SignalPayload[]): Resumption | undefined {
  const { wait } = token;
  if (token.status !== 'waiting' || wait?.kind !== 'event') return undefined;
  const woken = heard.shift();
  if (woken === undefined) return undefined;
  token.status = 'ready';
  delete token.wait;
  step.status = 'done';
  step.endedAt = step.startedAt;
  return { wait, woken };
}

function openUnit({ plan, run, workspace, recordId }: Progress, token: Token): StepUnit {
  return new StepUnit(workspace, {
    run: { id: run.id, workflowId: run.workflowId, version: run.version, startedAt: run.createdAt, eventId: run.eventId },
    node: { id: token.node, visit: token.visit },
    waitId: waitIdOf(token),
    places: token.places ?? {},
    settings: plan.settings,
    rules: plan.rules,
    recordId,
    chain: run.chain,
    visits: run.state.visits,
    byPerson: token.byPerson === true,
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
  const { run, workspace, recordId } = progress;
  if (recordId !== null) yield { kind: 'records', ids: [recordId] };
  const evaluate = function* (): Generator<Request, () => unknown, void> {
    const owner = unit.record?.owner;
    if (action.needsOwner && typeof owner === 'string') yield { kind: 'records', ids: [owner] };
    if (action.needsEvent && run.eventId !== null) yield { kind: 'event', id: run.eventId };
    const counts =
      recordId === null
        ? []
        : action.eventCounts.map(({ type, withinMs }) => countRequest(workspace.surroundings.now, recordId, type, withinMs));
    for (const request of counts) yield request;
    return () => action.params.evaluate(scopeOf(progress, token, action, unit), environment(progress, unit));
  };
  let node: NodeRun;
  if (resumption) {
    const { wait, woken } = resumption;
    const wake = yield* wakeOf(progress, wait, woken);
    if (wake.kind === 'event' && wake.consent) unit.byPerson = true;
    const params = wait.kind === 'event' || wait.kind === 'place' ? yield* evaluate() : noParams(action);
    node = action.definition.resume(unit, wake, wait.memo ?? {}, params);
  } else {
    const params = (yield* evaluate())();
    workspace.weight += checkInput(params);
    step.input = plainJson(params);
    node = action.definition.run(unit, params);
  }
  const result = yield* heldBack(unit, action, yield* resultOf(node));
  const references = unit.referencedIds();
  if (references.length > 0) {
    yield { kind: 'records', ids: references };
    unit.checkReferences();
  }
  return result;
}

function* resultOf(node: NodeRun): Generator<Request, NodeResult, void> {
  return 'kind' in node ? node : yield* node;
}

/** What the node makes of a message that the policy of its client keeps back; any other result stays as it is. Throws CONTACT_REFUSED. */
function* heldBack(unit: StepUnit, action: PlanAction, result: NodeResult): Generator<Request, NodeResult, void> {
  if (result.kind !== 'wait' || result.wait.kind !== 'effect') return result;
  const hold = yield* contactHold(unit, result.wait.effect);
  if (hold === undefined) return result;
  const { held } = result.wait;
  const instead = held && (yield* resultOf(action.definition.resume(unit, { kind: 'held', ...hold }, held, noParams(action))));
  if (instead === undefined || (instead.kind === 'wait' && instead.wait.kind === 'effect'))
    throw new TaktError('CONTACT_REFUSED', { message: hold.why });
  return instead;
}

const noParams = (action: PlanAction) => (): never => {
  throw new TaktError('INTERNAL', {
    message: `${action.definition.type} asks for its parameters after a wait that keeps none.`,
    hint: 'Keep what is needed in the memo; only waits for events and places evaluate the parameters again.',
  });
};

function* wakeOf({ workspace }: Progress, wait: Wait, woken: Woken | undefined): Generator<Request, Wake, void> {
  if (woken === undefined || typeof woken === 'string' || !woken.ok) return { kind: 'time' };
  const { result } = woken;
  if (wait.kind === 'place') return { kind: 'place' };
  if (wait.kind === 'child') return { kind: 'child', child: childOf(result) };
  if (wait.kind !== 'event' || typeof result.event !== 'string') return { kind: 'effect', result };
  yield { kind: 'event', id: result.event };
  const row = workspace.event(result.event);
  if (row) return { kind: 'event', event: eventView(row), ...(wait.consent && isConsent(row, wait.consent) ? { consent: true } : {}) };
  throw new TaktError('INTERNAL', { message: `The event ${result.event} that ended the wait is gone.` });
}

function childOf({ run, status, outcome, output }: JsonObject): ChildResult {
  const ended = status === 'done' || status === 'cancelled' ? status : 'failed';
  return { run: String(run), status: ended, outcome: typeof outcome === 'string' ? outcome : null, output: output ?? null };
}

function scopeOf({ plan, run, state, workspace }: Progress, token: Token, action: PlanAction, unit: StepUnit): Names {
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
    run: {
      id: run.id,
      workflow: run.workflowId,
      version: run.version,
      locale: plan.settings.locale,
      started_at: new Date(run.createdAt).toISOString(),
    },
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

/** The branch gives up its place in line. */
function leaveLine(token: Token, wait: Wait | undefined): TaktError {
  const key = wait?.place ?? '';
  const { [key]: _, ...others } = token.places ?? {};
  token.places = others;
  return new TaktError('RUN_STUCK', {
    message: `This branch is in line for "${key}", which another branch of the run is in and cannot leave.`,
  });
}

/** Notes for the branch and the run which places the step has come to, and which it has left. */
function keepPlaces({ state }: Progress, token: Token, { waitId, entered, left }: StepUnit): void {
  for (const key of left) {
    const { [key]: wait, ...others } = token.places ?? {};
    token.places = others;
    state.places = state.places?.filter((place) => place.key !== key || place.wait !== wait);
  }
  for (const key of entered) {
    token.places = { ...token.places, [key]: waitId };
    state.places = [...(state.places ?? []), { key, wait: waitId }];
  }
}

/** Parameters as data for the step's record: conditions, which are functions, are left out. */
function plainJson(value: unknown): Json {
  const text = JSON.stringify(value);
  return text === undefined ? null : JSON.parse(text);
}

function errorFromData(data: ErrorData): TaktError {
  return new TaktError('EFFECT_DEAD', { message: `${data.code}: ${data.message}`, hint: data.hint });
}
