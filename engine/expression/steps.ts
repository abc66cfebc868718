import { step } from './budget.ts';
import type { Run } from './callable.ts';
import type { Sort } from './compile-sort.ts';
import type { Frame } from './frame.ts';
import { type Items, isItems, isSequence, newSequence, push, pushAll } from './sequence.ts';
import { isObject, type JsonObject } from './values.ts';

/** A compiled `[…]` after a value. */
export type Filter = (input: unknown, frame: Frame) => Items;

/** One step of a path, compiled. */
export interface Step {
  run: Run;
  sort: Sort | undefined;
  /** Filters, and bindings of the position (a name), in order. */
  stages: readonly (Filter | string)[];
  focus: string | undefined;
  index: string | undefined;
  ancestor: string | undefined;
  tuple: boolean;
  consarray: boolean;
}

/** What a path without bindings comes to; `tuples` is set by paths with bindings. */
export interface Walked {
  values: unknown;
  tuples?: Items;
}

/** Applies one step to every item and puts the results in one sequence. */
export function walkStep(part: Step, input: readonly unknown[], frame: Frame, last: boolean): Items {
  if (part.sort !== undefined) return runStages(part.stages, part.sort(input as Items, frame), frame);
  const results: unknown[] = [];
  for (let index = 0; index < input.length; index++) {
    step();
    let value = part.run(input[index], frame);
    for (const stage of part.stages) if (typeof stage !== 'string') value = stage(value, frame);
    if (value !== undefined) results.push(value);
  }
  const [only] = results;
  if (last && results.length === 1 && isItems(only) && !isSequence(only)) return only;
  const flat = newSequence();
  for (const value of results) {
    if (isItems(value) && value.cons !== true) pushAll(flat, value);
    else push(flat, value);
  }
  return flat;
}

/** Filters and position bindings that follow a step. */
export function runStages(stages: Step['stages'], input: Items, frame: Frame): Items {
  let items = input;
  for (const stage of stages) {
    if (typeof stage !== 'string') items = stage(items, frame);
    else for (let index = 0; index < items.length; index++) if (isObject(items[index])) (items[index] as JsonObject)[stage] = index;
  }
  return items;
}
