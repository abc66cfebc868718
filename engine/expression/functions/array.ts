import { allowItems, charge, meter, step } from '../budget.ts';
import { fail } from '../failure.ts';
import { append, isSequence, newSequence, push } from '../sequence.ts';
import { deepEqual } from '../values.ts';
import { define, defineVariadic, type Functions } from './define.ts';

type Items = readonly unknown[] | undefined;

function reverse(items: Items): Items {
  if (items === undefined || items.length <= 1) return items;
  allowItems(items.length);
  return items.slice().reverse();
}

/** Fisher-Yates from the inside out. */
function shuffle(items: Items): Items {
  if (items === undefined || items.length <= 1) return items;
  charge(items.length);
  const mixed: unknown[] = [];
  for (const [index, item] of items.entries()) {
    const place = Math.floor(meter.surroundings.random() * (index + 1));
    if (place !== index) mixed[index] = mixed[place];
    mixed[place] = item;
  }
  return mixed;
}

/** The items without repetitions. Texts, numbers and booleans are found by hash, structures by comparing them. */
function distinct(items: unknown): unknown {
  if (!Array.isArray(items) || items.length <= 1) return items;
  const kept: unknown[] = isSequence(items) ? newSequence() : [];
  const simple = new Set<unknown>();
  const structures: unknown[] = [];
  for (const item of items) {
    step();
    if (typeof item === 'object' && item !== null) {
      if (structures.some((other) => deepEqual(item, other))) continue;
      structures.push(item);
    } else {
      if (simple.has(item)) continue;
      simple.add(item);
    }
    push(kept, item);
  }
  return kept;
}

function zip(lists: readonly unknown[]): unknown[][] {
  const arrays = lists.map((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const length = Math.min(...arrays.map((list) => list.length));
  const rows: unknown[][] = [];
  for (let index = 0; index < length; index++) {
    charge(arrays.length);
    push(
      rows,
      arrays.map((list) => list[index]),
    );
  }
  return rows;
}

export const arrayFunctions: Functions = {
  count: define('<a:n>', 1, (items: Items) => items?.length ?? 0),
  append: define('<xx:a>', 2, append),
  exists: define('<x:b>', 1, (value: unknown) => value !== undefined),
  reverse: define('<a:a>', 1, reverse),
  shuffle: define('<a:a>', 1, shuffle),
  distinct: define('<x:x>', 1, distinct),
  zip: defineVariadic('<a+>', zip),
  error: define('<s?:x>', 1, (text: string | undefined) => fail('D3137', { text: text || '$error was called' })),
  assert: define('<bs?:x>', 2, (holds: boolean | undefined, text: string | undefined) =>
    holds ? undefined : fail('D3141', { text: text || '$assert found its condition false' }),
  ),
};
