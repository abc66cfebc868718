import { step } from './budget.ts';
import type { Run } from './callable.ts';
import type { Sort } from './compile-sort.ts';
import type { Frame } from './frame.ts';
import { type Items, isItems, newSequence, push, pushAll } from './sequence.ts';
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

/** Applies one step to every item and puts the results in one sequence. @param next the step that follows, if one does */
export function walkStep(part: Step, input: readonly unknown[], frame: Frame, next: Step | undefined): Items {
  if (part.sort !== undefined) return runStages(part.stages, part.sort(input as Items, frame), frame);
  const staged = part.stages.length > 0;
  const flat = newSequence();
  let count = 0;
  let only: unknown;
  for (let index = 0; index < input.length; index++) {
    step();
    let value = part.run(input[index], frame);
    if (staged) for (const stage of part.stages) if (typeof stage !== 'string') value = stage(value, frame);
    if (value === undefined) continue;
    if (++count === 1) only = value;
    else {
      if (count === 2) add(flat, only);
      add(flat, value);
    }
  }
  if (count === 1) {
    // An array of the data need not be copied: the last step gives it as it is, and a step that follows only reads it. A sort makes what it
    // gives from the very list.
    const asItIs = next === undefined || (next.sort === undefined && isItems(only) && only.cons !== true && only.length > 0);
    if (asItIs && isItems(only) && only.sequence !== true) return only;
    add(flat, only);
  }
  return flat;
}

function add(flat: Items, value: unknown): void {
  if (isItems(value) && value.cons !== true) pushAll(flat, value);
  else push(flat, value);
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
