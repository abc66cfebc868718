/**
 * CSV (RFC 4180) by our own reader: one bad row must cost one row. Libraries give up on the rest of the file after a stray
 * quotation mark, or swallow it silently; this one goes on with the next line.
 */
import { TaktError } from '../../../engine/errors/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { KEPT_OF_BROKEN, MAX_ROW, type Row } from './row.ts';

const DELIMITERS = [',', ';', '\t'] as const;

export type CsvRecord = { line: number; values: string[] } | { line: number; text: string; problem: string };

/** A record of the text, and the place behind it. `open`: its end is not in this text. */
type Read = { values: string[]; end: number } | { problem: string; end: number } | 'open';

/** The first line has the names. Throws IMPORT_FILE_EMPTY, IMPORT_FILE_BROKEN (first line). */
export async function csvRows(
  text: AsyncGenerator<string, void, void>,
): Promise<{ columns: string[]; rows: AsyncGenerator<Row, void, void> }> {
  const records = csvRecords(text);
  const first = await records.next();
  if (first.done) throw new TaktError('IMPORT_FILE_EMPTY');
  const { line } = first.value;
  if ('problem' in first.value) throw new TaktError('IMPORT_FILE_BROKEN', { message: `Line ${line}: ${first.value.problem}`, line });
  const columns = first.value.values.map((name) => name.trim());
  return { columns, rows: rowsOf(records, columns) };
}

async function* rowsOf(records: AsyncGenerator<CsvRecord, void, void>, columns: readonly string[]): AsyncGenerator<Row, void, void> {
  for await (const record of records) {
    const { line } = record;
    if ('problem' in record) {
      yield { line, data: record.text, error: new TaktError('IMPORT_ROW_BROKEN', { message: record.problem, line }) };
    } else if (record.values.length !== columns.length) {
      const message = `The row has ${record.values.length} values, the first line has ${columns.length} names.`;
      yield { line, data: record.values.join(',').slice(0, KEPT_OF_BROKEN), error: new TaktError('IMPORT_ROW_BROKEN', { message, line }) };
    } else yield { line, data: toRow(columns, record.values) };
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

/** The records, empty lines left out. In memory is at most one chunk and one record. */
export async function* csvRecords(text: AsyncGenerator<string, void, void>): AsyncGenerator<CsvRecord, void, void> {
  let buffer = '';
  let delimiter: string | undefined;
  let line = 1;
  for (let ended = false; !ended; ) {
    const next = await text.next();
    ended = next.done === true;
    buffer += next.done ? '' : next.value;
    // Nothing can be said about a line, and of a quotation mark at its end, before what follows is there.
    if (!ended && !buffer.includes('\n')) {
      if (buffer.length > MAX_ROW)
        throw new TaktError('IMPORT_FILE_BROKEN', { message: `Line ${line} has over ${MAX_ROW} characters.`, line });
      continue;
    }
    delimiter ??= delimiterOf(buffer);
    let position = 0;
    while (position < buffer.length) {
      const newline = buffer.indexOf('\n', position);
      if (newline === -1 && !ended) break;
      const lineEnd = newline === -1 ? buffer.length : newline;
      const read = readRecord(buffer, position, lineEnd, delimiter, ended);
      if (read === 'open' && !ended && buffer.length - position <= MAX_ROW) break;
      // A quotation mark that is never closed: the fault is on the line where it stands, the next ones are good.
      const end = read === 'open' ? lineEnd + 1 : read.end;
      if (read === 'open' || 'problem' in read) {
        const problem = read === 'open' ? 'A quotation mark opens a value and none closes it.' : read.problem;
        yield { line, text: buffer.slice(position, Math.min(end, position + KEPT_OF_BROKEN)).trimEnd(), problem };
      } else if (read.values.length > 1 || read.values[0] !== '') yield { line, values: read.values };
      line += countLines(buffer, position, end);
      position = end;
    }
    buffer = buffer.slice(position);
  }
}

/**
 * @param lineEnd of the line that the record begins on: the place of its `\n`, or the end of the text
 * @param ended nothing follows the text
 */
function readRecord(text: string, start: number, lineEnd: number, delimiter: string, ended: boolean): Read {
  const contentEnd = text[lineEnd - 1] === '\r' && lineEnd > start ? lineEnd - 1 : lineEnd;
  const plain = text.slice(start, contentEnd);
  if (!plain.includes('"')) return { values: plain.split(delimiter), end: lineEnd + 1 };
  const values: string[] = [];
  for (let position = start; ; ) {
    if (text[position] !== '"') {
      // Within a value that did not begin with one, a quotation mark is a character like others: 5" pipe.
      const newline = text.indexOf('\n', position);
      if (newline === -1 && !ended) return 'open';
      const recordEnd = newline === -1 ? text.length : newline;
      const found = text.indexOf(delimiter, position);
      if (found !== -1 && found < recordEnd) {
        values.push(text.slice(position, found));
        position = found + 1;
        continue;
      }
      values.push(text.slice(position, recordEnd).replace(/\r$/, ''));
      return { values, end: recordEnd + 1 };
    }
    const close = closingQuote(text, position + 1);
    if (close === -1 || (!ended && close + 2 >= text.length)) return 'open';
    values.push(text.slice(position + 1, close).replaceAll('""', '"'));
    const after = text[close + 1];
    if (after === delimiter) position = close + 2;
    else if (after === undefined || after === '\n') return { values, end: close + 2 };
    else if (after === '\r' && (text[close + 2] === '\n' || text[close + 2] === undefined)) return { values, end: close + 3 };
    else {
      const newline = text.indexOf('\n', close);
      if (newline === -1 && !ended) return 'open';
      return { problem: 'Something follows the closing quotation mark of a value.', end: newline === -1 ? text.length : newline + 1 };
    }
  }
}

/** A doubled quotation mark stands for one and closes nothing. */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] !== '"') return at;
  }
  return -1;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
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
