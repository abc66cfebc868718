import type { AggregateResult, MeasureOp, MeasureValues, ResolvedAggregate, Source } from '../../node/aggregate.ts';
import { type Executor, rows } from '../database.ts';
import { type SQL, sql } from '../drizzle.ts';
import { findable } from '../findable.ts';
import type { StoredFind } from './records.ts';

type Row = { whole: boolean; key: string | null; figures: (number | null)[]; currencies: (string | null)[][] };

/**
 * Groups and their total in one statement over one scan: of `records_page` by the entity, or of `records_findable` where something
 * findable is asked for. What the transaction itself has not written yet is not in it.
 */
export async function aggregateRecords(
  tx: Executor,
  { entity, period, group, measures, limit }: ResolvedAggregate,
  { hot, contains }: Pick<StoredFind, 'hot' | 'contains'>,
): Promise<AggregateResult> {
  const conditions = [sql`r.entity = ${entity}`, sql`r.deleted_at is null`];
  const asked = findable(entity, contains);
  if (asked !== undefined) conditions.push(sql`r.findable @> ${JSON.stringify(asked)}::jsonb`);
  if (Object.keys(contains).length > 0) conditions.push(sql`r.data @> ${JSON.stringify(contains)}::jsonb`);
  // As text: a value that is no id fits no owner, and must not fail the statement.
  for (const [column, value] of Object.entries(hot)) conditions.push(sql`r.${sql.identifier(column)}::text = ${value}`);
  if (period) conditions.push(sql`${span(period.source)} >= ${period.from}`, sql`${span(period.source)} < ${period.to}`);
  const columns = measures.flatMap(({ op, source, currency }, i) => [
    ...(source ? [sql`${op === 'count' ? asText(source) : asNumber(source)} as ${name('m', i)}`] : []),
    ...(currency ? [sql`${asText(currency)} as ${name('c', i)}`] : []),
  ]);
  const figures = measures.map(({ op, source }, i) => figure(op, source ? name('m', i) : undefined));
  const currencies = measures.map(({ currency }, i) =>
    currency ? sql`json_build_array(min(${name('c', i)} collate "C"), max(${name('c', i)} collate "C"))` : sql`'[]'::json`,
  );
  const key = group ? asText(group) : sql`null::text`;
  const found = await rows<Row>(
    tx,
    sql`select ${group ? sql`grouping(k) = 1` : sql`true`} as whole, ${group ? sql`k` : sql`null`} as key,
          json_build_array(${sql.join(figures, sql`, `)}) as figures, json_build_array(${sql.join(currencies, sql`, `)}) as currencies
        from (select ${sql.join([sql`${key} as k`, ...columns], sql`, `)} from records r where ${sql.join(conditions, sql` and `)}) t
        ${group ? sql`group by grouping sets ((k), ())` : sql``}
        order by 1 desc, ${figures[0] ?? sql`count(*)`} desc nulls last, ${group ? sql`k collate "C"` : sql`1`} limit ${limit + 1}`,
  );
  const named = (row: Row | undefined): MeasureValues => Object.fromEntries(measures.map((one, i) => [one.name, row?.figures[i] ?? null]));
  const whole = found.find((row) => row.whole);
  return {
    total: named(whole),
    groups: found.filter((row) => !row.whole).map((row) => ({ key: row.key, values: named(row) })),
    currencies: Object.fromEntries(
      measures.flatMap((one, i) =>
        one.currency ? [[one.name, [...new Set((whole?.currencies[i] ?? []).filter((code) => code !== null))]]] : [],
      ),
    ),
  };
}

const name = (letter: 'm' | 'c', i: number): SQL => sql.identifier(`${letter}${i}`).getSQL();

function figure(op: MeasureOp, column: SQL | undefined): SQL {
  if (op === 'count') return column ? sql`count(${column})` : sql`count(*)`;
  if (!column) throw new TypeError(`${op} of no field.`);
  if (op === 'sum') return sql`coalesce(sum(${column}), 0)::float8`;
  return sql`${sql.raw(op)}(${column})::float8`;
}

const pathOf = (path: readonly string[]): SQL => sql`${`{${path.join(',')}}`}::text[]`;

const asText = (source: Source): SQL =>
  'column' in source ? sql`r.${sql.identifier(source.column)}::text` : sql`(r.data #>> ${pathOf(source.path)})`;

/** What is no number, because the field was of another type once, counts as nothing. */
function asNumber(source: Source): SQL {
  if ('column' in source) throw new TypeError(`${source.column} is no number.`);
  const value = sql`r.data #> ${pathOf(source.path)}`;
  return sql`case when jsonb_typeof(${value}) = 'number' then (${value})::numeric end`;
}

/** Moments in the data are stored in one form, so that their text sorts as they do. */
const span = (source: Source): SQL =>
  'column' in source ? sql`r.${sql.identifier(source.column)}` : sql`(r.data #>> ${pathOf(source.path)}) collate "C"`;
