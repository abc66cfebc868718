import type { AggregateResult, MeasureOp, MeasureValues, ResolvedAggregate, Source } from '../../node/aggregate.ts';
import { decimalPlaces } from '../../records/numbers.ts';
import type { RecordRow } from '../../unit/rows.ts';

/**
 * The same as the SQL of `aggregateRecords`, over rows in memory.
 * @param rows of the entity, those that fit `match`; deleted ones left out
 */
export function aggregateRows(rows: readonly RecordRow[], aggregate: ResolvedAggregate): AggregateResult {
  const { period, group, measures, limit } = aggregate;
  const counted = rows.filter((row) => {
    if (!period) return true;
    const at = text(row, period.source);
    return at !== null && at >= period.from && at < period.to;
  });
  const values = (list: readonly RecordRow[]): MeasureValues =>
    Object.fromEntries(measures.map(({ name, op, source }) => [name, source ? figure(op, list, source) : list.length]));
  const byKey = group ? Map.groupBy(counted, (row) => text(row, group)) : new Map<string | null, RecordRow[]>();
  const groups = [...byKey].map(([key, list]) => ({ key, values: values(list) }));
  const first = measures[0]?.name ?? '';
  const rank = (value: number | null | undefined): number => value ?? Number.NEGATIVE_INFINITY;
  groups.sort((a, b) => rank(b.values[first]) - rank(a.values[first]) || byText(a.key, b.key));
  return {
    total: values(counted),
    groups: groups.slice(0, limit),
    currencies: Object.fromEntries(
      measures.flatMap(({ name, currency }) => (currency ? [[name, extremes(counted.flatMap((row) => text(row, currency) ?? []))]] : [])),
    ),
  };
}

function figure(op: MeasureOp, rows: readonly RecordRow[], source: Source): number | null {
  if (op === 'count') return rows.filter((row) => text(row, source) !== null).length;
  const numbers = rows.flatMap((row) => {
    const value = read(row, source);
    return typeof value === 'number' ? [value] : [];
  });
  const sum = sumOf(numbers);
  if (op === 'sum') return sum;
  if (numbers.length === 0) return null;
  if (op === 'avg') return sum / numbers.length;
  return numbers.reduce((a, b) => (op === 'min' ? Math.min(a, b) : Math.max(a, b)));
}

/** Beyond it a number is written with an exponent. */
const LARGEST = 1e21;
/** Digits after the point to which the decimal form of a double is its own. */
const MOST_PLACES = 15;

/** As the database adds, in decimals: 0.1 and 0.2 are 0.3. */
function sumOf(numbers: readonly number[]): number {
  const places = numbers.reduce((most, number) => Math.max(most, Math.min(MOST_PLACES, decimalPlaces(number))), 0);
  if (places === 0 || numbers.some((number) => Math.abs(number) >= LARGEST)) return numbers.reduce((sum, number) => sum + number, 0);
  const units = numbers.reduce((sum, number) => sum + BigInt(number.toFixed(places).replace('.', '')), 0n);
  return Number(`${units}e-${places}`);
}

function read(row: RecordRow, source: Source): unknown {
  if ('path' in source) return source.path.reduce<unknown>((value, name) => Reflect.get(Object(value), name), row.data);
  switch (source.column) {
    case 'created_at':
      return new Date(row.createdAt).toISOString();
    case 'updated_at':
      return new Date(row.updatedAt).toISOString();
    default:
      return row[source.column];
  }
}

function text(row: RecordRow, source: Source): string | null {
  const value = read(row, source);
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Nothing last, as in SQL. */
function byText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

const extremes = (texts: readonly string[]): string[] => {
  const sorted = [...new Set(texts)].sort();
  return sorted.length > 2 ? [...sorted.slice(0, 1), ...sorted.slice(-1)] : sorted;
};
