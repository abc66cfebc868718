import { Readable } from 'node:stream';
import { type CsvError, type Info, parse } from 'csv-parse';
import type { JsonObject } from '../../../schemas/json.ts';
import { TaktError } from '../../../engine/errors/index.ts';
import { MAX_ROW, type Row } from './rows.ts';

const DELIMITERS = [',', ';', '\t'] as const;

/** What the parser gives for a record that it could read, and what `on_skip` left for one that it could not. */
type Item = { record: string[]; info: Info } | { skipped: CsvError; raw: string };

/**
 * CSV (RFC 4180, with `,` `;` or tab, whichever the first line has most of). The first line has the names.
 * @param text chunks of any size; the first one has the whole first line in all but absurd files
 */
export async function csvRows(
  text: AsyncGenerator<string, void, void>,
): Promise<{ columns: string[]; rows: AsyncGenerator<Row, void, void> }> {
  const items = parsed(text);
  const first = await items.next();
  if (first.done) throw new TaktError('IMPORT_FILE_EMPTY');
  if ('skipped' in first.value) throw new TaktError('IMPORT_FILE_BROKEN', { message: `Line 1: ${first.value.skipped.message}`, line: 1 });
  const columns = first.value.record.map((name) => name.trim());
  return { columns, rows: rowsOf(items, columns, first.value.info.lines) };
}

async function* rowsOf(items: AsyncGenerator<Item, void, void>, columns: readonly string[], headLines: number): AsyncGenerator<Row, void, void> {
  // The parser counts the lines that a record ends on; the next begins on the line after it.
  let line = headLines + 1;
  for await (const item of items) {
    if ('skipped' in item) {
      yield { line, data: item.raw, error: new TaktError('IMPORT_ROW_BROKEN', { message: item.skipped.message, line }) };
      line = item.skipped.lines === undefined ? line + 1 : Number(item.skipped.lines) + 1;
      continue;
    }
    const { record, info } = item;
    if (record.length === columns.length) yield { line, data: toRow(columns, record) };
    else {
      const message = `Line ${line} has ${record.length} values, the first line has ${columns.length} names.`;
      yield { line, data: record.join(','), error: new TaktError('IMPORT_ROW_BROKEN', { message, line }) };
    }
    line = info.lines + 1;
  }
}

/** Names are data: no prototype may be reached by one. */
function toRow(columns: readonly string[], values: readonly string[]): JsonObject {
  const row: JsonObject = Object.create(null);
  for (const [i, name] of columns.entries()) {
    const value = values[i];
    if (name !== '' && name !== '__proto__' && value !== undefined) row[name] = value;
  }
  return row;
}

async function* parsed(text: AsyncGenerator<string, void, void>): AsyncGenerator<Item, void, void> {
  const first = await text.next();
  if (first.done) return;
  const skipped: Item[] = [];
  const parser = parse({
    delimiter: delimiterOf(first.value),
    info: true,
    raw: false,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW,
    on_skip: (error, raw) => {
      if (error) skipped.push({ skipped: error, raw: (raw ?? '').slice(0, 10_000) });
      return undefined;
    },
  });
  const source = Readable.from(
    (async function* () {
      yield first.value;
      yield* text;
    })(),
  );
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const item of parser) {
      yield* skipped.splice(0);
      yield item;
    }
    yield* skipped.splice(0);
  } catch (cause) {
    if (cause instanceof TaktError) throw cause;
    const line = cause instanceof Error && 'lines' in cause ? Number(cause.lines) : undefined;
    throw new TaktError('IMPORT_FILE_BROKEN', { message: cause instanceof Error ? cause.message : String(cause), cause, ...(line === undefined ? {} : { line }) });
  } finally {
    source.destroy();
  }
}

/** Counted outside quotation marks, on the first line only: further down a comma is as often part of a number. */
export function delimiterOf(head: string): string {
  const counts = new Map<string, number>(DELIMITERS.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  for (const character of head.slice(0, MAX_ROW)) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '\n') break;
    else if (!quoted) {
      const count = counts.get(character);
      if (count !== undefined) counts.set(character, count + 1);
    }
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best !== undefined && best[1] > 0 ? best[0] : ',';
}
