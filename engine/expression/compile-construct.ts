import { type Ast, type GroupAst, pairs } from './ast.ts';
import { step } from './budget.ts';
import type { Run } from './callable.ts';
import type { Compiler } from './compile.ts';
import { fail } from './failure.ts';
import type { Frame } from './frame.ts';
import { append, type Items, isItems, push, pushAll } from './sequence.ts';
import { type JsonObject, newObject } from './values.ts';

export type Pairs = readonly (readonly [key: Run, value: Run])[];

/** `[a, b, 1..3]`: values of paths are spread, arrays written inside stay arrays. */
export function compileArray(node: Ast, compiler: Compiler): Run {
  const parts = (node.expressions ?? []).map((part) => ({ run: compiler.compile(part), nested: part.value === '[' }));
  const consarray = node.consarray === true;
  return (input, frame) => {
    step();
    const items: Items = [];
    for (const part of parts) {
      const value = part.run(input, frame);
      if (value === undefined) continue;
      if (part.nested) push(items, value);
      else pushAll(items, value);
    }
    if (consarray) items.cons = true;
    return items;
  };
}

/** `{key: value}` on its own: one object, or one of all the items if the context is an array. */
export function compileObject(node: Ast, compiler: Compiler): Run {
  const compiled: Pairs = pairs(node).map(([key, value]) => [compiler.compile(key), compiler.compile(value)] as const);
  const position = node.position;
  return (input, frame) => (isItems(input) ? groupBy(compiled, input, frame, position) : construct(compiled, input, frame, position));
}

/** `node{key: value}`. */
export function compileGroup(run: Run, group: GroupAst, compiler: Compiler): Run {
  const compiled: Pairs = group.lhs.map(([key, value]) => [compiler.compile(key), compiler.compile(value)] as const);
  return (input, frame) => groupBy(compiled, run(input, frame), frame, group.position);
}

function keyOf(value: unknown, position: number | undefined): string | undefined {
  return typeof value === 'string' || value === undefined ? value : fail('T1003', { position, value });
}

function construct(compiled: Pairs, input: unknown, frame: Frame, position: number | undefined): JsonObject {
  step();
  const result = newObject();
  const keys: (string | undefined)[] = [];
  for (const [keyRun] of compiled) {
    const key = keyOf(keyRun(input, frame), position);
    if (key !== undefined && keys.includes(key)) fail('D1009', { position, value: key });
    keys.push(key);
  }
  for (let index = 0; index < compiled.length; index++) {
    const key = keys[index];
    if (key === undefined) continue;
    const value = compiled[index]?.[1](input, frame);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

interface Group {
  pair: number;
  /** The one item, until a second one comes. */
  data: unknown;
  many: unknown[] | undefined;
}

/** Gathers the items by key and gives each group to the value expression of the pair that made the key. */
export function groupBy(compiled: Pairs, grouped: unknown, frame: Frame, position: number | undefined): JsonObject {
  const tuples = isItems(grouped) && grouped.tupleStream === true;
  const items: readonly unknown[] = !isItems(grouped) ? [grouped] : grouped.length === 0 && !tuples ? [undefined] : grouped;
  const groups = new Map<string, Group>();
  for (const item of items) {
    step();
    const context = tuples ? (item as JsonObject)['@'] : item;
    const scope = tuples ? frame.withTuple(item as JsonObject) : frame;
    for (let pair = 0; pair < compiled.length; pair++) {
      const key = keyOf((compiled[pair] as Pairs[number])[0](context, scope), position);
      if (key === undefined) continue;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { pair, data: item, many: undefined });
      else if (group.pair !== pair) fail('D1009', { position, value: key });
      else add(group, item);
    }
  }
  const result = newObject();
  for (const [key, group] of groups) {
    step();
    const run = (compiled[group.pair] as Pairs[number])[1];
    const value = tuples ? runReduced(run, group.many ?? group.data, frame) : run(group.many ?? group.data, frame);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

function add(group: Group, item: unknown): void {
  if (item === undefined) return;
  if (group.many === undefined) {
    if (group.data === undefined) {
      group.data = item;
      return;
    }
    group.many = [];
    pushAll(group.many, group.data);
  }
  pushAll(group.many, item);
}

/** The value of a group of tuples: every variable stands for the values of all of them. */
function runReduced(run: Run, data: unknown, frame: Frame): unknown {
  if (!Array.isArray(data)) return run((data as JsonObject)['@'], frame.withTuple(data as JsonObject));
  const reduced = newObject();
  for (const tuple of data as JsonObject[]) for (const name of Object.keys(tuple)) reduced[name] = append(reduced[name], tuple[name]);
  return run(reduced['@'], frame.withTuple(reduced));
}
