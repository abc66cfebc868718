/** A CSV as columns to learn from, with the outcome of each row. */
import { TaktError } from '../../../engine/errors/index.ts';
import { type Column, type Frame, frameOf } from '../../../engine/learning/frame.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { readRows } from '../import/rows.ts';
import { openImportFile } from '../import/text.ts';
import { checkEvaluationColumns, type EvaluationMap } from './map.ts';

export interface Examples {
  readonly frame: Frame;
  /** 1: a success; 0: none. */
  readonly outcomes: Uint8Array;
  /** Milliseconds, or the places of the rows where the map says `order`; absent where the map names no time. */
  readonly times?: Float64Array;
  /** Rows of the file that were left out: without an outcome of the map, and such as could not be read. */
  readonly open: number;
  readonly broken: number;
}

/** A number column with fewer numbers among its values is named by mistake. */
const LEAST_NUMBERS = 0.5;

/**
 * @param path a CSV with its column names in the first line, plain or .gz
 * @throws TaktError FILE_UNREADABLE, IMPORT_FILE_EMPTY, IMPORT_FILE_BROKEN, IMPORT_ENCODING; EVAL_MAP_INVALID (columns that are not there),
 * EVAL_VALUE (no number where the map says so, no date), EVAL_OUTCOME (one outcome only)
 */
export async function readExamples(path: string, map: EvaluationMap): Promise<Examples> {
  const file = await openImportFile(path);
  const { columns, rows } = await readRows(file);
  if (columns === undefined) throw new TaktError('FILE_UNREADABLE', { message: `${path} is no CSV.`, hint: 'Give a CSV, plain or .gz.' });
  checkEvaluationColumns(map, columns);
  const kept: JsonObject[] = [];
  const outcomes: number[] = [];
  const times: number[] = [];
  let [open, broken] = [0, 0];
  for await (const row of rows) {
    if ('error' in row) {
      broken++;
      continue;
    }
    const outcome = outcomeOf(row.data, map);
    if (outcome === undefined) {
      open++;
      continue;
    }
    if (map.time !== undefined)
      times.push(map.time === 'order' ? kept.length : timeOf(row.data[map.time.column], map.time.column, row.line));
    kept.push(row.data);
    outcomes.push(outcome);
  }
  checkOutcomes(outcomes, map);
  const empty = new Set(map.empty ?? []);
  const specs = Object.entries(map.columns).map(([name, kind]) => ({ name, kind }));
  const frame = frameOf(kept, specs, (row, name) => textOf(row[name], empty));
  for (const column of frame.columns) checkNumbers(column, kept, empty);
  return {
    frame,
    outcomes: Uint8Array.from(outcomes),
    ...(map.time === undefined ? {} : { times: Float64Array.from(times) }),
    open,
    broken,
  };
}

/** Nothing for what is empty or means nothing. */
function textOf(value: unknown, empty: ReadonlySet<string>): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || empty.has(text) ? undefined : text;
}

function outcomeOf(row: JsonObject, { outcome: { column, success, failure } }: EvaluationMap): 0 | 1 | undefined {
  const value = textOf(row[column], new Set());
  if (value === undefined) return undefined;
  if (success.includes(value)) return 1;
  return failure === undefined || failure.includes(value) ? 0 : undefined;
}

/** A day, or a moment; without a zone it is of UTC, since only the order and the distance count. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

function timeOf(value: unknown, column: string, line: number): number {
  const text = typeof value === 'string' ? value.trim() : '';
  const zoned = /T|\s/.test(text) && !/(?:Z|[+-]\d{2}:\d{2})$/.test(text) ? `${text}Z` : text;
  const ms = DATE.test(text) ? Date.parse(zoned.replace(' ', 'T')) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new TaktError('EVAL_VALUE', {
    message: `"${text.slice(0, 100)}" in "${column}" is no date.`,
    hint: 'Dates are such as 2027-03-31 or 2027-03-31T12:00:00Z. Where the rows stand in the order of time, write "time": "order".',
    pointer: '/time/column',
    line,
  });
}

function checkOutcomes(outcomes: readonly number[], { outcome }: EvaluationMap): void {
  const successes = outcomes.reduce((sum, one) => sum + one, 0);
  if (successes > 0 && successes < outcomes.length) return;
  const found = successes === 0 ? `none of ${outcomes.length} rows has ${outcome.success.join(' or ')}` : `all ${successes} rows succeeded`;
  throw new TaktError('EVAL_OUTCOME', { pointer: '/outcome', message: `In "${outcome.column}" ${found}.` });
}

function checkNumbers(column: Column, rows: readonly JsonObject[], empty: ReadonlySet<string>): void {
  if (column.kind !== 'number') return;
  const values = rows.map((row) => textOf(row[column.name], empty));
  const given = values.filter((value) => value !== undefined).length;
  const numbers = column.values.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
  if (given === 0 || numbers / given >= LEAST_NUMBERS) return;
  const example = values.find((value, i) => value !== undefined && Number.isNaN(column.values[i]));
  throw new TaktError('EVAL_VALUE', {
    pointer: `/columns/${column.name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `"${column.name}" should be a number, and ${given - numbers} of ${given} values are none, such as "${String(example).slice(0, 100)}".`,
  });
}
