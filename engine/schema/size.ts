/** How large a value is as JSON, told without writing it down. */
import { TaktError } from '../errors/index.ts';

/**
 * About how many characters of JSON a value comes to: to refuse what is too large before memory is spent on it. Counting ends beyond `most`,
 * so that it costs no more than what is allowed; what stands in several places counts in each, as it would be written. Escapes are not
 * counted.
 */
export function jsonSize(value: unknown, most = Number.POSITIVE_INFINITY): number {
  return measure(value, most, accept, DEEPEST);
}

/** The same of what is to be stored. Throws INPUT_NUL, INPUT_INVALID, INPUT_TOO_DEEP where the database would refuse it. */
export function storableSize(value: unknown, most: number): number {
  return measure(value, most, checkLeaf, DEEPEST);
}

/** Levels of nesting; what goes deeper, or in a circle, could not be written. */
const DEEPEST = 500;

const accept = (_leaf: unknown): void => {};

function checkLeaf(leaf: unknown): void {
  if (typeof leaf === 'bigint') throw new TaktError('INPUT_INVALID', { message: 'A number of the type bigint is not JSON.' });
  if (typeof leaf !== 'string') return;
  if (leaf.includes('\u0000')) throw new TaktError('INPUT_NUL');
  if (!leaf.isWellFormed()) throw new TaktError('INPUT_INVALID', { message: 'A text holds half a character (a lone surrogate).' });
}

function measure(value: unknown, most: number, check: (leaf: unknown) => void, levels: number): number {
  if (typeof value === 'string') {
    check(value);
    return value.length + 2;
  }
  if (typeof value !== 'object' || value === null) {
    check(value);
    return typeof value === 'number' ? 8 : 4;
  }
  if (levels === 0) throw new TaktError('INPUT_TOO_DEEP', { hint: `Keep data under ${DEEPEST} levels of nesting.` });
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value) {
      size += 1 + measure(item, most - size, check, levels - 1);
      if (size > most) return size;
    }
    return size;
  }
  for (const key of Object.keys(value)) {
    check(key);
    size += key.length + 4 + measure(Reflect.get(value, key), most - size, check, levels - 1);
    if (size > most) return size;
  }
  return size;
}
