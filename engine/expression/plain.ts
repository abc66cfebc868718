import { charge, enter, leave } from './budget.ts';
import { fail } from './failure.ts';
import { isItems } from './sequence.ts';
import { Callable, type JsonObject } from './values.ts';

/**
 * The result as plain JSON: marks of sequences taken off, functions left out. What needs no change is handed out
 * as it is, so a result may share parts with the input. The walk is paid for, which also refuses
 * results that would explode when written (the same object many times) and cycles. Numbers that JSON cannot write are D1001.
 */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : fail('D1001', { value });
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Callable) return undefined;
  enter();
  const plain = isItems(value) ? plainArray(value) : plainObject(value as JsonObject);
  leave();
  return plain;
}

function plainArray(items: readonly unknown[] & { sequence?: true; keepSingleton?: true; cons?: true }): unknown {
  charge(items.length + 1);
  if (isItems(items) && items.outerWrapper === true) return toPlain(items[0]);
  let changed = items.sequence === true || items.keepSingleton === true || items.cons === true;
  const copy: unknown[] = [];
  for (const item of items) {
    const plain = toPlain(item) ?? null;
    if (plain !== item) changed = true;
    copy.push(plain);
  }
  return changed ? copy : items;
}

function plainObject(value: JsonObject): JsonObject {
  const keys = Object.keys(value);
  charge(keys.length + 1);
  let copy: JsonObject | undefined;
  for (const key of keys) {
    const item = value[key];
    const plain = toPlain(item);
    if (plain === item) continue;
    copy ??= Object.assign(Object.create(null) as JsonObject, value);
    if (plain === undefined) delete copy[key];
    else copy[key] = plain;
  }
  return copy ?? value;
}
