/** How much people have to do. */
import { type Static, Type } from 'typebox';
import { type DataRequest, type LoadMeasure, ownerLoads, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { entityName, Fields, fieldName } from '../support/params.ts';
import { entryOf } from './ledger.ts';
import { pacesOf } from './pace.ts';
import { boundsOf, type Period } from './periods.ts';
import type { People } from './pool.ts';

const Counted = Type.Object(
  {
    entity: entityName('The entity that is counted, in its open stages.'),
    where: Type.Optional(Value(Fields, { description: 'Only those with these values: `{ "target": true }`.' })),
    sum: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'A number or money field to be added up; each counts 1 without it.' }),
    ),
    at: Type.Optional(fieldName('With `during`: the field with the moment, such as `due_at`.')),
    during: Type.Optional(Type.Enum(['day', 'week'], { description: 'With `at`: only those of today, or of this week from Monday.' })),
  },
  { additionalProperties: false, dependencies: { at: ['during'], during: ['at'] } },
);
type Counted = Static<typeof Counted>;

const NAMED = ['open', 'given_hour', 'given_day', 'given_week', 'given_pace', 'tasks_today', 'meetings_week'] as const;

export const Load = Type.Union(
  [
    Type.Enum([...NAMED], {
      description:
        '`open`: records of the same entity whose stage is open. `given_day` and the like: what assignments have given them this hour, day or week. `given_pace`: what they were given today for each hour of their own work that has begun today. `tasks_today`: open tasks that are due today. `meetings_week`: meetings of this week that are not cancelled.',
    }),
    Counted,
  ],
  { description: 'What counts as work: `open`, `given_day`, `{ "entity": "deal", "sum": "amount" }`.' },
);
export type Load = Static<typeof Load>;

const GIVEN: Readonly<Record<string, Period>> = { given_hour: 'hour', given_day: 'day', given_week: 'week' };
const TASKS_TODAY: Counted = { entity: 'task', where: { status: 'open' }, at: 'due_at', during: 'day' };
/** Several, since a meeting that is planned and one that was held are both work of the week. */
const MEETINGS_WEEK: readonly Counted[] = ['planned', 'confirmed', 'held'].map((status) => ({
  entity: 'meeting',
  where: { status },
  at: 'starts_at',
  during: 'week',
}));

/** Names a measure, so that what is kept of a person by it is not taken for another's. */
export const nameOf = (load: Load): string => (typeof load === 'string' ? load : JSON.stringify(load));

/** How much each person of a pool has to do, by id. The ledger must be locked. Throws ENTITY_UNKNOWN, ASSIGN_LOAD_FIELD. */
export function* loadsOf(ctx: StepContext, load: Load, pool: People): Generator<DataRequest, (user: string) => number, void> {
  if (load === 'given_pace') return yield* pacesOf(ctx, pool);
  const period = typeof load === 'string' ? GIVEN[load] : undefined;
  if (period) return (user) => entryOf(ctx, user).given[period];
  const { users } = pool;
  const loads = new Map<string, number>();
  for (const measure of measuresOf(ctx, load, pool)) {
    const found = yield* ownerLoads(ctx, measure, users);
    for (const [i, user] of users.entries()) loads.set(user, (loads.get(user) ?? 0) + (found[i] ?? 0));
  }
  return (user) => loads.get(user) ?? 0;
}

/** Has what `loadsOf` needs loaded, without looking at it: what a step has not seen yet may still be changed by others of its batch. */
export function* askLoads(ctx: StepContext, load: Load, pool: People): Generator<DataRequest, void, void> {
  for (const measure of measuresOf(ctx, load, pool)) yield { kind: 'loads', load: measure, owners: pool.users };
}

function measuresOf(ctx: StepContext, load: Load, { users }: People): LoadMeasure[] {
  // What people were given stands in the ledger.
  if (users.length === 0 || load === 'given_pace' || (typeof load === 'string' && GIVEN[load] !== undefined)) return [];
  if (load === 'tasks_today') return [measureOf(ctx, TASKS_TODAY)];
  if (load === 'meetings_week') return MEETINGS_WEEK.map((one) => measureOf(ctx, one));
  return [measureOf(ctx, typeof load === 'string' ? { entity: ctx.record?.entity ?? '' } : load)];
}

function measureOf(ctx: StepContext, { entity: name, where, sum, at, during }: Counted): LoadMeasure {
  const entity = ctx.entities.require(name);
  const { stages } = entity.definition;
  const open = stages?.filter(({ kind = 'open' }) => kind === 'open').map(({ id }) => id) ?? null;
  const measure: LoadMeasure = { entity: name, stages: open, sum: null };
  if (where !== undefined) measure.contains = containing(where, (field) => entity.field(field));
  if (at !== undefined && during !== undefined) {
    if (entity.field(at)?.type !== 'date_time') throw notFit(name, at, 'no moment');
    measure.between = { field: at, ...boundsOf(ctx, during) };
  }
  if (sum === undefined) return measure;
  const type = entity.field(sum)?.type;
  if (type !== 'number' && type !== 'money') throw notFit(name, sum, 'no number or money field');
  return { ...measure, sum: type === 'money' ? [sum, 'amount'] : [sum] };
}

const notFit = (entity: string, field: string, what: string): TaktError =>
  new TaktError('ASSIGN_LOAD_FIELD', { message: `${entity}.${field} is ${what}.`, pointer: '/params' });

/** A list contains the value as one of its elements. */
const containing = (where: JsonObject, fieldOf: (name: string) => object | undefined): JsonObject =>
  Object.fromEntries(
    Object.entries(where).map(([name, value]): [string, Json] => {
      const field = fieldOf(name);
      const many = field !== undefined && (Reflect.get(field, 'many') === true || Reflect.get(field, 'type') === 'multi_select');
      return [name, many && !Array.isArray(value) ? [value] : value];
    }),
  );
