import { type Ast, child } from './ast.ts';
import { charge, step } from './budget.ts';
import type { Run } from './callable.ts';
import type { Compiler } from './compile.ts';
import { groupBy, type Pairs } from './compile-construct.ts';
import { compileSort } from './compile-sort.ts';
import { compileTupleSteps } from './compile-tuple.ts';
import type { Frame } from './frame.ts';
import { append, type Items, isItems, isSequence, newSequence, push, pushAll, sequenceOf, settle, settleKeeping } from './sequence.ts';
import { type Filter, type Step, type Walked, walkStep } from './steps.ts';
import { Callable, fieldOf, isArrayOfNumbers, isInherited, isNumber, isObject, type JsonObject, lookup, truthy } from './values.ts';

/** `items[…]`: by position (negative from the end), by several positions, or by a condition on each item. */
export function compileFilter(node: Ast, compiler: Compiler): Filter {
  if (node.type === 'number' && typeof node.value === 'number') {
    const wanted = Math.floor(node.value);
    return (input) => {
      step();
      const items = isItems(input) ? input : [input];
      const item = items[wanted < 0 ? items.length + wanted : wanted];
      if (item !== undefined && isItems(item)) return item;
      const found = newSequence();
      if (isItems(input) && input.tupleStream === true) found.tupleStream = true;
      if (item !== undefined) found.push(item);
      return found;
    };
  }
  const predicate = compiler.compile(node);
  return (input, frame) => {
    const tuples = isItems(input) && input.tupleStream === true;
    const items = isItems(input) ? input : [input];
    const found = newSequence();
    if (tuples) found.tupleStream = true;
    for (let index = 0; index < items.length; index++) {
      step();
      const item = items[index];
      const result = tuples ? predicate((item as JsonObject)['@'], frame.withTuple(item as JsonObject)) : predicate(item, frame);
      if (selects(result, index, items.length, found, item)) push(found, item);
    }
    return found;
  };
}

function selects(result: unknown, index: number, length: number, found: Items, item: unknown): boolean {
  if (typeof result === 'boolean') return result;
  if (isNumber(result)) return position(result, length) === index;
  if (isArrayOfNumbers(result)) {
    for (const wanted of result) if (position(wanted, length) === index) push(found, item);
    return false;
  }
  return truthy(result);
}

function position(wanted: number, length: number): number {
  const index = Math.floor(wanted);
  return index < 0 ? length + index : index;
}

export function compilePath(node: Ast, compiler: Compiler): Run {
  const steps = node.steps ?? [];
  const keep = node.keepSingletonArray === true;
  const finish = node.keepArray === true ? settleKeeping : settle;
  if (!keep && node.keepArray !== true && node.group === undefined && node.tuple !== true) {
    const [first, ...rest] = steps;
    if (steps.every(isPlainName)) return compileNames(steps.map((name) => String(name.value)));
    if (first !== undefined && isPlainVariable(first) && rest.every(isPlainName)) {
      return compileFields(
        compiler.compile(first),
        rest.map((name) => String(name.value)),
      );
    }
  }
  const compiled = steps.map((part) => compileStep(part, compiler));
  const group: Pairs | undefined = node.group?.lhs.map(([key, value]) => [compiler.compile(key), compiler.compile(value)] as const);
  const groupPosition = node.group?.position;
  const fromVariable = steps[0]?.type === 'variable';
  const tuples = compiled.some((part) => part.tuple) ? compileTupleSteps(compiled, node.tuple === true) : undefined;
  return (input, frame) => {
    step();
    const start = isItems(input) && !fromVariable ? input : sequenceOf(input);
    const walked = tuples === undefined ? walk(compiled, start, frame) : tuples(start, frame);
    let result: unknown = walked.values;
    if (keep) result = keepSingleton(result);
    if (group !== undefined) result = groupBy(group, walked.tuples ?? result, frame, groupPosition);
    return finish(result);
  };
}

function keepSingleton(result: unknown): unknown {
  if (!isItems(result)) return result;
  const kept = result.cons === true && result.sequence !== true ? sequenceOf(result) : result.sequence === true ? result : asIs(result);
  kept.keepSingleton = true;
  return kept;
}

/** An array of the data: marked in a copy, for the data is not ours. */
function asIs(items: Items): Items {
  charge(items.length >> 3);
  return items.slice();
}

