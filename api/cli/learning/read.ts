/** A CSV as columns to learn from, with the outcome of each row. */
import { TaktError } from '../../../engine/errors/index.ts';
import { type ColumnSpec, type Frame, frameOf } from '../../../engine/learning/frame.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { readRows } from '../import/rows.ts';
import { openImportFile } from '../import/text.ts';
import { codeOf, readAmount } from './amounts.ts';
import { checkEvaluationColumns, type EvaluationMap } from './map.ts';

/** Rows of a file as columns, with the line at which each began. */
export interface Lines {
  readonly frame: Frame;
  readonly lines: Int32Array;
}

export interface Examples extends Lines {
  /** 1: a success; 0: none. */
  readonly outcomes: Uint8Array;
  /** Milliseconds, or the places of the rows where the map says `order`; absent where the map names no time. */
  readonly times?: Float64Array;
  /** Rows without an outcome of the map. */
  readonly open: Lines;
  /** Rows of the file that could not be read. */
  readonly broken: number;
  /** What else was left out and why: outcomes in the future (MODEL_OUTCOME_FUTURE), columns in several currencies (MODEL_CURRENCIES). */
  readonly notes: readonly TaktError[];
  /** Column with money → its one currency. */
  readonly currencies: Readonly<Record<string, string>>;
}

/** A number column with fewer numbers among its values is named by mistake. */
const LEAST_NUMBERS = 0.5;
const EXAMPLES = 3;

/**
 * @param path a CSV with its column names in the first line, plain or .gz
 * @param now milliseconds: an outcome that came later is none
 * @throws TaktError FILE_UNREADABLE, IMPORT_FILE_EMPTY, IMPORT_FILE_BROKEN, IMPORT_ENCODING; EVAL_MAP_INVALID (columns that are not there),
 * EVAL_VALUE (no number where the map says so, no date), EVAL_OUTCOME (one outcome only), MODEL_NOTHING_LEFT
 */
export async function readExamples(path: string, map: EvaluationMap, now: number): Promise<Examples> {
  const { rows, broken } = await linesOf(path, map);
  const closed: (Line & { outcome: 0 | 1; time: number })[] = [];
  const open: Line[] = [];
  const future: number[] = [];
  for (const row of rows) {
    const outcome = outcomeOf(row.data, map);
    if (outcome === undefined) {
      open.push(row);
      continue;
    }
    const time = typeof map.time === 'object' ? timeOf(row.data[map.time.column], map.time.column, row.line) : closed.length;
    if (typeof map.time === 'object' && time > now) future.push(row.line);
    else closed.push({ ...row, outcome, time });
  }
  const notes = future.length > 0 ? [futureNote(future)] : [];
  const outcomes = Uint8Array.from(closed, ({ outcome }) => outcome);
  checkOutcomes(outcomes, map, notes);
  const reader = readerOf(map, closed);
  notes.push(...reader.notes);
  if (reader.specs.length === 0) throw new TaktError('MODEL_NOTHING_LEFT', { errors: notes });
  for (const spec of reader.specs) checkNumbers(spec, closed, reader.read);
  return {
    ...framed(closed, reader),
    outcomes,
    ...(map.time === undefined ? {} : { times: Float64Array.from(closed, ({ time }) => time) }),
    open: framed(open, reader),
    broken,
    notes,
    currencies: reader.currencies,
  };
}

/**
 * The rows of a file for a model that has been learned: all of them, whether they have an outcome or not.
 * @throws TaktError as `readExamples`, and MODEL_CURRENCIES where an amount is in another currency than was learned
 */
export async function readUnseen(path: string, map: EvaluationMap, learned: Readonly<Record<string, string>>): Promise<Lines> {
  const { rows } = await linesOf(path, map);
  const reader = readerOf(map, rows);
  for (const [column, currency] of Object.entries(learned)) {
    const met = reader.met.get(column) ?? new Map<string, number>();
    for (const [other, line] of met) {
      if (other === currency) continue;
      const message = `The model has learned "${column}" in ${currency}; here it is in ${other}.`;
      throw new TaktError('MODEL_CURRENCIES', { message, line });
    }
  }
  return framed(rows, reader);
}

interface Line {
  line: number;
  data: JsonObject;
}

