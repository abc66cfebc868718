import { TaktError } from '../errors/index.ts';
import { analyse } from './analyse.ts';
import { closeMeter, type Limits, openMeter, type Surroundings } from './budget.ts';
import type { Run } from './callable.ts';
import { compileTree } from './compile.ts';
import { DataCalls, type EventCount } from './compile-data-call.ts';
import { toEvaluationError } from './failure.ts';
import { Frame } from './frame.ts';
import { library } from './functions/index.ts';
import { parse } from './parse.ts';
import { toPlain } from './plain.ts';
import { type Items, sequenceOf } from './sequence.ts';
import { truthy } from './values.ts';

/** What an evaluation may know of the world, and its bounds. */
export interface Environment extends Surroundings {
  /** The language of the workflow, so that templates take the same environment. No function writes words in a language so far. */
  readonly locale?: 'en' | 'ru';
  limits?: Partial<Limits>;
  /** Values for free $variables, by name without the dollar sign. Unknown ones are nothing. */
  variables?: Readonly<Record<string, unknown>>;
}

/** A compiled expression. It keeps no state between evaluations. */
export interface Expression {
  readonly source: string;
  /** Every dotted path that starts at the root input, e.g. ['record', 'score'], without repetition. */
  readonly paths: readonly (readonly string[])[];
  /** Names of the $functions used, without the dollar sign. */
  readonly functions: readonly string[];
  /** Names of free $variables (not functions), without the dollar sign. */
  readonly variables: readonly string[];
  /** What $eventCount is asked for: the caller loads it before and answers by the environment. */
  readonly eventCounts: readonly EventCount[];
  /** The segments that $inSegment is asked for. */
  readonly segments: readonly string[];
  /**
   * The plain JSON value, or undefined where nothing matched. It may share parts with the input, which is never changed.
   * Throws TaktError EXPR_RUNTIME, EXPR_BUDGET.
   */
  evaluate(input: unknown, env: Environment): unknown;
  /** As a condition: $boolean of the result; nothing is false. Throws as `evaluate`. */
  test(input: unknown, env: Environment): boolean;
}

class CompiledExpression implements Expression {
  readonly source: string;
  readonly paths: readonly (readonly string[])[];
  readonly functions: readonly string[];
  readonly variables: readonly string[];
  readonly eventCounts: readonly EventCount[];
  readonly segments: readonly string[];
  private readonly run: Run;

  constructor(source: string) {
    const tree = parse(source);
    const analysis = analyse(tree, (name) => library.has(name));
    this.source = source;
    this.paths = analysis.paths;
    this.functions = analysis.functions;
    this.variables = analysis.variables;
    const dataCalls = new DataCalls();
    this.run = compileTree(tree, analysis.bound, dataCalls);
    this.eventCounts = dataCalls.eventCounts;
    this.segments = dataCalls.segments;
  }

  evaluate(input: unknown, env: Environment): unknown {
    const outer = openMeter(env);
    try {
      return toPlain(this.run(asContext(input), new Frame({ root: input, variables: env.variables }, undefined)));
    } catch (thrown) {
      throw toEvaluationError(thrown);
    } finally {
      closeMeter(outer);
    }
  }

  test(input: unknown, env: Environment): boolean {
    const outer = openMeter(env);
    try {
      return truthy(this.run(asContext(input), new Frame({ root: input, variables: env.variables }, undefined)));
    } catch (thrown) {
      throw toEvaluationError(thrown);
    } finally {
      closeMeter(outer);
    }
  }
}

/** A document that is an array is one document, not many: it travels in a wrapper. */
function asContext(input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  const wrapper: Items = sequenceOf(input);
  wrapper.outerWrapper = true;
  return wrapper;
}

const CACHE_SIZE = 2_000;
/** Compiled expressions by source, the least recently used one first. They are pure, so sharing them is safe. */
const cache = new Map<string, Expression>();

/**
 * Compiles an expression (JSONata) for any number of evaluations.
 * Throws TaktError EXPR_SYNTAX with a column (from 1), EXPR_TOO_LARGE, EXPR_REFUSED, EXPR_ARGUMENT.
 */
export function compileExpression(source: string): Expression {
  const known = cache.get(source);
  if (known !== undefined) {
    cache.delete(source);
    cache.set(source, known);
    return known;
  }
  try {
    const compiled = new CompiledExpression(source);
    remember(source, compiled);
    return compiled;
  } catch (thrown) {
    // The parser and the compiler recurse: a full stack is an expression nested too deeply.
    if (thrown instanceof RangeError) throw new TaktError('EXPR_TOO_LARGE', { cause: thrown });
    throw toEvaluationError(thrown);
  }
}

function remember(source: string, compiled: Expression): void {
  const [oldest] = cache.keys();
  if (cache.size >= CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
  cache.set(source, compiled);
}
