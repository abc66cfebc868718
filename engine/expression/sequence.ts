import { charge, exhausted, meter } from './budget.ts';

/**
 * An array with JSONata's marks. `sequence`: made by a path, so one item stands for itself and none for nothing;
 * `keepSingleton`: unless `[]` asked to keep the array; `cons`: written by an array constructor, not to be flattened;
 * `outerWrapper`: holds an input document that is itself an array; `tupleStream`: its items are variable bindings.
 * The marks never leave the evaluator (see plain.ts).
 */
export interface Items extends Array<unknown> {
  sequence?: true;
  keepSingleton?: true;
  cons?: true;
  outerWrapper?: true;
  tupleStream?: true;
}

export function newSequence(): Items {
  charge(3);
  const items: Items = [];
  items.sequence = true;
  return items;
}

export function sequenceOf(item: unknown): Items {
  const items: Items = [item];
  items.sequence = true;
  return items;
}

export function isItems(value: unknown): value is Items {
  return Array.isArray(value);
}

export function isSequence(value: unknown): value is Items {
  return isItems(value) && value.sequence === true;
}

/** Adds one item, within the budget. */
export function push(items: unknown[], item: unknown): void {
  if (items.length >= meter.arrayLength) exhausted(`an array of more than ${meter.arrayLength} items`);
  if (--meter.steps < 0) exhausted('too many steps');
  items.push(item);
}

/** Adds the items of an array, or the one value, within the budget. */
export function pushAll(items: unknown[], added: unknown): void {
  if (!Array.isArray(added)) push(items, added);
  else for (const item of added) push(items, item);
}

/** A sequence as a value: nothing for none, the item itself for one. */
export function settle(value: unknown): unknown {
  if (!isSequence(value) || value.tupleStream === true) return value;
  if (value.length === 0) return undefined;
  return value.length === 1 && value.keepSingleton !== true ? value[0] : value;
}

/** The same for a node that is marked with `[]`. */
export function settleKeeping(value: unknown): unknown {
  if (isSequence(value) && value.tupleStream !== true) value.keepSingleton = true;
  return settle(value);
}

/** Two values end to end; nothing adds nothing. */
export function append(first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const count = (Array.isArray(first) ? first.length : 1) + (Array.isArray(second) ? second.length : 1);
  if (count > meter.arrayLength) exhausted(`an array of more than ${meter.arrayLength} items`);
  charge(1 + (count >> 3));
  const joined: unknown[] = Array.isArray(first) ? first.slice() : [first];
  if (Array.isArray(second)) for (const item of second) joined.push(item);
  else joined.push(second);
  return joined;
}