async function linesOf(path: string, map: EvaluationMap): Promise<{ rows: Line[]; broken: number }> {
  const file = await openImportFile(path);
  const { columns, rows } = await readRows(file);
  if (columns === undefined) throw new TaktError('FILE_UNREADABLE', { message: `${path} is no CSV.`, hint: 'Give a CSV, plain or .gz.' });
  checkEvaluationColumns(map, columns);
  const list: Line[] = [];
  let broken = 0;
  for await (const row of rows) {
    if ('error' in row) broken++;
    else list.push(row);
  }
  return { rows: list, broken };
}

interface Reader {
  readonly specs: readonly ColumnSpec[];
  readonly currencies: Record<string, string>;
  readonly notes: readonly TaktError[];
  /** Column with money → currencies that were met, each with the line of the first one. */
  readonly met: ReadonlyMap<string, ReadonlyMap<string, number>>;
  read(row: Line, column: string): string | number | undefined;
}

function readerOf(map: EvaluationMap, rows: readonly Line[]): Reader {
  const empty = new Set(map.empty ?? []);
  const met = new Map<string, Map<string, number>>();
  const read: Reader['read'] = ({ data, line }, column) => {
    const text = textOf(data[column], empty);
    const kind = map.columns[column];
    if (text === undefined || kind === 'number' || kind === 'level') return text;
    const found = readAmount(text);
    if (!found) return text;
    const currency = found.currency ?? (typeof kind === 'object' ? codeOf(textOf(data[kind.currency], empty) ?? '') : undefined);
    if (currency !== undefined) {
      const before = met.get(column) ?? new Map<string, number>();
      met.set(column, before);
      if (!before.has(currency)) before.set(currency, line);
    }
    return found.amount;
  };
  const money = Object.entries(map.columns).filter(([, kind]) => kind !== 'number' && kind !== 'level');
  for (const [column] of money) for (const row of rows) read(row, column);
  const notes: TaktError[] = [];
  const currencies: Record<string, string> = {};
  for (const [column, found] of met) {
    const codes = [...found.keys()].sort();
    const [first] = codes;
    if (codes.length > 1)
      notes.push(
        new TaktError('MODEL_CURRENCIES', { message: `"${column}" holds amounts in ${codes.join(', ')}: nothing is learned from it.` }),
      );
    else if (first !== undefined) currencies[column] = first;
  }
  const specs = Object.entries(map.columns).flatMap(([name, kind]): ColumnSpec[] =>
    (met.get(name)?.size ?? 0) > 1 ? [] : [{ name, kind: kind === 'level' ? 'level' : 'number' }],
  );
  return { specs, currencies, notes, met, read };
}

const framed = (rows: readonly Line[], { specs, read }: Reader): Lines => ({
  frame: frameOf(rows, specs, read),
  lines: Int32Array.from(rows, ({ line }) => line),
});

function futureNote(lines: readonly number[]): TaktError {
  const [first] = lines;
  return new TaktError('MODEL_OUTCOME_FUTURE', {
    message: `${lines.length} rows have an outcome in the future, such as that of line ${lines.slice(0, EXAMPLES).join(', ')}.`,
    pointer: '/time/column',
    ...(first === undefined ? {} : { line: first }),
  });
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

function checkOutcomes(outcomes: Uint8Array, { outcome }: EvaluationMap, errors: readonly TaktError[]): void {
  const successes = outcomes.reduce((sum, one) => sum + one, 0);
  if (successes > 0 && successes < outcomes.length) return;
  const found = successes === 0 ? `none of ${outcomes.length} rows has ${outcome.success.join(' or ')}` : `all ${successes} rows succeeded`;
  throw new TaktError('EVAL_OUTCOME', { pointer: '/outcome', message: `In "${outcome.column}" ${found}.`, errors });
}

function checkNumbers({ name, kind }: ColumnSpec, rows: readonly Line[], read: Reader['read']): void {
  if (kind !== 'number') return;
  const values = rows.flatMap((row) => read(row, name) ?? []);
  const wrong = values.filter((value) => !Number.isFinite(Number(value)));
  if (values.length === 0 || 1 - wrong.length / values.length >= LEAST_NUMBERS) return;
  throw new TaktError('EVAL_VALUE', {
    pointer: `/columns/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    message: `"${name}" should be a number, and ${wrong.length} of ${values.length} values are none, such as "${String(wrong[0]).slice(0, 100)}".`,
  });
}
