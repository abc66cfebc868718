import { allowLength, charge, enter, leave } from './budget.ts';
import { fail } from './failure.ts';
import { isItems } from './sequence.ts';
import { Callable, isNumber, type JsonObject, newObject } from './values.ts';

/** $string: texts as they are, functions as nothing, everything else as JSON with at most 15 significant digits. */
export function toText(value: unknown, pretty = false): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      if (!Number.isFinite(value)) fail('D3001', { value });
      return String(fifteenDigits(value));
    case 'boolean':
      return value ? 'true' : 'false';
    default: {
      if (value === null) return 'null';
      if (value === undefined || value instanceof Callable) return '';
      const shown = isItems(value) && value.outerWrapper === true ? value[0] : value;
      allowLength(measure(shown));
      return JSON.stringify(shown, forJson, pretty ? 2 : 0);
    }
  }
}

function fifteenDigits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

function forJson(_key: string, value: unknown): unknown {
  if (typeof value === 'number') return isNumber(value) ? fifteenDigits(value) : value;
  return value instanceof Callable ? '' : value;
}

/** About how long the JSON of a value is, paid for on the way, so that nothing is built that will be refused. */
function measure(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null || value instanceof Callable) return 8;
  enter();
  let length = 2;
  if (Array.isArray(value)) {
    charge(value.length);
    for (const item of value) length += measure(item) + 1;
  } else {
    const keys = Object.keys(value);
    charge(keys.length);
    for (const key of keys) length += key.length + 4 + measure((value as JsonObject)[key]);
  }
  leave();
  allowLength(length);
  return length;
}

/** $clone: a copy that shares nothing, as if it had been written to JSON and read again. Objects made are added to `made`. */
export function clone(value: unknown, made?: Set<object>): unknown {
  if (typeof value === 'number') return isNumber(value) ? fifteenDigits(value) : null;
  if (value instanceof Callable) return '';
  if (typeof value !== 'object' || value === null) return value;
  enter();
  const copy = Array.isArray(value) ? cloneArray(value, made) : cloneObject(value as JsonObject, made);
  leave();
  made?.add(copy);
  return copy;
}

function cloneArray(items: readonly unknown[], made: Set<object> | undefined): unknown[] {
  charge(items.length + 1);
  return items.map((item) => (item === undefined ? null : clone(item, made)));
}

function cloneObject(value: JsonObject, made: Set<object> | undefined): JsonObject {
  const copy = newObject();
  const keys = Object.keys(value);
  charge(keys.length);
  for (const key of keys) {
    const item = value[key];
    if (item !== undefined) copy[key] = clone(item, made);
  }
  return copy;
}
