/** The rows of an import file, one at a time, whatever its form: CSV, JSON lines or a JSON array. */
import { TaktError } from '../../../engine/errors/index.ts';
import { csvRows } from './csv.ts';
import { jsonArrayRows, jsonLineRows } from './json.ts';
import type { Row } from './row.ts';
import type { ImportFile } from './text.ts';

export interface Rows {
  format: 'csv' | 'json lines' | 'json array';
  /** Names of the first line; JSON has none. */
  columns: readonly string[] | undefined;
  rows: AsyncGenerator<Row, void, void>;
}

/** Throws IMPORT_FILE_EMPTY, IMPORT_FILE_BROKEN, IMPORT_ENCODING, FILE_UNREADABLE; the rows throw the same where the file goes wrong later. */
export async function readRows(file: ImportFile): Promise<Rows> {
  const chunks = file.chunks();
  let head = '';
  while (!/\S/.test(head)) {
    const next = await chunks.next();
    if (next.done) throw new TaktError('IMPORT_FILE_EMPTY', { message: `${file.path} is empty.` });
    head += next.value;
  }
  const text = chain(head, chunks);
  const isCsv = /\.(csv|tsv)(\.gz)?$/i.test(file.path);
  const first = isCsv ? '' : head.trimStart()[0];
  if (first === '[') return { format: 'json array', columns: undefined, rows: jsonArrayRows(text) };
  if (first === '{') return { format: 'json lines', columns: undefined, rows: jsonLineRows(text) };
  const { columns, rows } = await csvRows(text);
  return { format: 'csv', columns, rows };
}

async function* chain(head: string, rest: AsyncGenerator<string, void, void>): AsyncGenerator<string, void, void> {
  yield head;
  yield* rest;
}
