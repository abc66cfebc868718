import { asTaktError, TaktError } from '../../../engine/errors/index.ts';
import { checkJsonShape, parseJson } from '../../../engine/schema/json.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { KEPT_OF_BROKEN, MAX_ROW, type Row } from './row.ts';

/** One JSON object a line; empty lines are passed over. */
export async function* jsonLineRows(text: AsyncGenerator<string, void, void>): AsyncGenerator<Row, void, void> {
  let rest = '';
  let line = 0;
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_ROW) throw tooLong(line + 1);
    for (const one of lines) {
      line++;
      if (one.trim() !== '') yield rowOf(one, line);
    }
  }
  if (rest.trim() !== '') yield rowOf(rest, line + 1);
}

type State = 'before' | 'between' | 'inside' | 'after';

/**
 * The elements of one JSON array, each parsed by itself, so that the whole never has to be in memory. Elements are found by
 * their brackets; one that is not JSON within balanced brackets spoils only itself.
 */
export async function* jsonArrayRows(text: AsyncGenerator<string, void, void>): AsyncGenerator<Row, void, void> {
  let state: State = 'before';
  let depth = 0;
  let inString = false;
  let escaped = false;
  let element = '';
  let line = 1;
  let start = 1;
  for await (const chunk of text) {
    // Where the element under way begins in this chunk.
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const character = chunk[i] ?? '';
      if (character === '\n') line++;
      if (state !== 'inside') {
        if (character === '[' && state === 'before') state = 'between';
        else if (character === ']' && state === 'between') state = 'after';
        else if (state === 'between' && !/[\s,]/.test(character)) {
          state = 'inside';
          start = line;
          from = i;
          depth = 0;
          i--;
          inString = false;
        } else if (state === 'after' && /\S/.test(character)) {
          throw new TaktError('IMPORT_FILE_BROKEN', { message: `Line ${line}: something follows the end of the array.`, line });
        }
        continue;
      }
      if (inString) {
        if (escaped) escaped = false;
        else if (character === '\\') escaped = true;
        else if (character === '"') inString = false;
      } else if (character === '"') inString = true;
      else if (character === '{' || character === '[') depth++;
      else if ((character === '}' || character === ']') && depth > 0) depth--;
      else if (depth === 0 && (character === ',' || character === ']')) {
        yield rowOf(element + chunk.slice(from, i), start);
        element = '';
        from = i + 1;
        state = character === ']' ? 'after' : 'between';
      }
    }
    if (state === 'inside') {
      element += chunk.slice(from);
      if (element.length > MAX_ROW) throw tooLong(start);
    }
  }
  if (!isOver(state))
    throw new TaktError('IMPORT_FILE_BROKEN', { message: `The file ends on line ${line} in the middle of the array.`, line });
}

function rowOf(text: string, line: number): Row {
  try {
    const value = checkJsonShape(parseJson(text, 'IMPORT_ROW_BROKEN'));
    if (isObject(value)) return { line, data: value };
    return broken(text, line, new TaktError('IMPORT_ROW_BROKEN', { message: 'A row is a JSON object.', line }));
  } catch (error) {
    return broken(text, line, asTaktError(error));
  }
}

const broken = (text: string, line: number, error: TaktError): Row => ({ line, data: text.slice(0, KEPT_OF_BROKEN), error });

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const tooLong = (line: number): TaktError =>
  new TaktError('IMPORT_FILE_BROKEN', { message: `The row that begins on line ${line} has more than ${MAX_ROW} characters.`, line });

/** A function, because the compiler does not see the loop's assignments to `state`. */
const isOver = (state: State): boolean => state === 'after';