function walk(steps: readonly Step[], start: Items, frame: Frame): Walked {
  let input: unknown[] = start;
  let result: unknown = start;
  for (let index = 0; index < steps.length; index++) {
    const part = steps[index] as Step;
    result = index === 0 && part.consarray ? part.run(input, frame) : walkStep(part, input, frame, steps[index + 1]);
    if (result === undefined || (Array.isArray(result) && result.length === 0)) break;
    input = Array.isArray(result) ? result : [result];
  }
  return { values: result };
}

function compileStep(node: Ast, compiler: Compiler): Step {
  const stages = (node.stages ?? []).map((stage) =>
    stage.type === 'index' ? (stage.value ?? '') : compileFilter(child(stage.expr, node), compiler),
  );
  return {
    sort: node.type === 'sort' ? compileSort(node, compiler) : undefined,
    run: node.type === 'sort' ? compiler.literal(undefined) : compiler.compile(node),
    stages,
    focus: node.focus,
    index: node.index,
    ancestor: node.ancestor?.label,
    tuple: node.tuple === true,
    consarray: node.consarray === true,
  };
}

function isPlain(node: Ast): boolean {
  return node.stages === undefined && node.group === undefined && node.keepArray !== true && node.tuple !== true;
}

function isPlainName(node: Ast): boolean {
  return node.type === 'name' && node.predicate === undefined && isPlain(node) && !isInherited(String(node.value));
}

function isPlainVariable(node: Ast): boolean {
  return node.type === 'variable' && isPlain(node);
}

/** `a.b.c`: field after field while they are objects; from the first array on the general rule. */
function compileNames(names: readonly string[]): Run {
  const [first] = names;
  if (names.length === 1 && first !== undefined) return (input) => (Array.isArray(input) ? spread(input, names, 0) : field(input, first));
  return (input) => follow(input, names);
}

/** `$x.a.b`. */
function compileFields(start: Run, names: readonly string[]): Run {
  return (input, frame) => {
    const value = start(input, frame);
    return isItems(value) && value.cons === true ? spread([value], names, 0) : follow(value, names);
  };
}

function follow(start: unknown, names: readonly string[]): unknown {
  let value = start;
  for (let index = 0; index < names.length; index++) {
    if (Array.isArray(value)) return spread(value, names, index);
    value = field(value, names[index] as string);
    if (value === undefined) return undefined;
  }
  return value;
}

/** A field of one object. An array among the data stays as it is when it is the last step. */
function field(input: unknown, name: string): unknown {
  step();
  return fieldOf(input, name);
}

/** The rest of a path of names over the items of an array. */
function spread(start: readonly unknown[], names: readonly string[], from: number): unknown {
  let items = start;
  for (let index = from; index < names.length; index++) {
    const flat = newSequence();
    const name = names[index] as string;
    let count = 0;
    let only: unknown;
    for (let at = 0; at < items.length; at++) {
      step();
      const item = items[at];
      const value = Array.isArray(item) ? settle(lookup(item, name)) : fieldOf(item, name);
      if (value === undefined) continue;
      if (++count === 1) only = value;
      else {
        if (count === 2) pushAll(flat, only);
        pushAll(flat, value);
      }
    }
    if (count === 1) {
      if (index === names.length - 1 && isItems(only) && !isSequence(only)) return only;
      pushAll(flat, only);
    }
    if (flat.length === 0) return undefined;
    items = flat;
  }
  return settle(items);
}

/** `*`: the values of all fields; arrays among them flattened all the way. */
export function wildcard(context: unknown): unknown {
  step();
  const input = isItems(context) && context.outerWrapper === true && context.length > 0 ? context[0] : context;
  if (typeof input !== 'object' || input === null || input instanceof Callable) return newSequence();
  let found: unknown = newSequence();
  for (const key of Object.keys(input)) {
    const value = (input as JsonObject)[key];
    if (Array.isArray(value)) {
      const flat: unknown[] = [];
      flatten(value, flat);
      found = append(found, flat);
    } else push(found as Items, value);
  }
  return found;
}

function flatten(value: unknown, flat: unknown[]): void {
  if (!Array.isArray(value)) push(flat, value);
  else for (const item of value) flatten(item, flat);
}

/** `**`: the value and everything under it. */
export function descendants(input: unknown): unknown {
  if (input === undefined) return undefined;
  const found = newSequence();
  collect(input, found);
  return found.length === 1 ? found[0] : found;
}

function collect(value: unknown, found: Items): void {
  step();
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  push(found, value);
  if (isObject(value)) for (const key of Object.keys(value)) collect(value[key], found);
}
