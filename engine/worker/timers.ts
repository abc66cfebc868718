/** Timers that are due: each becomes an event, by which triggers start runs. */
import type { JsonObject } from '../../schemas/json.ts';
import { finish } from '../admission/finish.ts';
import { SEGMENT_RECHECK } from '../admission/segments.ts';
import { asTaktError } from '../errors/index.ts';
import { experimentTimers, judgeExperiment } from '../experiment/judge.ts';
import type { Plan, PlanTrigger } from '../graph/plan.ts';
import { fireModelTimer } from '../jobs/model-timers.ts';
import { TIMER_FIRED } from '../node/definition.ts';
import { readSchedule, type Schedule } from '../node/schedule.ts';
import { applyChange, type Change } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { isContended, transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import { isUnavailable } from '../store/trouble.ts';
import { nextOccurrence } from '../time/recurrence.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import { waitingNodes } from '../versions/waiting.ts';

const BATCH = 100;
/** When a timer that could not be fired is tried again, and one that others kept from being fired. */
const PUT_OFF_MS = 3_600_000;
const CONTENDED_MS = 1_000;
/** A moment of a schedule that is later than this has been missed. */
const MISSED_MS = 5 * 60_000;

/** The type of the event that schedules and watches over other workflows make. */
const SCHEDULE_FIRED = 'schedule.fired';

/**
 * Puts the timers of a workflow's schedules in the place of those it had: part of publishing, pausing and rolling back. Timers about
 * records are made by the events of the records, and for those that exist by a backfill.
 * @param before what was published until now
 * @param active a workflow that is paused has no schedules; what waits for records goes on waiting
 */
export async function replaceTimers(
  tx: StoreTx,
  ports: Pick<Ports, 'clock' | 'newId'>,
  { before, plan, active }: { before: Plan | undefined; plan: Plan; active: boolean },
): Promise<void> {
  await tx.deleteTimersOfVersion(plan.workflowId, waitingNodes(before, plan));
  if (!active) return;
  const now = ports.clock.now();
  const timers = [
    ...plan.triggers.flatMap((trigger) => timerOf(trigger, plan.workflowId, now, ports.newId)),
    ...experimentTimers(plan, now, ports.newId),
  ];
  if (timers.length > 0) await tx.upsertTimers(timers);
}

function timerOf({ id: node, schedule }: PlanTrigger, workflowId: string, now: number, newId: () => string): TimerRow[] {
  if (!schedule) return [];
  const dueAt = schedule.kind === 'idle' ? now + schedule.forMs : nextOccurrence(schedule.recurrence, now);
  const kind = schedule.kind === 'idle' ? 'idle' : 'schedule';
  return dueAt === null ? [] : [{ id: newId(), kind, workflowId, node, key: '', recordId: null, dueAt, data: dataOf(schedule) }];
}

const dataOf = (schedule: Schedule): JsonObject => JSON.parse(JSON.stringify(schedule));

/**
 * Fires the timers that are due. A schedule moves on to its next moment in the same transaction; moments that were missed while nothing
 * ran are one event, or none where the schedule says so. A schedule that cannot be read is logged and over, and holds up no other timer.
 * @returns how many were due
 */
export async function fireTimers(ports: Ports): Promise<number> {
  const next = await ports.database.store.nextTimerDue();
  if (next === null || next > ports.clock.now()) return 0;
  try {
    return await fireBatch(ports, BATCH);
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return fireSingly(ports, error);
  }
}

/** One after the other, so that a timer that cannot be fired keeps no other from it; it is put off, and tried again. */
async function fireSingly(ports: Ports, cause: unknown): Promise<number> {
  ports.logger.warn({ err: cause }, 'Timers could not be fired together; looking for the one that spoils it.');
  let fired = 0;
  for (let left = BATCH; left > 0; left--) {
    const tried: string[] = [];
    const one = await fireBatch(ports, 1, tried).catch((error: unknown) => {
      // Where none could be taken none is to blame.
      if (tried.length === 0 || isUnavailable(error)) throw error;
      return putOff(ports, tried, error);
    });
    if (one === 0) break;
    fired += one;
  }
  return fired;
}

/** @returns how many; none where another worker has it meanwhile, and what would be taken in its place is not to blame */
async function putOff(ports: Ports, tried: readonly string[], cause: unknown): Promise<number> {
  return transact(ports.database, async (tx) => {
    const now = ports.clock.now();
    const due = (await tx.claimTimers(now, 1)).filter((timer) => tried.includes(timer.id));
    if (due.length === 0) return 0;
    const contended = isContended(cause);
    for (const { id, workflowId, node, recordId } of due) {
      const fields = { timer: id, workflow: workflowId, node, record: recordId, err: cause };
      const { message } = asTaktError(cause);
      if (contended) ports.logger.warn(fields, `A timer could not be fired; it is tried again in a second: ${message}`);
      else ports.logger.error(fields, `A timer could not be fired; it is tried again in an hour: ${message}`);
    }
    const dueAt = now + (contended ? CONTENDED_MS : PUT_OFF_MS);
    await tx.upsertTimers(due.map((timer) => ({ ...timer, dueAt })));
    return due.length;
  });
}

/** @param tried gets the ids of the timers that were taken, also where they could not be fired */
function fireBatch(ports: Ports, limit: number, tried: string[] = []): Promise<number> {
  return transact(ports.database, async (tx) => {
    const now = ports.clock.now();
    const due = await tx.claimTimers(now, limit);
    tried.splice(0, tried.length, ...due.map((timer) => timer.id));
    if (due.length === 0) return 0;
    const workspace = openWorkspace(ports, await ports.catalog.current(tx));
    // Before their events are heard: a trigger may set its timer anew by them.
    await tx.deleteTimersById(due.map((timer) => timer.id));
    const fired: Firing[] = [];
    // One after the other: where one throws, the statement of another would come after the end of the transaction.
    for (const timer of due) fired.push(await fire(tx, ports, timer, now));
    const again = fired.flatMap(({ again: row }) => row ?? []);
    if (again.length > 0) await tx.upsertTimers(again);
    const events = fired.flatMap(({ event }) => event ?? []);
    const outcomes = await drive(
      events.map((event) => applyChange(workspace, event, { kind: 'system', id: 'timers' })),
      workspace,
      (requests) => load(tx, workspace, requests),
    );
    for (const outcome of outcomes) {
      // Its record has been deleted meanwhile: nothing is left to be reminded of.
      if (!outcome.ok) ports.logger.debug({ err: outcome.error }, `A timer came to nothing: ${asTaktError(outcome.error).message}`);
    }
    await finish(tx, workspace, ports.queue);
    return due.length;
  });
}

interface Firing {
  event?: Extract<Change, { kind: 'event' }>;
  /** The same timer at its next moment. */
  again?: TimerRow;
}

async function fire(tx: StoreTx, ports: Ports, timer: TimerRow, now: number): Promise<Firing> {
  const { workflowId, node, data } = timer;
  const key = `timer:${timer.id}:${timer.dueAt}`;
  const due_at = new Date(timer.dueAt).toISOString();
  const topic = `${workflowId}/${node}`;
  const about = timer.recordId === null ? {} : { recordId: timer.recordId };
  switch (timer.kind) {
    case 'trigger':
      return { event: { kind: 'event', type: TIMER_FIRED, topic, data: { ...data, due_at }, key, ...about } };
    case 'segment':
      return { event: { kind: 'event', type: SEGMENT_RECHECK, topic: workflowId, data: { due_at }, key, ...about } };
    case 'experiment':
      return judgeExperiment(tx, ports, timer, now);
    case 'retrain':
    case 'watch':
      return fireModelTimer(tx, ports, timer, now);
    case 'idle':
    case 'schedule': {
      const schedule = scheduleOf(ports, timer, now);
      if (!schedule) return {};
      const event: Change = { kind: 'event', type: SCHEDULE_FIRED, topic, data: { due_at }, key };
      return schedule.kind === 'idle' ? idle(tx, timer, schedule, event, now) : recurring(timer, schedule, event, now);
    }
  }
}

/** A schedule that recurs comes with its next moment; null where it never comes again (COUNT is used up). */
type Due = Extract<Schedule, { kind: 'idle' }> | (Extract<Schedule, { kind: 'recurrence' }> & { next: number | null });

/** The schedule that a timer was made for; undefined, and logged, where its data or its rule cannot be read. */
function scheduleOf(ports: Pick<Ports, 'logger'>, timer: TimerRow, now: number): Due | undefined {
  try {
    const schedule = readSchedule(timer.data);
    return schedule.kind === 'idle' ? schedule : { ...schedule, next: nextOccurrence(schedule.recurrence, now) };
  } catch (thrown) {
    const fields = { err: thrown, workflow: timer.workflowId, node: timer.node };
    const wayOut = 'Pause the workflow and let it go on: that makes the schedule anew.';
    ports.logger.error(fields, `A schedule cannot be read and is over. ${asTaktError(thrown).message} ${wayOut}`);
    return undefined;
  }
}

function recurring(timer: TimerRow, { missed, next }: Due & { kind: 'recurrence' }, event: Firing['event'], now: number): Firing {
  const again = next === null ? {} : { again: { ...timer, dueAt: next } };
  return missed === 'never' && now - timer.dueAt > MISSED_MS ? again : { ...again, event };
}

/** Watches over another workflow: fires when its newest run is too old, and looks again as long afterwards. */
async function idle(
  tx: StoreTx,
  timer: TimerRow,
  { workflow, forMs }: { workflow: string; forMs: number },
  event: Change & { kind: 'event' },
  now: number,
): Promise<Firing> {
  const newest = await tx.newestRunAt(workflow);
  if (newest !== null && newest + forMs > now) return { again: { ...timer, dueAt: newest + forMs } };
  const last = newest === null ? null : new Date(newest).toISOString();
  return { again: { ...timer, dueAt: now + forMs }, event: { ...event, data: { ...event.data, workflow, last_run_at: last } } };
}
