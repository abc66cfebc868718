import type { Ast } from './ast.ts';
import { charge } from './budget.ts';
import type { Run } from './callable.ts';
import type { Compiler } from './compile.ts';
import { fail } from './failure.ts';
import type { Frame } from './frame.ts';
import type { Items } from './sequence.ts';
import { type JsonObject, mergeSort } from './values.ts';

export type Sort = (items: Items, frame: Frame) => Items;

/** An item with its sort keys, each worked out when it is first compared. */
interface Keyed {
  item: unknown;
  keys: unknown[];
}

/** `items^(term, >term)`: stable; items without a key come last. */
export function compileSort(node: Ast, compiler: Compiler): Sort {
  const terms = (node.terms ?? []).map((term) => ({ run: compiler.compile(term.expression), descending: term.descending }));
  const position = node.position;
  return (items, frame) => {
    if (items.length <= 1) return items;
    charge(items.length * 2);
    const tuples = items.tupleStream === true;
    const key = (keyed: Keyed, index: number, run: Run): unknown => {
      if (index >= keyed.keys.length) {
        const tuple = keyed.item as JsonObject;
        keyed.keys.push(tuples ? run(tuple['@'], frame.withTuple(tuple)) : run(keyed.item, frame));
      }
      return keyed.keys[index];
    };
    const after = (first: Keyed, second: Keyed): boolean => {
      for (const [index, term] of terms.entries()) {
        const order = compareKeys(key(first, index, term.run), key(second, index, term.run), term.descending, position);
        if (order !== 0) return order > 0;
      }
      return false;
    };
    const keyed = items.map((item): Keyed => ({ item, keys: [] }));
    return mergeSort(keyed, after).map((entry) => entry.item);
  };
}

function compareKeys(first: unknown, second: unknown, descending: boolean, position: number | undefined): number {
  if (first === undefined) return second === undefined ? 0 : 1;
  if (second === undefined) return -1;
  if (!isSortable(first) || !isSortable(second)) return fail('T2008', { position, value: isSortable(first) ? second : first });
  if (typeof first !== typeof second) fail('T2007', { position, value: first, value2: second });
  if (first === second) return 0;
  return first < second === descending ? 1 : -1;
}

function isSortable(value: unknown): value is string | number {
  if (typeof value === 'string') charge(value.length >> 6);
  return typeof value === 'number' || typeof value === 'string';
}
