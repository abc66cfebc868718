/** Timers for records that were there before the workflow: a contract that ends next month is reminded of, whenever it was made. */
import { finish } from '../admission/finish.ts';
import { setTimers } from '../admission/timers.ts';
import { openWorkspace } from '../runtime/ports.ts';
import { type JobKind, textOf } from './job.ts';
import { nextRecords } from './records.ts';

/** The type of the event that stands for a record which was there before. */
const BACKFILL = 'backfill';

export const backfill: JobKind = {
  kind: 'backfill',
  async piece(tx, ports, job) {
    const state = await ports.catalog.current(tx);
    const plan = state.published.get(textOf(job, 'workflow') ?? '');
    const trigger = plan?.triggers.find((one) => one.id === textOf(job, 'node'));
    const entity = trigger?.definition.backfills(trigger.params);
    // Published anew without it meanwhile: that has a backfill of its own.
    if (!plan || !trigger || entity === undefined) return { cursor: null, done: 0, failed: 0, made: 0 };
    const workspace = openWorkspace(ports, state);
    const { rows, cursor } = await nextRecords(tx, workspace, entity, job.cursor);
    const event = { id: job.id, type: BACKFILL, topic: entity, at: new Date(workspace.surroundings.now).toISOString(), data: {} };
    const made = await setTimers(
      tx,
      workspace,
      rows.map((row) => ({ plan, trigger, event, record: workspace.view(row) })),
    );
    await finish(tx, workspace, ports.queue);
    return { cursor, done: rows.length, failed: 0, made };
  },
};
