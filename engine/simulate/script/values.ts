import type { Json, JsonObject } from '../../../schemas/json.ts';
import { asTaktError, TaktError } from '../../errors/index.ts';
import { compileExpression, type Expression } from '../../expression/index.ts';
import type { Random } from '../../ports/random.ts';

/** What expressions of a script may know. */
export interface Draw {
  scope: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  now: number;
  random: Random;
}

type Evaluate<T> = (draw: Draw) => T;

/**
 * Fields in which texts that begin with `=` are expressions; one that finds nothing leaves its field out.
 * @param problems gets every expression that cannot be read
 */
export function compileValues(values: JsonObject, pointer: string, problems: TaktError[]): Evaluate<JsonObject> {
  const entries = Object.entries(values).map(([name, value]) => [name, compileValue(value, `${pointer}/${name}`, problems)] as const);
  return (draw) => {
    const made: JsonObject = {};
    for (const [name, evaluate] of entries) {
      const value = evaluate(draw);
      if (value !== undefined) made[name] = value;
    }
    return made;
  };
}

/**
 * The same, one after the other: an expression knows the fields before its own as `record`, so that what goes together can be drawn together.
 * @param problems gets every expression that cannot be read
 */
export function compileFields(values: JsonObject, pointer: string, problems: TaktError[]): Evaluate<JsonObject> {
  const fields = Object.entries(values).map(([name, value]) => [name, compileValue(value, `${pointer}/${name}`, problems)] as const);
  return (draw) => {
    const record: JsonObject = {};
    for (const [name, evaluate] of fields) {
      const value = evaluate({ ...draw, scope: { ...draw.scope, record } });
      if (value !== undefined) record[name] = value;
    }
    return record;
  };
}

function compileValue(value: Json, pointer: string, problems: TaktError[]): Evaluate<Json | undefined> {
  if (typeof value === 'string' && value.startsWith('=')) {
    const evaluate = compile(value.slice(1), pointer, problems, (expression, draw) => expression.evaluate(draw.scope, env(draw)));
    return (draw) => asJson(evaluate(draw));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  if (!Array.isArray(value)) return compileValues(value, pointer, problems);
  const items = value.map((item, i) => compileValue(item, `${pointer}/${i}`, problems));
  return (draw) => items.map((item) => item(draw) ?? null);
}

/** A condition; one that finds nothing does not hold. */
export function compileCondition(source: string, pointer: string, problems: TaktError[]): Evaluate<boolean> {
  const test = compile(source, pointer, problems, (expression, draw) => expression.test(draw.scope, env(draw)));
  return (draw) => test(draw) === true;
}

/** A chance from 0 to 1, as a number or as an expression. What an expression gives beyond these bounds is cut off. */
export function compileChance(chance: number | string, pointer: string, problems: TaktError[]): Evaluate<number> {
  if (typeof chance === 'number') return () => chance;
  const evaluate = compile(chance.slice(1), pointer, problems, (expression, draw) => expression.evaluate(draw.scope, env(draw)));
  return (draw) => {
    const value = evaluate(draw);
    if (typeof value === 'number') return Math.min(1, Math.max(0, value));
    throw new TaktError('SIMULATION_INVALID', { pointer, message: 'The chance is not a number.', hint: 'Give a number from 0 to 1.' });
  };
}

function compile<T>(
  source: string,
  pointer: string,
  problems: TaktError[],
  run: (expression: Expression, draw: Draw) => T,
): Evaluate<T | undefined> {
  try {
    const expression = compileExpression(source);
    return (draw) => {
      try {
        return run(expression, draw);
      } catch (error) {
        throw asTaktError(error).at({ pointer });
      }
    };
  } catch (error) {
    problems.push(asTaktError(error).at({ pointer }));
    return () => undefined;
  }
}

const env = ({ now, random }: Draw): { now: number; random: () => number } => ({ now, random: () => random.next() });

/** An expression gives plain JSON or nothing; the compiler learns it here. */
const asJson = (value: unknown): Json | undefined => value as Json | undefined;
