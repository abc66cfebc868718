/**
 * Who gets in: the rules of a workflow that decide whether an event which met its trigger begins a run. What the rules remember from one
 * start to the next are marks, read under their locks, so that they are exact with any number of processes.
 */
import type { Json } from '../../schemas/json.ts';
import { asTaktError, type TaktError } from '../errors/index.ts';
import { stickyShare } from '../experiment/share.ts';
import type { Environment, Expression } from '../expression/index.ts';
import { enterPlace, placeOf, placeValue } from '../run/places.ts';
import { tellOfFailure } from '../run/settle.ts';
import { CONTROL } from '../run/state.ts';
import { isTooDeep, newRun } from '../unit/new-run.ts';
import type { Request } from '../unit/request.ts';
import type { RunRow } from '../unit/rows.ts';
import type { Start } from '../unit/surroundings.ts';
import { eventView } from '../unit/view.ts';
import type { Workspace } from '../unit/workspace.ts';
import { guardedRate } from './loop-guard.ts';

/** Makes the run, or leaves it out. One whose rules cannot be told is made as a failed run: a retry begins it, nothing is lost. */
export function* admit(workspace: Workspace, start: Start): Generator<Request, void, void> {
  const { plan, trigger, event } = start;
  const id = workspace.surroundings.newId();
  const run = newRun(id, { plan, trigger }, event, workspace.surroundings.now);
  const keys = attempt(() => (isOutside(workspace, start) ? undefined : keysOf(workspace, start)));
  if (!keys.ok) {
    failAtStart(workspace, start, run, keys.error);
    return;
  }
  if (!keys.value) return;
  yield* enter(workspace, start, keys.value, run);
}

function* enter(workspace: Workspace, start: Start, keys: Keys, run: RunRow): Generator<Request, void, void> {
  const { rules } = start.plan;
  const { recordId } = start.event;
  const all = Object.values(keys).filter((key) => key !== undefined);
  if (all.length > 0) yield { kind: 'marks', keys: all };
  const entryKey = rules.reentry.mode === 'once' && recordId !== null ? `record:${recordId}` : run.entryKey;
  // Only for the sake of what the other rules remember: the key itself keeps a second run out.
  if (entryKey !== run.entryKey && all.length > 0 && (yield* hasEntered(workspace, run.workflowId, entryKey))) return;
  if (keys.count !== undefined && !countsEnough(workspace, start, keys.count)) return;
  if (!mayEnter(workspace, start, keys)) return;
  const refused = yield* guardedRate(workspace, start);
  // Another start of this batch may have got in while the count was asked for.
  if (!mayEnter(workspace, start, keys)) return;
  remember(workspace, start, keys);
  const place = keys.place === undefined || refused ? undefined : takePlace(workspace, keys.place, rules.concurrency === 'replace', run.id);
  const placed = place ? newRun(run.id, start, start.event, workspace.surroundings.now, place) : run;
  workspace.newRuns.push({ ...placed, entryKey, ...refused });
}

function* hasEntered(workspace: Workspace, workflowId: string, entryKey: string): Generator<Request, boolean, void> {
  const question = { kind: 'entered', workflowId, entryKey } as const;
  yield question;
  return workspace.fact(question) || workspace.newRuns.some((run) => run.workflowId === workflowId && run.entryKey === entryKey);
}

/** Does the workflow not want the record at all: suppressed, outside of the pilot's share, or without what re-entry "while" asks for? */
function isOutside(workspace: Workspace, start: Start): boolean {
  const { plan, event } = start;
  const { suppress, pilotShare, reentry } = plan.rules;
  const holds = (condition: Expression | undefined): boolean => condition?.test(scopeOf(start), environment(workspace, start)) === true;
  if (event.recordId !== null && (holds(suppress) || (reentry.mode === 'while' && !holds(reentry.when)))) return true;
  return pilotShare < 1 && stickyShare(plan.workflowId, event.recordId ?? event.id) >= pilotShare;
}

function attempt<T>(work: () => T): { ok: true; value: T } | { ok: false; error: TaktError } {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    return { ok: false, error: asTaktError(error) };
  }
}

function failAtStart(workspace: Workspace, { plan, event }: Start, run: RunRow, cause: TaktError): void {
  // Workflows that are told of each other's failures and fail over them come to an end like those that start each other.
  if (isTooDeep(event.chain)) {
    workspace.newRuns.push(run);
    return;
  }
  const error = cause.toData();
  const tokens = run.state.tokens.map((token) => ({ ...token, status: 'failed' as const }));
  const failed: RunRow = { ...run, status: 'failed', dueAt: null, error, state: { ...run.state, tokens } };
  workspace.newRuns.push(failed);
  tellOfFailure(workspace, failed, error, plan.settings.errorWorkflow);
}

interface Keys {
  count: string | undefined;
  dedupe: string | undefined;
  entry: string | undefined;
  throttle: string | undefined;
  place: string | undefined;
}

