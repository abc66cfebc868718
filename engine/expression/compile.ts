import { TaktError } from '../errors/index.ts';
import { type Ast, child, left } from './ast.ts';
import { step } from './budget.ts';
import type { Run } from './callable.ts';
import { compileApply, compileCall, compileLambda, compilePartial } from './compile-call.ts';
import { compileArray, compileGroup, compileObject } from './compile-construct.ts';
import { type DataCalls, isDataFunction, refused } from './compile-data-call.ts';
import { compileBinary, compileNegation } from './compile-operator.ts';
import { compileFilter, compilePath, descendants, wildcard } from './compile-path.ts';
import { compileTransform } from './compile-transform.ts';
import { library } from './functions/index.ts';
import { compilePattern, Pattern } from './regex.ts';
import { isItems, settle, settleKeeping } from './sequence.ts';
import { lookup, truthy } from './values.ts';

/** What the compilers of the node kinds share. */
export interface Compiler {
  compile(node: Ast): Run;
  /** The value of a node that is the same at every evaluation, wrapped; undefined for all others. */
  constant(run: Run): { readonly value: unknown } | undefined;
  /** A node that always gives this value. Only for values that nobody can change. */
  literal(value: unknown): Run;
  readonly bound: ReadonlySet<string>;
  /** What the expression asks of the engine so far. */
  readonly dataCalls: DataCalls;
  /** Regular expressions so far: each takes time and memory to prepare. */
  patterns: number;
}

/** Nodes whose value is never a sequence and so needs no settling. */
const SCALARS: ReadonlySet<string> = new Set(['string', 'number', 'value', 'regex', 'lambda', 'partial', 'transform']);

function isScalar(node: Ast): boolean {
  const [only, second] = node.expressions ?? [];
  if (node.type === 'block') return only !== undefined && second === undefined && isScalar(only) && only.predicate === undefined;
  return SCALARS.has(node.type) || (node.type === 'binary' && node.value !== '..') || (node.type === 'unary' && node.value === '-');
}

/**
 * Compiles a syntax tree to closures, once. `bound` are the names that the expression itself binds; what it asks of the engine is
 * added to `dataCalls`. Throws TaktError EXPR_REFUSED, EXPR_ARGUMENT.
 */
export function compileTree(tree: Ast, bound: ReadonlySet<string>, dataCalls: DataCalls): Run {
  const constants = new WeakMap<Run, { value: unknown }>();
  const compiler: Compiler = {
    bound,
    dataCalls,
    patterns: 0,
    constant: (run) => constants.get(run),
    literal: (value) => {
      const run: Run = () => value;
      constants.set(run, { value });
      return run;
    },
    compile: (node) => {
      let run = compileBase(node, compiler);
      const filters = (node.predicate ?? []).map((stage) => compileFilter(child(stage.expr, node), compiler));
      if (filters.length > 0) run = filtered(run, filters);
      if (node.group !== undefined && node.type !== 'path') run = compileGroup(run, node.group, compiler);
      if (node.keepArray === true) return kept(run);
      if (node.type === 'path' && filters.length === 0) return run;
      return isScalar(node) && filters.length === 0 ? run : settled(run);
    },
  };
  return compiler.compile(tree);
}

function filtered(run: Run, filters: readonly ((input: unknown, frame: Parameters<Run>[1]) => unknown)[]): Run {
  return (input, frame) => {
    let value = run(input, frame);
    for (const filter of filters) value = filter(value, frame);
    return value;
  };
}

function kept(run: Run): Run {
  return (input, frame) => settleKeeping(run(input, frame));
}

function settled(run: Run): Run {
  return (input, frame) => settle(run(input, frame));
}

