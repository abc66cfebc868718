import { Cron } from 'croner';
import type { JsonObject } from '../../schemas/json.ts';
import type { Plan, PlanTrigger } from '../graph/plan.ts';
import type { Schedule } from '../node/definition.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import { commit } from '../unit/commit.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';

const BATCH = 100;

/** The first moment of a schedule after `after` (milliseconds), or null where there is none within croner's horizon. */
function nextFiring(schedule: Schedule, after: number): number | null {
  return new Cron(schedule.cron, { paused: true, timezone: schedule.timezone, mode: '5-part' }).nextRun(new Date(after))?.getTime() ?? null;
}

/**
 * Puts the timers of a workflow's schedules in the place of those it had: part of publishing, pausing and rolling back.
 * @param plan undefined where the workflow is to have none
 */
export async function replaceTimers(
  tx: StoreTx,
  ports: Pick<Ports, 'clock' | 'newId'>,
  workflowId: string,
  plan: Plan | undefined,
): Promise<void> {
  await tx.deleteTimers(workflowId);
  const now = ports.clock.now();
  const timers = (plan?.triggers ?? []).flatMap((trigger) => timerOf(trigger, workflowId, now, ports.newId));
  if (timers.length > 0) await tx.insertTimers(timers);
}

function timerOf(trigger: PlanTrigger, workflowId: string, now: number, newId: () => string): TimerRow[] {
  if (!trigger.schedule) return [];
  const dueAt = nextFiring(trigger.schedule, now);
  const data: JsonObject = { cron: trigger.schedule.cron, timezone: trigger.schedule.timezone };
  return dueAt === null ? [] : [{ id: newId(), kind: 'schedule', workflowId, node: trigger.id, recordId: null, dueAt, data }];
}

/**
 * Fires the timers that are due: each becomes an event `schedule.fired`, and moves on to its next moment in the same
 * transaction. Moments missed while nothing ran are one event, not many.
 * @returns how many fired
 */
export async function fireTimers(ports: Ports): Promise<number> {
  const next = await ports.database.store.nextTimerDue();
  if (next === null || next > ports.clock.now()) return 0;
  return transact(ports.database, async (tx) => {
    const now = ports.clock.now();
    const due = await tx.claimTimers(now, BATCH);
    if (due.length === 0) return 0;
    const workspace = openWorkspace(ports, await ports.catalog.current(tx));
    const firings = due.map((timer) =>
      applyChange(
        workspace,
        {
          kind: 'event',
          type: 'schedule.fired',
          topic: `${timer.workflowId}/${timer.node}`,
          data: { due_at: new Date(timer.dueAt).toISOString() },
          key: `timer:${timer.id}:${timer.dueAt}`,
        },
        { kind: 'system', id: 'timers' },
      ),
    );
    await drive(firings, workspace, (requests) => load(tx, workspace, requests));
    await commit(tx, workspace, ports.queue);
    const moved = due.flatMap((timer) => {
      const { cron, timezone } = timer.data;
      const next = typeof cron === 'string' && typeof timezone === 'string' ? nextFiring({ cron, timezone }, now) : null;
      return next === null ? [] : [{ id: timer.id, dueAt: next }];
    });
    await tx.moveTimers(moved);
    // A schedule that never comes again (the 30th of February) has no next moment.
    const over = due.filter((timer) => !moved.some((next) => next.id === timer.id)).map((timer) => timer.id);
    await tx.deleteTimersById(over);
    return due.length;
  });
}