function keysOf(workspace: Workspace, start: Start): Keys {
  const { plan, trigger, event } = start;
  const { rules, workflowId } = plan;
  const about = event.recordId ?? '';
  const { mode } = rules.reentry;
  const counted = trigger.definition.count(trigger.params) !== undefined;
  return {
    count: counted ? `count:${workflowId}:${trigger.id}:${about}` : undefined,
    dedupe: rules.dedupe ? `dedupe:${workflowId}:${dedupeKey(workspace, start)}` : undefined,
    entry: (mode === 'after' || mode === 'while') && about !== '' ? entryMark(workflowId, about) : undefined,
    throttle: rules.throttle ? `throttle:${workflowId}:${rules.throttle.by === 'record' ? about : ''}` : undefined,
    // Where a record may start but one run, there is none to share its place with.
    place: rules.concurrency !== 'allow' && mode !== 'once' && about !== '' ? `place:${workflowId}:${about}` : undefined,
  };
}

/** The mark that remembers when a record last began a run. */
export const entryMark = (workflowId: string, recordId: string): string => `entry:${workflowId}:${recordId}`;

function scopeOf({ record, event }: Start): Record<string, unknown> {
  return { ...record, record, event: eventView(event) };
}

function environment({ surroundings }: Workspace, { plan, record }: Start): Environment {
  return {
    now: surroundings.now,
    random: () => surroundings.random(),
    timeZone: plan.settings.timezone,
    inSegment: (id) => record !== undefined && surroundings.inSegment(id, record),
  };
}

/** What cannot be told apart is the same: an expression that finds nothing gives one key for all. */
function dedupeKey(workspace: Workspace, start: Start): string {
  const value = start.plan.rules.dedupe?.key.evaluate(scopeOf(start), environment(workspace, start));
  return typeof value === 'string' ? value.slice(0, 500) : JSON.stringify(value ?? null).slice(0, 500);
}

/** Notes the event; true with the nth within the time, and then it counts anew. */
function countsEnough(workspace: Workspace, { trigger, event }: Start, key: string): boolean {
  const { times = 1, withinMs } = trigger.definition.count(trigger.params) ?? {};
  const since = withinMs === undefined ? Number.NEGATIVE_INFINITY : event.at - withinMs;
  const moments = [...momentsOf(workspace.mark(key)).filter((at) => at > since), event.at];
  const enough = moments.length >= times;
  workspace.setMark(key, enough ? null : moments, withinMs === undefined ? null : event.at + withinMs);
  return enough;
}

function mayEnter(workspace: Workspace, { plan }: Start, keys: Keys): boolean {
  const { reentry, throttle, concurrency } = plan.rules;
  const { now } = workspace.surroundings;
  if (keys.dedupe !== undefined && numberOf(workspace.mark(keys.dedupe)) > now) return false;
  if (keys.entry !== undefined) {
    const last = numberOf(workspace.mark(keys.entry));
    if (reentry.mode === 'while' && last > 0) return false;
    if (reentry.mode === 'after' && last + reentry.timeMs > now) return false;
  }
  if (keys.throttle !== undefined && throttle && recent(workspace, keys.throttle, throttle.perMs).length >= throttle.max) return false;
  return !(keys.place !== undefined && concurrency === 'skip' && placeOf(workspace.mark(keys.place)).holder !== null);
}

function remember(workspace: Workspace, { plan }: Start, keys: Keys): void {
  const { reentry, throttle, dedupe } = plan.rules;
  const { now } = workspace.surroundings;
  if (keys.dedupe !== undefined && dedupe) workspace.setMark(keys.dedupe, now + dedupe.withinMs, now + dedupe.withinMs);
  if (keys.entry !== undefined) workspace.setMark(keys.entry, now, reentry.mode === 'after' ? now + reentry.timeMs : null);
  if (keys.throttle !== undefined && throttle) {
    workspace.setMark(keys.throttle, [...recent(workspace, keys.throttle, throttle.perMs), now], now + throttle.perMs);
  }
}

/** The run takes the place of its record, gets in line for it, or takes it from whoever has it. */
function takePlace(workspace: Workspace, key: string, replaces: boolean, run: string): { key: string; taken: boolean } {
  const place = placeOf(workspace.mark(key));
  if (replaces && place.holder !== null) {
    for (const other of [place.holder, ...place.queue]) workspace.signal(other.run, CONTROL.cancel, { ok: true, result: {} });
  }
  const { place: entered, taken } = enterPlace(replaces ? placeOf(null) : place, { run, wait: CONTROL.start });
  workspace.setMark(key, placeValue(entered), null);
  return { key, taken: !taken };
}

const recent = (workspace: Workspace, key: string, perMs: number): number[] =>
  momentsOf(workspace.mark(key)).filter((at) => at > workspace.surroundings.now - perMs);

const momentsOf = (value: Json): number[] => (Array.isArray(value) ? value.filter((at) => typeof at === 'number') : []);
const numberOf = (value: Json): number => (typeof value === 'number' ? value : 0);
