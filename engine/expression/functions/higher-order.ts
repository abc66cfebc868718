import { step } from '../budget.ts';
import { handed, invoke } from '../callable.ts';
import { fail } from '../failure.ts';
import { newSequence, push } from '../sequence.ts';
import { type Callable, isArrayOfNumbers, isArrayOfStrings, type JsonObject, mergeSort, newObject, truthy } from '../values.ts';
import { define, type Functions } from './define.ts';

type Items = readonly unknown[] | undefined;

function map(items: Items, callee: Callable): unknown {
  if (items === undefined) return undefined;
  const results = newSequence();
  for (let index = 0; index < items.length; index++) {
    const result = invoke(callee, handed(callee, items[index], index, items));
    if (result !== undefined) push(results, result);
  }
  return results;
}

function filter(items: Items, callee: Callable): unknown {
  if (items === undefined) return undefined;
  const kept = newSequence();
  for (let index = 0; index < items.length; index++) {
    if (truthy(invoke(callee, handed(callee, items[index], index, items)))) push(kept, items[index]);
  }
  return kept;
}

function single(items: Items, callee: Callable | undefined): unknown {
  if (items === undefined) return undefined;
  const found: unknown[] = [];
  for (const [index, item] of items.entries()) {
    step();
    if (callee !== undefined && !truthy(invoke(callee, handed(callee, item, index, items)))) continue;
    if (found.length > 0) fail('D3138', { index });
    found.push(item);
  }
  return found.length === 0 ? fail('D3139') : found[0];
}

function reduce(items: Items, callee: Callable, initial: unknown): unknown {
  if (items === undefined) return undefined;
  const arity = callee.arity;
  if (arity < 2) fail('D3050', { index: 1 });
  const fromFirst = initial === undefined && items.length > 0;
  let result = fromFirst ? items[0] : initial;
  for (let index = fromFirst ? 1 : 0; index < items.length; index++) {
    const args = [result, items[index]];
    if (arity >= 3) args.push(index);
    if (arity >= 4) args.push(items);
    result = invoke(callee, args);
  }
  return result;
}

function each(object: JsonObject | undefined, callee: Callable): unknown {
  const results = newSequence();
  for (const name of Object.keys(object ?? {})) {
    const result = invoke(callee, handed(callee, object?.[name], name, object));
    if (result !== undefined) push(results, result);
  }
  return results;
}

function sift(object: JsonObject | undefined, callee: Callable): JsonObject | undefined {
  const kept = newObject();
  let any = false;
  for (const name of Object.keys(object ?? {})) {
    if (!truthy(invoke(callee, handed(callee, object?.[name], name, object)))) continue;
    kept[name] = object?.[name];
    any = true;
  }
  return any ? kept : undefined;
}

function sort(items: Items, callee: Callable | undefined): unknown {
  if (items === undefined || items.length <= 1) return items;
  if (callee !== undefined) return mergeSort(items, (first, second) => Boolean(invoke(callee, [first, second])));
  if (isArrayOfNumbers(items)) return mergeSort(items, (first, second) => first > second);
  if (isArrayOfStrings(items)) return mergeSort(items, (first, second) => first > second);
  return fail('D3070', { index: 1 });
}

export const higherOrderFunctions: Functions = {
  map: define('<af>', 2, map),
  filter: define('<af>', 2, filter),
  single: define('<af?>', 2, single),
  reduce: define('<afj?:j>', 3, reduce),
  each: define('<o-f:a>', 2, each),
  sift: define('<o-f?:o>', 2, sift),
  sort: define('<af?:a>', 2, sort),
};
