import { charge, enter, leave, step } from './budget.ts';
import { fail } from './failure.ts';
import { newSequence, pushAll } from './sequence.ts';

/** A function as a value. A class of its own, so that no data can pass for one. */
export abstract class Callable {
  /** How many arguments it declares; higher-order functions pass no more. */
  abstract readonly arity: number;
}

export type JsonObject = Record<string, unknown>;

/** A new object of the expression. Without a prototype, `__proto__` is a field like any other. */
export function newObject(): JsonObject {
  charge(16);
  return Object.create(null) as JsonObject;
}

/** An object of data: not null, not an array, not a function. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Callable);
}

/** A number that can be worked with. Infinity is an error of the language. */
export function isNumber(value: unknown): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) fail('D1001', { value });
  return true;
}

export function isArrayOfNumbers(value: unknown): value is number[] {
  if (!Array.isArray(value)) return false;
  charge(value.length);
  return value.every(isNumber);
}

export function isArrayOfStrings(value: unknown): value is string[] {
  if (!Array.isArray(value)) return false;
  charge(value.length);
  return value.every((item) => typeof item === 'string');
}

/** The effective truth of a value; nothing is neither. */
export function toBoolean(value: unknown): boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumber(value) && value !== 0;
    case 'undefined':
      return undefined;
    case 'object': {
      if (value === null || value instanceof Callable) return false;
      if (!Array.isArray(value)) return hasKeys(value);
      if (value.length === 0) return false;
      charge(value.length);
      enter();
      // Every item is looked at, since one that is out of range is an error wherever it stands.
      let found = false;
      for (const item of value) if (toBoolean(item) === true) found = true;
      leave();
      return found;
    }
    default:
      return false;
  }
}

export function truthy(value: unknown): boolean {
  return value === true || (value !== false && toBoolean(value) === true);
}

function hasKeys(value: object): boolean {
  for (const key in value) if (Object.hasOwn(value, key)) return true;
  return false;
}

/** The own field of an object, or of every object of an array, flattened one level. Nothing inherited is seen. */
export function lookup(input: unknown, key: string): unknown {
  if (Array.isArray(input)) {
    const found = newSequence();
    for (const item of input) {
      step();
      const value = lookup(item, key);
      if (value !== undefined) pushAll(found, value);
    }
    return found;
  }
  if (typeof input !== 'object' || input === null || input instanceof Callable) return undefined;
  return Object.hasOwn(input, key) ? (input as JsonObject)[key] : undefined;
}

/** Is it among the names that every object has without being asked? For these, and only these, it must be asked whose a field is. */
export const isInherited = (name: string): boolean => name in Object.prototype;

/** A field of one object, by a name that is not inherited; of anything else nothing. */
export function fieldOf(input: unknown, name: string): unknown {
  return typeof input !== 'object' || input === null || input instanceof Callable ? undefined : (input as JsonObject)[name];
}

/** Equality by structure, within the budget of steps and depth. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    // Comparing long texts of the same length reads them through.
    if (left.length > 64 && left.length === right.length) charge(left.length >> 3);
    return left === right;
  }
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (left instanceof Callable || right instanceof Callable) return false;
  step();
  enter();
  const equal =
    Array.isArray(left) && Array.isArray(right) ? equalArrays(left, right) : equalObjects(left as JsonObject, right as JsonObject);
  leave();
  return equal;
}

function equalArrays(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    step();
    if (!deepEqual(left[index], right[index])) return false;
  }
  return true;
}

function equalObjects(left: JsonObject, right: JsonObject): boolean {
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  charge(keys.length + 1);
  if (keys.length !== Object.keys(right).length) return false;
  for (const key of keys) if (!Object.hasOwn(right, key) || !deepEqual(left[key], right[key])) return false;
  return true;
}

/** Sorts into a new array, stable; `after` says that its first argument belongs behind the second. */
export function mergeSort<Item>(items: readonly Item[], after: (first: Item, second: Item) => boolean): Item[] {
  charge(items.length);
  if (items.length <= 1) return items.slice();
  const middle = Math.floor(items.length / 2);
  const left = mergeSort(items.slice(0, middle), after);
  const right = mergeSort(items.slice(middle), after);
  const merged: Item[] = [];
  let taken = 0;
  for (const item of left) {
    for (let next = right[taken]; taken < right.length && next !== undefined && after(item, next); next = right[taken]) {
      step();
      merged.push(next);
      taken++;
    }
    step();
    merged.push(item);
  }
  for (; taken < right.length; taken++) merged.push(right[taken] as Item);
  return merged;
}
