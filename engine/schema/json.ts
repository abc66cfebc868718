/** Bounded reading of JSON from outside. */
import type { Json } from '../../schemas/json.ts';
import { type ErrorCode, TaktError } from '../errors/index.ts';
import { faultPosition } from './json-fault.ts';

/** JSON text as a value. The error carries line and column, both from 1, where the text is short enough to look for them. */
export function parseJson(text: string, code: ErrorCode): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const said = / at position (\d+)/.exec(message)?.[1];
    const position = said === undefined ? faultPosition(text) : Number(said);
    if (position === undefined) throw new TaktError(code, { message, hint: 'Mend the JSON.', cause });
    const before = text.slice(0, position);
    const line = before.split('\n').length;
    const column = before.length - before.lastIndexOf('\n');
    throw new TaktError(code, { message: `Line ${line}, column ${column}: ${message}`, line, column, cause });
  }
}

/**
 * Makes sure that a value is plain JSON, not nested deeper than `maxDepth`, without text that PostgreSQL cannot store and
 * without keys that touch prototypes. Throws INPUT_TOO_DEEP, INPUT_NUL, INPUT_INVALID with the pointer.
 */
export function checkJsonShape(value: unknown, maxDepth = 64): Json {
  walk(value, maxDepth, '');
  return asJson(value);
}

function walk(value: unknown, depth: number, pointer: string): void {
  if (typeof value === 'string') {
    checkText(value, pointer);
    return;
  }
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return;
    throw new TaktError('INPUT_INVALID', { message: 'Not a finite number.', pointer });
  }
  if (typeof value !== 'object') throw new TaktError('INPUT_INVALID', { message: `A ${typeof value} is not JSON.`, pointer });
  if (depth <= 0) throw new TaktError('INPUT_TOO_DEEP', { pointer: pointer.slice(0, 200) });
  for (const key of Object.keys(value)) {
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (key === '__proto__') {
      throw new TaktError('INPUT_INVALID', { message: '"__proto__" cannot be a name.', pointer: place, hint: 'Use another name.' });
    }
    checkText(key, place.toWellFormed());
    walk(Reflect.get(value, key), depth - 1, place);
  }
}

/** What PostgreSQL cannot store: U+0000, and half a character (a lone surrogate, which only an escape can write). */
function checkText(text: string, pointer: string): void {
  if (text.includes('\u0000')) throw new TaktError('INPUT_NUL', { pointer });
  if (text.isWellFormed()) return;
  throw new TaktError('INPUT_INVALID', {
    pointer,
    message: 'The text holds half a character (a lone surrogate).',
    hint: 'Send whole characters.',
  });
}

/** After `walk` there is nothing left but JSON; this tells it to the compiler in one place. */
function asJson(value: unknown): Json {
  return value as Json;
}
