import { Type } from 'typebox';
import {
  type AggregateQuery,
  type AggregateResult,
  aggregateRecords,
  type DataRequest,
  defineNode,
  loadRecords,
  type Measure,
  type StepContext,
  TaktError,
  Value,
} from '../../engine/sdk.ts';
import { NAME_PATTERN } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { entityName, Fields, fieldName } from '../support/params.ts';
import { brief, list, part } from '../support/summary.ts';
import { CALENDAR_UNITS, Moment, type Period, periodOf, type Span } from './period.ts';

const closed = { additionalProperties: false } as const;
const periodField = fieldName('A `date` or `date_time` field, such as `created_at`.');

const PeriodParam = Type.Union([
  Type.Object(
    {
      field: periodField,
      calendar: Type.Enum([...CALENDAR_UNITS], {
        description: 'The last whole one before now, in the zone of the workflow; weeks begin on Monday.',
      }),
    },
    closed,
  ),
  Type.Object({ field: periodField, last: { ...DurationText, description: 'So long until now; days are days of the calendar.' } }, closed),
  Type.Object({ field: periodField, from: Moment, to: Moment }, closed),
]);

const Params = Type.Object(
  {
    entity: entityName('The entity whose records are counted.'),
    period: Type.Optional(
      Type.Unsafe<{ field: string } & Span>({ ...PeriodParam, description: 'Only records whose field lies within it.' }),
    ),
    match: Type.Optional(Value(Fields, { description: 'Field and value; all must be equal, as in record.find.' })),
    groupBy: Type.Optional(fieldName('One group for each value of this field: text, select, yes/no, reference, `stage` or `owner`.')),
    measures: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: NAME_PATTERN, description: 'What it is called in the output.' }),
          op: Type.Enum(['count', 'sum', 'avg', 'min', 'max'], { description: '`count` without a field counts records.' }),
          field: Type.Optional(fieldName('A number or money field; money is measured by its amount.')),
        },
        closed,
      ),
      { minItems: 1, maxItems: 20, description: 'What is counted or added for each group.' },
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, default: 100, description: 'Groups at most: those with the greatest first measure.' }),
    ),
  },
  closed,
);

const Nullable = (text: { format: string; description: string }) => Type.Union([Type.String({ format: text.format }), Type.Null()], text);

/**
 * Numbers over the records of an entity, computed by the database. They are of what is committed: what an earlier node of this run has
 * just written counts only when that step is saved, which a wait in between makes sure of.
 */
export const statisticsNode = defineNode({
  type: 'report.statistics',
  version: 1,
  title: 'Statistics over records',
  description:
    'Counts records and adds up their fields, as a whole and by groups; deleted records are left out. It sees saved data: what the same run wrote right before may not count yet.',
  params: Params,
  example: {
    entity: 'deal',
    period: { field: 'created_at', calendar: 'week' },
    groupBy: 'stage',
    measures: [
      { name: 'deals', op: 'count' },
      { name: 'amount', op: 'sum', field: 'amount' },
    ],
  },
  summary: (params) => {
    const names = list(params.measures).map((measure) => brief(part(measure).name));
    return brief(`${names.join(', ')} of ${brief(params.entity)}${params.groupBy === undefined ? '' : ` by ${brief(params.groupBy)}`}`);
  },
  ports: ['next'],
  output: Type.Object({
    from: Nullable({ format: 'date-time', description: 'Beginning of the period; null without one.' }),
    to: Nullable({ format: 'date-time', description: 'Its end, which does not belong to it.' }),
    firstDay: Nullable({ format: 'date', description: 'First day of the period, as people name it.' }),
    lastDay: Nullable({ format: 'date', description: 'Its last day.' }),
    total: Type.Object({}, { description: 'The measures over all records, by name.' }),
    groups: Type.Array(Type.Object({}), {
      description:
        'For each group `key`, `title` (of a stage or an option, the name of a record) and the measures by name. Stages and options in their order, others by the first measure.',
    }),
    currency: Type.Object({}, { description: 'For each measure of money its currency, or null where there was none.' }),
  }),
  *run(ctx, params) {
    const { entity, groupBy } = params;
    checkNames(params.measures.map(({ name }) => name));
    const period = params.period && periodOf(params.period, ctx.now, ctx.settings.timezone);
    const { match = {}, measures, limit = 100 } = params;
    // What an expression did not find equals nothing: the statistics must not become those of more records.
    const result = Object.values(match).includes(null)
      ? ofNothing(measures)
      : yield* aggregateRecords(ctx, {
          entity,
          match,
          measures,
          limit,
          ...(params.period && period ? { period: span(ctx, entity, params.period.field, period) } : {}),
          ...(groupBy === undefined ? {} : { groupBy }),
        });
    const currency = currencies(result);
    const groups = groupBy === undefined ? [] : yield* titled(ctx, entity, groupBy, result);
    const { from = null, to = null, firstDay = null, lastDay = null } = period ?? {};
    return { kind: 'next', port: 'next', output: { from, to, firstDay, lastDay, total: { ...result.total }, groups, currency } };
  },
});

const TAKEN = ['key', 'title'];

function checkNames(names: readonly string[]): void {
  const twice = names.find((name, i) => TAKEN.includes(name) || names.indexOf(name) !== i);
  if (twice === undefined) return;
  const message = TAKEN.includes(twice) ? `A measure cannot be called "${twice}".` : `Two measures are called "${twice}".`;
  throw new TaktError('NODE_PARAMS', { pointer: '/params/measures', message });
}

function span(ctx: StepContext, entity: string, field: string, { from, to, since, until }: Period): AggregateQuery['period'] {
  const byDay = ctx.entities.get(entity)?.field(field)?.type === 'date';
  return byDay ? { field, from: since, to: until } : { field, from, to };
}

const ofNothing = (measures: readonly Measure[]): AggregateResult => ({
  total: Object.fromEntries(measures.map(({ name, op }) => [name, op === 'count' || op === 'sum' ? 0 : null])),
  groups: [],
  currencies: {},
});

/** Amounts of several currencies have no sum and no average. */
function currencies({ currencies: found }: AggregateResult): JsonObject {
  const single = Object.entries(found).map(([name, codes]): [string, Json] => {
    if (codes.length <= 1) return [name, codes[0] ?? null];
    throw new TaktError('REPORT_CURRENCIES', { message: `"${name}" would mix amounts in ${codes.join(' and ')}.` });
  });
  return Object.fromEntries(single);
}

function* titled(
  ctx: StepContext,
  entity: string,
  groupBy: string,
  { groups }: AggregateResult,
): Generator<DataRequest, JsonObject[], void> {
  const field = ctx.entities.get(entity)?.field(groupBy);
  const options = field?.type === 'select' ? field.options : [];
  const ids = field?.type === 'reference' ? groups.flatMap(({ key }) => key ?? []) : [];
  const names = new Map((yield* loadRecords(ctx, ids)).map((record) => [record.id, record.name ?? null]));
  const titles = new Map<string, Json>([...options.map(({ id, title }): [string, Json] => [id, title]), ...names]);
  const place = (key: Json): number => {
    const index = options.findIndex(({ id }) => id === key);
    return index < 0 ? options.length : index;
  };
  return groups
    .map(({ key, values }): JsonObject => ({ key, title: key === null ? null : (titles.get(key) ?? key), ...values }))
    .sort((a, b) => place(a.key ?? null) - place(b.key ?? null));
}
