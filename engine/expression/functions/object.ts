import { charge } from '../budget.ts';
import { append, newSequence, push } from '../sequence.ts';
import { clone } from '../text.ts';
import { Callable, isNumber, isObject, type JsonObject, lookup, newObject } from '../values.ts';
import { define, type Functions } from './define.ts';

function keys(value: unknown): unknown {
  const found = newSequence();
  const names = new Set<string>();
  gather(value, names);
  for (const name of Object.keys(asObject(names))) push(found, name);
  return found;
}

function gather(value: unknown, names: Set<string>): void {
  if (Array.isArray(value)) {
    charge(value.length);
    for (const item of value) gather(item, names);
  } else if (isObject(value)) {
    const own = Object.keys(value);
    charge(own.length);
    for (const name of own) names.add(name);
  }
}

/** The order of fields in an object (whole numbers first) is the order that is promised. */
function asObject(names: Set<string>): JsonObject {
  const object = newObject();
  for (const name of names) object[name] = true;
  return object;
}

function spread(value: unknown): unknown {
  if (Array.isArray(value)) {
    let all: unknown = newSequence();
    for (const item of value) all = append(all, spread(item));
    return all;
  }
  if (!isObject(value)) return value;
  const parts = newSequence();
  for (const name of Object.keys(value)) {
    const part = newObject();
    part[name] = value[name];
    push(parts, part);
  }
  return parts;
}

function merge(objects: readonly JsonObject[] | undefined): JsonObject | undefined {
  if (objects === undefined) return undefined;
  const merged = newObject();
  for (const object of objects) {
    const names = Object.keys(object);
    charge(names.length + 1);
    for (const name of names) merged[name] = object[name];
  }
  return merged;
}

function type(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'array';
  return value instanceof Callable ? 'function' : 'object';
}

export const objectFunctions: Functions = {
  keys: define('<x-:a<s>>', 1, keys),
  lookup: define('<x-s:x>', 2, (value: unknown, name: string | undefined) => lookup(value, String(name))),
  spread: define('<x-:a<o>>', 1, spread),
  merge: define('<a<o>:o>', 1, merge),
  type: define('<x:s>', 1, type),
  clone: define('<(oa)-:o>', 1, (value: unknown) => (value === undefined ? undefined : clone(value))),
};
