import { step } from './budget.ts';
import type { Frame } from './frame.ts';
import { type Items, isItems, newSequence, push } from './sequence.ts';
import { runStages, type Step, type Walked, walkStep } from './steps.ts';
import { type JsonObject, newObject } from './values.ts';

/**
 * Paths that bind variables on the way (`@$x`, `#$i`, `%`): from the first such step on, every item is a tuple
 * of its value (under "@") and the variables bound so far.
 */
export function compileTupleSteps(steps: readonly Step[], keepTuples: boolean): (start: Items, frame: Frame) => Walked {
  const from = steps.findIndex((part) => part.tuple);
  return (start, frame) => {
    let input: Items = start;
    for (let index = 0; index < from; index++) {
      const part = steps[index] as Step;
      const result = index === 0 && part.consarray ? part.run(input, frame) : walkStep(part, input, frame, steps[index + 1]);
      if (result === undefined || (isItems(result) && result.length === 0)) return { values: result };
      input = isItems(result) ? result : [result];
    }
    let tuples: Items | undefined;
    for (let index = from; index < steps.length; index++) {
      const part = steps[index] as Step;
      if (index === 0 && part.consarray) {
        const result = part.run(input, frame);
        input = isItems(result) ? result : [result];
      } else tuples = tupleStep(part, input, tuples, frame);
    }
    tuples ??= asTuples(input);
    if (keepTuples) return { values: tuples, tuples };
    const values = newSequence();
    for (const tuple of tuples) push(values, (tuple as JsonObject)['@']);
    return { values, tuples };
  };
}

function asTuples(items: readonly unknown[]): Items {
  const tuples: Items = [];
  for (const item of items) push(tuples, Object.assign(newObject(), { '@': item }));
  return tuples;
}

function tupleStep(part: Step, input: Items, bindings: Items | undefined, frame: Frame): Items {
  if (part.sort !== undefined) return runStages(part.stages, sortTuples(part, input, bindings, frame), frame);
  const made = newSequence();
  made.tupleStream = true;
  for (const binding of bindings ?? asTuples(input)) {
    step();
    const tuple = binding as JsonObject;
    const result = part.run(tuple['@'], frame.withTuple(tuple));
    if (result === undefined) continue;
    const items: Items = isItems(result) ? result : [result];
    for (let index = 0; index < items.length; index++) push(made, extend(part, tuple, items, index));
  }
  return runStages(part.stages, made, frame);
}

function extend(part: Step, tuple: JsonObject, items: Items, index: number): JsonObject {
  const extended = Object.assign(newObject(), tuple);
  const item = items[index];
  if (items.tupleStream === true) return Object.assign(extended, item);
  if (part.focus === undefined) extended['@'] = item;
  else extended[part.focus] = item;
  if (part.index !== undefined) extended[part.index] = index;
  if (part.ancestor !== undefined) extended[part.ancestor] = tuple['@'];
  return extended;
}

function sortTuples(part: Step, input: Items, bindings: Items | undefined, frame: Frame): Items {
  if (part.sort === undefined) return input;
  if (bindings !== undefined) return part.sort(bindings, frame);
  const made = newSequence();
  made.tupleStream = true;
  for (const [index, item] of part.sort(input, frame).entries()) {
    const tuple = Object.assign(newObject(), { '@': item });
    if (part.index !== undefined) (tuple as JsonObject)[part.index] = index;
    push(made, tuple);
  }
  return made;
}
