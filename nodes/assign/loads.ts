/** How much people have to do. */
import { type DataRequest, type LoadMeasure, ownerLoads, type RecordView, type StepContext, TaktError } from '../../engine/sdk.ts';
import { entryOf, type Period } from './ledger.ts';
import { pacesOf } from './pace.ts';
import type { Load } from './params.ts';

const GIVEN: Readonly<Record<string, Period>> = { given_hour: 'hour', given_day: 'day', given_week: 'week' };

/**
 * By id of the user. The ledger must be locked. Throws ENTITY_UNKNOWN, ASSIGN_LOAD_FIELD.
 * @param team of the pool, whose calendar counts where somebody has none
 */
export function* loadsOf(
  ctx: StepContext,
  load: Load,
  users: readonly RecordView[],
  team: RecordView | undefined,
): Generator<DataRequest, ReadonlyMap<string, number>, void> {
  if (load === 'given_pace') return yield* pacesOf(ctx, users, team);
  const ids = users.map(({ id }) => id);
  const period = typeof load === 'string' ? GIVEN[load] : undefined;
  if (period) return new Map(ids.map((id) => [id, entryOf(ctx, id).given[period]]));
  const loads = ids.length > 0 ? yield* ownerLoads(ctx, measureOf(ctx, load), ids) : [];
  return new Map(ids.map((id, i) => [id, loads[i] ?? 0]));
}

function measureOf(ctx: StepContext, load: Load): LoadMeasure {
  const name = typeof load === 'string' ? (ctx.record?.entity ?? '') : load.entity;
  const sum = typeof load === 'string' ? undefined : load.sum;
  const entity = ctx.entities.require(name);
  const { stages } = entity.definition;
  const open = stages?.filter(({ kind = 'open' }) => kind === 'open').map(({ id }) => id) ?? null;
  if (sum === undefined) return { entity: name, stages: open, sum: null };
  const type = entity.field(sum)?.type;
  if (type !== 'number' && type !== 'money') {
    throw new TaktError('ASSIGN_LOAD_FIELD', { message: `${name}.${sum} is no number or money field.`, pointer: '/params' });
  }
  return { entity: name, stages: open, sum: type === 'money' ? [sum, 'amount'] : [sum] };
}
