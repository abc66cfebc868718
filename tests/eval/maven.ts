/** How well forecasts of months come true on a pipeline of real shape: the Maven set of closed deals of a seller of computers. */
import { join } from 'node:path';
import { csvRows } from '../../api/cli/import/csv.ts';
import { openImportFile } from '../../api/cli/import/text.ts';
import { type Deal, type Forecast, forecast } from '../../engine/forecast/index.ts';
import type { JsonObject } from '../../schemas/json.ts';

export interface Figure {
  name: string;
  value: number;
  aim: string;
  low?: number;
  high?: number;
}

/** A deal as the files have it, with the list price of its product. Moments are UTC. */
interface Row {
  id: string;
  office: string;
  product: string;
  price: number;
  engagedAt: number;
  closedAt: number;
  won: boolean;
  /** Known only once it is won. */
  closeValue: number;
}

/** Another spelling in one of the files. */
const SAME_PRODUCT: Record<string, string> = { GTXPro: 'GTX Pro' };
/** The data begin in October 2016; forecasts are made from the seventh month on, to the last in which deals close. */
const FIRST_MONTH = Date.UTC(2017, 3, 1);
const LAST_MONTH = Date.UTC(2017, 8, 1);

/** One month with what had been said of it and what came. */
interface Judged {
  month: string;
  quarter: string;
  forecast: Forecast['months'][number];
  actual: number;
  byOffice: Map<string, number>;
  byProduct: Map<string, number>;
}

/**
 * Forecasts of won value for April to September 2017, each made at the beginning of its month. Known then: who began until then with office, product
 * and list price, what closed until then with its value; of an open deal neither its outcome nor its value.
 * @param dir with maven-pipeline, -products and -sales_teams as .csv.gz
 * @returns `maven_quarter_ratio`, the sum of the forecasts over the sum of what came, with the lowest and highest quarter; `maven_cover80`, the
 * share of months × offices that lie in their 80 % interval. Each month and quarter is told on stderr.
 */
export async function maven(dir: string): Promise<Figure[]> {
  const rows = await readRows(dir);
  const months: Judged[] = [];
  for (let at = FIRST_MONTH; at <= LAST_MONTH; at = nextMonth(at)) months.push(judged(rows, at));
  for (const { month, forecast: said, actual } of months) {
    const { expected, low, high } = said.total;
    tell(
      `maven ${month}: ${thousands(expected)} (${thousands(low)} to ${thousands(high)}), came ${thousands(actual)}, ratio ${(expected / actual).toFixed(3)}`,
    );
  }
  const quarters = [...Map.groupBy(months, ({ quarter }) => quarter)].map(([quarter, some]) => ({ quarter, ratio: ratioOf(some) }));
  for (const { quarter, ratio } of quarters) tell(`maven ${quarter}: forecast / came ${ratio.toFixed(3)}`);
  const ratios = quarters.map(({ ratio }) => ratio);
  const cover = {
    months: share(months.map(({ forecast: said, actual }) => inside(said.total, actual))),
    offices: share(months.flatMap(({ forecast: said, byOffice }) => said.teams.map((part) => inside(part, byOffice.get(part.name) ?? 0)))),
    products: share(
      months.flatMap(({ forecast: said, byProduct }) => said.channels.map((part) => inside(part, byProduct.get(part.name) ?? 0))),
    ),
  };
  tell(
    `maven cover: months ${written(cover.months)}, months × offices ${written(cover.offices)}, months × products ${written(cover.products)}`,
  );
  return [
    { name: 'maven_quarter_ratio', value: ratioOf(months), aim: '0.94–1.06', low: Math.min(...ratios), high: Math.max(...ratios) },
    { name: 'maven_cover80', value: cover.offices.hits / cover.offices.of, aim: '0.7–0.9' },
  ];
}

function judged(rows: readonly Row[], at: number): Judged {
  const known = rows.filter(({ engagedAt }) => engagedAt < at).map((row) => dealOf(row, at));
  const [said] = forecast(known, { now: at, months: 1, season: 'quarter', confidence: 0.8 }).months;
  if (said === undefined) throw new Error('A forecast without a month.');
  const came = rows.filter(({ won, closedAt }) => won && closedAt >= at && closedAt < nextMonth(at));
  const date = new Date(at);
  return {
    month: said.month,
    quarter: `${date.getUTCFullYear()}-Q${Math.floor(date.getUTCMonth() / 3) + 1}`,
    forecast: said,
    actual: wonIn(came),
    byOffice: sums(came, ({ office }) => office),
    byProduct: sums(came, ({ product }) => product),
  };
}

/** As it was known at a moment. The product stands in for the channel, which the data do not have. */
function dealOf(row: Row, at: number): Deal {
  const closed = row.closedAt < at;
  return {
    id: row.id,
    openedAt: row.engagedAt,
    closedAt: closed ? row.closedAt : null,
    won: closed ? row.won : null,
    profit: closed && row.won ? row.closeValue : row.price,
    currency: 'USD',
    team: row.office,
    channel: row.product,
  };
}

async function readRows(dir: string): Promise<Row[]> {
  const prices = new Map((await read(dir, 'maven-products')).map((row) => [text(row, 'product'), Number(text(row, 'sales_price'))]));
  const offices = new Map((await read(dir, 'maven-sales_teams')).map((row) => [text(row, 'sales_agent'), text(row, 'regional_office')]));
  return (await read(dir, 'maven-pipeline')).map((row) => {
    const product = SAME_PRODUCT[text(row, 'product')] ?? text(row, 'product');
    const [price, office] = [prices.get(product), offices.get(text(row, 'sales_agent'))];
    if (price === undefined || office === undefined)
      throw new Error(`Deal ${text(row, 'opportunity_id')} has a product or agent of no list.`);
    return {
      id: text(row, 'opportunity_id'),
      office,
      product,
      price,
      engagedAt: Date.parse(text(row, 'engage_date')),
      closedAt: Date.parse(text(row, 'close_date')),
      won: text(row, 'deal_stage') === 'Won',
      closeValue: Number(row.close_value ?? 0),
    };
  });
}

async function read(dir: string, name: string): Promise<JsonObject[]> {
  const { rows } = await csvRows((await openImportFile(join(dir, `${name}.csv.gz`))).chunks());
  const found: JsonObject[] = [];
  for await (const row of rows) {
    if ('error' in row) throw row.error;
    found.push(row.data);
  }
  return found;
}

function text(row: JsonObject, column: string): string {
  const value = row[column];
  if (typeof value !== 'string' || value === '') throw new Error(`A row has no "${column}".`);
  return value;
}

function nextMonth(at: number): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

const wonIn = (rows: readonly Row[]): number => rows.reduce((sum, { closeValue }) => sum + closeValue, 0);
const sums = (rows: readonly Row[], nameOf: (row: Row) => string): Map<string, number> =>
  new Map([...Map.groupBy(rows, nameOf)].map(([name, some]) => [name, wonIn(some)]));
const ratioOf = (months: readonly Judged[]): number =>
  months.reduce((sum, { forecast: said }) => sum + said.total.expected, 0) / months.reduce((sum, { actual }) => sum + actual, 0);
const inside = ({ low, high }: { low: number; high: number }, actual: number): boolean => actual >= low && actual <= high;
const share = (hits: readonly boolean[]): { hits: number; of: number } => ({ hits: hits.filter(Boolean).length, of: hits.length });
const written = ({ hits, of }: { hits: number; of: number }): string => `${hits} of ${of}`;
const thousands = (amount: number): string => `${Math.round(amount / 1_000)}k`;
const tell = (line: string): void => console.error(line);
