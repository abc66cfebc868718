/** What comes by itself about models: a training when it is time, and a daily look whether the live version still fits. */
import type { ModelDefinition } from '../../schemas/model.ts';
import { asTaktError, type ErrorCode } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { StoreTx } from '../store/port.ts';
import type { ModelRow } from '../store/queries/models.ts';
import type { TimerRow } from '../store/queries/timers.ts';
import type { Author } from '../store/schema.ts';
import { parseDuration } from '../time/duration.ts';
import { nextOccurrence } from '../time/recurrence.ts';
import { newJob } from './job.ts';
import { beginTraining, jobAt } from './train.ts';
import { watchModel } from './watch.ts';

const DAY = 86_400_000;
const OWNER = 'model:';
const author: Author = { kind: 'system', id: 'timers' };

/** Under what the timers of a model stand: no workflow and no segment has a colon in its id. */
export const modelTimerOwner = (id: string): string => `${OWNER}${id}`;

/** The timers of a model that was defined. One that retrains as it did before goes on counting; the daily look always does. */
export async function setModelTimers(
  tx: StoreTx,
  ports: Pick<Ports, 'clock' | 'newId'>,
  { id, definition: { retrain } }: ModelRow,
  before: ModelRow | undefined,
): Promise<void> {
  const now = ports.clock.now();
  const workflowId = modelTimerOwner(id);
  const timer = (kind: 'retrain' | 'watch', dueAt: number): TimerRow => {
    return { id: ports.newId(), kind, workflowId, node: kind, key: '', recordId: null, dueAt, data: {} };
  };
  await tx.insertMissingTimers([timer('watch', now + DAY)]);
  const dueAt = retrain === undefined ? null : nextTraining(retrain, now, now);
  if (retrain === undefined || dueAt === null) return tx.deleteTimersByKey([{ workflowId, node: 'retrain', key: '' }]);
  const same = JSON.stringify(before?.definition.retrain) === JSON.stringify(retrain);
  if (same) await tx.insertMissingTimers([timer('retrain', dueAt)]);
  else await tx.upsertTimers([timer('retrain', dueAt)]);
}

/** The first moment after `now`; of those that were missed while nothing ran there is none. */
function nextTraining(retrain: NonNullable<ModelDefinition['retrain']>, last: number, now: number): number | null {
  if ('cron' in retrain) return nextOccurrence({ kind: 'cron', cron: retrain.cron, timezone: retrain.timezone ?? 'UTC' }, now);
  const every = parseDuration(retrain.every);
  return last + every * Math.max(1, Math.floor((now - last) / every) + 1);
}

/** What keeps a training from beginning is no fault of the timer: it comes again. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['MODEL_TRAINING', 'MODEL_FIELDS_GONE', 'ENTITY_UNKNOWN']);

/** Begins the job; the timer's lock is that of its transaction, so that several servers begin it once. */
export async function fireModelTimer(tx: StoreTx, ports: Ports, timer: TimerRow, now: number): Promise<{ again?: TimerRow }> {
  const row = await tx.modelById(timer.workflowId.slice(OWNER.length), true);
  if (!row) return {};
  if (timer.kind === 'watch') {
    await beginWatch(tx, ports, row);
    return { again: { ...timer, dueAt: timer.dueAt + DAY * Math.max(1, Math.floor((now - timer.dueAt) / DAY) + 1) } };
  }
  const { retrain } = row.definition;
  if (retrain === undefined) return {};
  try {
    await beginTraining(tx, ports, row, author);
  } catch (thrown) {
    const { code, message } = asTaktError(thrown);
    if (!NOT_NOW.has(code)) throw thrown;
    ports.logger.warn({ model: row.id, err: thrown }, `The model was not trained at its time: ${message}`);
  }
  const dueAt = nextTraining(retrain, timer.dueAt, now);
  return dueAt === null ? {} : { again: { ...timer, dueAt } };
}

async function beginWatch(tx: StoreTx, ports: Ports, { id, live, definition }: ModelRow): Promise<void> {
  if (live === null || (await jobAt(tx, watchModel.kind, id))) return;
  await tx.insertJob(newJob(ports, watchModel.kind, { model: id, version: live }, author, await tx.countLiving(definition.entity)));
}
