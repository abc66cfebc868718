import { isEmpty } from './empty.ts';
import { Scope } from './scope.ts';
import type { Value } from './value.ts';

/** A compiled part of a template: it writes to the output of the scope. */
export type Part = (scope: Scope) => void;

export function conditional(condition: Value, wanted: boolean, body: Part, otherwise: Part): Part {
  return (scope) => (isEmpty(condition(scope)) === wanted ? otherwise(scope) : body(scope));
}

export function withValue(value: Value, names: readonly string[], body: Part, otherwise: Part): Part {
  return (scope) => {
    const found = value(scope);
    if (isEmpty(found) && found !== 0) otherwise(scope);
    else body(new Scope(found, scope.output, scope, undefined, bind(names, [found])));
  };
}

export function each(list: Value, names: readonly string[], body: Part, otherwise: Part): Part {
  return (scope) => {
    const found = list(scope);
    const entries: [string | number, unknown][] = Array.isArray(found)
      ? found.map((item, index): [number, unknown] => [index, item])
      : typeof found === 'object' && found !== null
        ? Object.entries(found)
        : [];
    if (entries.length === 0) return otherwise(scope);
    scope.output.charge(entries.length);
    for (const [index, [key, item]] of entries.entries()) {
      const data = new Map<string, unknown>([
        ['key', key],
        ['index', index],
        ['first', index === 0],
        ['last', index === entries.length - 1],
      ]);
      body(new Scope(item, scope.output, scope, data, bind(names, [item, key])));
    }
  };
}

function bind(names: readonly string[], values: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  return names.length === 0 ? undefined : new Map(names.map((name, index) => [name, values[index]]));
}
