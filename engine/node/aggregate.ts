/**
 * Counting and adding over the records of an entity, done by the store: no row is loaded into the process. The names of fields are
 * resolved here, in the step, so that a wrong one fails the step alone; the store gets sources it can take as they are.
 */
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import type { Entity } from '../records/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import type { StepContext } from './context.ts';

export type MeasureOp = 'count' | 'sum' | 'avg' | 'min' | 'max';

/** One number for each group. `count` without a field counts records, with one those that have a value. */
export interface Measure {
  name: string;
  op: MeasureOp;
  field?: string;
}

export interface AggregateQuery {
  entity: string;
  /** Equality as in a find. */
  match?: JsonObject;
  /** A half-open span over a `date` or `date_time` field: `from` counts, `to` does not; both as values of that field are stored. */
  period?: { field: string; from: string; to: string };
  /** A field with one value: text, select, yes/no, reference, `stage`, `owner`. */
  groupBy?: string;
  measures: readonly Measure[];
  /** Groups at most: those with the greatest first measure. 1 to 1,000. */
  limit: number;
}

/** Measures by name. Money is measured by its amount; `sum` of nothing is 0, the others' is null. */
export type MeasureValues = Readonly<Record<string, number | null>>;

export interface AggregateResult {
  /** Over all records that fit, whatever `limit` cut off. */
  total: MeasureValues;
  /** The greatest first measure first, equal ones by key; the key of records without a value is null. None without `groupBy`. */
  groups: readonly { key: string | null; values: MeasureValues }[];
  /** For each measure of money, the currencies it was taken over; of more than two the first and the last. */
  currencies: Readonly<Record<string, readonly string[]>>;
}

const AGGREGATE_COLUMNS = ['key', 'owner', 'stage', 'name', 'created_at', 'updated_at'] as const;

/** Where a value stands: in a column of its own, or in the record's data under this path. */
export type Source = { column: (typeof AGGREGATE_COLUMNS)[number] } | { path: readonly string[] };

/** An aggregate that the store can carry out. */
export interface ResolvedAggregate {
  entity: string;
  match: JsonObject;
  period: { source: Source; from: string; to: string } | null;
  group: Source | null;
  measures: readonly { name: string; op: MeasureOp; source: Source | null; currency: Source | null }[];
  limit: number;
}

export type AggregateRequest = { kind: 'aggregate'; aggregate: ResolvedAggregate };

/** What the answer to a request is kept under until the step has read it. */
export const aggregateKey = (aggregate: ResolvedAggregate): string => JSON.stringify(aggregate);

/**
 * Counts, adds and compares over the records that fit; deleted ones are left out. It sees committed data only: what this step, or an
 * earlier one of the same uncommitted batch, has written does not count yet.
 * Throws ENTITY_UNKNOWN, FIELD_UNKNOWN, AGGREGATE_FIELD.
 */
export function* aggregateRecords(ctx: StepContext, query: AggregateQuery): Generator<AggregateRequest, AggregateResult, void> {
  const aggregate = resolve(ctx.entities.require(query.entity), query);
  yield { kind: 'aggregate', aggregate };
  return ctx.aggregated(aggregate);
}

function resolve(entity: Entity, query: AggregateQuery): ResolvedAggregate {
  const { period, groupBy, match = {}, limit } = query;
  for (const field of Object.keys(match)) typeOf(entity, field, '/params/match');
  return {
    entity: entity.name,
    match,
    period: period ? { source: source(entity, period.field, MOMENTS, '/params/period/field'), from: period.from, to: period.to } : null,
    group: groupBy === undefined ? null : source(entity, groupBy, GROUPS, '/params/groupBy'),
    measures: query.measures.map(({ name, op, field }, i) => measure(entity, { name, op, field }, `/params/measures/${i}/field`)),
    limit,
  };
}

interface Use {
  types: ReadonlySet<string>;
  does: string;
  hint: string;
}

const MOMENTS: Use = {
  types: new Set(['date', 'date_time']),
  does: 'be the field of a period',
  hint: 'Give a field of type date or date_time, such as created_at.',
};
const GROUPS: Use = {
  types: new Set(['text', 'select', 'yes_no', 'reference']),
  does: 'make groups',
  hint: 'Give a field with one value: text, select, yes/no or a reference to one entity.',
};
const NUMBERS: Use = {
  types: new Set(['number', 'money']),
  does: 'be measured',
  hint: 'Give a number or money field. A formula is not stored: write its value into a field first.',
};

function measure(
  entity: Entity,
  { name, op, field }: { name: string; op: MeasureOp; field: string | undefined },
  pointer: string,
): ResolvedAggregate['measures'][number] {
  if (field === undefined) {
    if (op === 'count') return { name, op, source: null, currency: null };
    throw new TaktError('AGGREGATE_FIELD', { pointer, message: `"${name}" needs a field: only "count" goes without.` });
  }
  if (op === 'count') return { name, op, source: stored(entity, field, pointer), currency: null };
  const found = source(entity, field, NUMBERS, pointer);
  if (typeOf(entity, field, pointer) !== 'money') return { name, op, source: found, currency: null };
  return { name, op, source: { path: [field, 'amount'] }, currency: { path: [field, 'currency'] } };
}

function source(entity: Entity, field: string, { types, does, hint }: Use, pointer: string): Source {
  const definition = entity.field(field);
  const type = typeOf(entity, field, pointer);
  const several = definition !== undefined && 'many' in definition && definition.many === true;
  if (types.has(type) && !several) return stored(entity, field, pointer);
  const kind = several ? `a list of ${type}` : type;
  throw new TaktError('AGGREGATE_FIELD', { pointer, field, message: `${entity.name}.${field} is ${kind}; it cannot ${does}.`, hint });
}

function stored(entity: Entity, field: string, pointer: string): Source {
  if (typeOf(entity, field, pointer) === 'formula')
    throw new TaktError('AGGREGATE_FIELD', { pointer, field, message: `${entity.name}.${field} is a formula, which is not stored.` });
  const column = AGGREGATE_COLUMNS.find((name) => name === field);
  if (column) return { column };
  if (NOT_COUNTED.has(field))
    throw new TaktError('AGGREGATE_FIELD', { pointer, field, message: `The system's field "${field}" is not counted by.` });
  return { path: [field] };
}

const NOT_COUNTED: ReadonlySet<string> = new Set(['id', 'entity', 'version', 'deleted']);

/** Throws FIELD_UNKNOWN. */
function typeOf(entity: Entity, field: string, pointer: string): string {
  const definition = entity.field(field);
  if (definition) return definition.type;
  const hint = didYouMean(field, [...entity.fieldNames, ...AGGREGATE_COLUMNS]);
  throw new TaktError('FIELD_UNKNOWN', { pointer, field, message: `${entity.name} has no field "${field}".`, ...(hint ? { hint } : {}) });
}