function compileBase(node: Ast, compiler: Compiler): Run {
  switch (node.type) {
    case 'path':
      return compilePath(node, compiler);
    case 'binary':
      return compileBinary(node, compiler);
    case 'unary':
      if (node.value === '[') return compileArray(node, compiler);
      return node.value === '{' ? compileObject(node, compiler) : compileNegation(node, compiler);
    case 'name': {
      const name = String(node.value);
      return (input) => {
        step();
        return lookup(input, name);
      };
    }
    case 'string':
    case 'number':
    case 'value':
      return compiler.literal(node.value);
    case 'wildcard':
      return wildcard;
    case 'descendant':
      return descendants;
    case 'parent': {
      const label = node.slot?.label ?? '';
      return (_input, frame) => frame.lookup(label);
    }
    case 'condition':
      return compileCondition(node, compiler);
    case 'block':
      return compileBlock(node, compiler);
    case 'bind':
      return compileBind(node, compiler);
    case 'regex':
      return compileRegex(node, compiler);
    case 'function':
      return compileCall(node, compiler);
    case 'variable':
      return compileVariable(node, compiler);
    case 'lambda':
      return compileLambda(node, compiler);
    case 'partial':
      return compilePartial(node, compiler);
    case 'apply':
      return compileApply(node, compiler);
    case 'transform':
      return compileTransform(node, compiler);
    default:
      // What the evaluator of reference does not know either has no value there.
      return compiler.literal(undefined);
  }
}

function compileCondition(node: Ast, compiler: Compiler): Run {
  const condition = compiler.compile(child(node.condition, node));
  const yes = compiler.compile(child(node.then, node));
  const no = node.else === undefined ? compiler.literal(undefined) : compiler.compile(node.else);
  const known = compiler.constant(condition);
  if (known !== undefined && typeof known.value !== 'number') return truthy(known.value) ? yes : no;
  return (input, frame) => {
    step();
    return truthy(condition(input, frame)) ? yes(input, frame) : no(input, frame);
  };
}

function compileBlock(node: Ast, compiler: Compiler): Run {
  const parts = node.expressions ?? [];
  const runs = parts.map((part) => compiler.compile(part));
  const [only] = runs;
  if (only === undefined) return compiler.literal(undefined);
  // A scope of its own matters only to a block that binds something directly.
  if (runs.length === 1 && parts.every((part) => part.type !== 'bind'))
    return compiler.constant(only) === undefined && bindsNothing(parts[0]) ? only : scoped(runs);
  return scoped(runs);
}

/** Nodes that bind nothing by themselves; what is nested in them has a scope of its own, or stands in none. */
const BINDS_NOTHING: ReadonlySet<string> = new Set(['path', 'name', 'string', 'number', 'value', 'variable', 'lambda']);

function bindsNothing(node: Ast | undefined): boolean {
  if (node?.type === 'binary') return bindsNothing(left(node)) && bindsNothing(node.rhs);
  return node !== undefined && BINDS_NOTHING.has(node.type);
}

function scoped(runs: readonly Run[]): Run {
  return (input, frame) => {
    step();
    const scope = frame.child();
    let value: unknown;
    for (const run of runs) value = run(input, scope);
    return value;
  };
}

function compileBind(node: Ast, compiler: Compiler): Run {
  const name = String(left(node).value);
  const run = compiler.compile(child(node.rhs, node));
  return (input, frame) => {
    step();
    const value = run(input, frame);
    frame.bind(name, value);
    return value;
  };
}

const MAX_PATTERNS = 50;

function compileRegex(node: Ast, compiler: Compiler): Run {
  if (++compiler.patterns > MAX_PATTERNS)
    throw new TaktError('EXPR_TOO_LARGE', { message: `The expression has more than ${MAX_PATTERNS} regular expressions` });
  const { source, flags } = node.value instanceof RegExp ? node.value : /(?:)/;
  const pattern = new Pattern(compilePattern(source, flags, node.position), source, node.position);
  return () => pattern;
}

function compileVariable(node: Ast, compiler: Compiler): Run {
  const name = String(node.value);
  if (name === '') return (input) => (isItems(input) && input.outerWrapper === true ? input[0] : input);
  if (name === '$') return (_input, frame) => frame.world.root;
  if (!compiler.bound.has(name)) {
    if (name === 'eval') {
      throw new TaktError('EXPR_REFUSED', {
        message: '$eval is not available: an expression cannot run text as an expression',
        hint: 'Write the expression itself, or choose between several with ? and :.',
        ...(node.position === undefined ? {} : { column: Math.max(1, node.position - name.length) }),
      });
    }
    if (isDataFunction(name)) throw refused(name, node.position);
    const builtIn = library.get(name);
    if (builtIn !== undefined) return compiler.literal(builtIn);
  }
  const builtIn = library.get(name);
  return (_input, frame) => {
    step();
    const value = frame.lookup(name);
    return value === undefined ? builtIn : value;
  };
}
