import { TaktError } from '../errors/index.ts';
import { HELPERS } from './helpers/index.ts';
import type { PathSet, StaticScope } from './paths.ts';
import type { Scope } from './scope.ts';
import { syntaxError } from './syntax.ts';

/** A compiled expression of a template. */
export type Value = (scope: Scope) => unknown;

/** What the compilers share: the paths found so far. */
export interface Found {
  readonly required: PathSet;
  readonly optional: PathSet;
}

export type Strictness = 'strict' | 'lenient' | 'optional';

/** A literal, a variable or a helper in brackets. 'optional' also says that the variable may be absent (inside default). */
export function compileValue(node: hbs.AST.Expression, scope: StaticScope, found: Found, strictness: Strictness): Value {
  switch (node.type) {
    case 'StringLiteral':
    case 'NumberLiteral':
    case 'BooleanLiteral': {
      const { value } = node as hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral;
      return () => value;
    }
    case 'NullLiteral':
      return () => null;
    case 'UndefinedLiteral':
      return () => undefined;
    case 'PathExpression':
      return compileVariable(node as hbs.AST.PathExpression, scope, found, strictness);
    case 'SubExpression': {
      const call = node as hbs.AST.SubExpression;
      return compileHelper(call.path, call.params, call.hash, scope, found);
    }
    default:
      throw syntaxError(`${node.type} cannot stand here`, node.loc);
  }
}

/** A name alone is a helper if it is one, unless a loop has given that name to an item. */
export function isHelper(callee: hbs.AST.Expression | hbs.AST.Literal, scope: StaticScope): boolean {
  if (callee.type !== 'PathExpression') return false;
  const { original, data } = callee as hbs.AST.PathExpression;
  return !data && Object.hasOwn(HELPERS, original) && !isNamed(scope, original);
}

/** A call of a helper that makes a value. */
export function compileHelper(
  callee: hbs.AST.Expression,
  params: readonly hbs.AST.Expression[],
  hash: hbs.AST.Hash | undefined,
  scope: StaticScope,
  found: Found,
): Value {
  const name = (callee as hbs.AST.PathExpression).original;
  const helper = typeof name === 'string' ? HELPERS[name] : undefined;
  if (helper === undefined)
    throw syntaxError(`There is no helper ${JSON.stringify(name)}`, callee.loc, `Known are ${Object.keys(HELPERS).join(', ')}.`);
  if (hash !== undefined && hash.pairs.length > 0) throw syntaxError(`The helper ${name} takes no named arguments`, hash.loc);
  if (params.length < helper.least || params.length > helper.most) {
    throw syntaxError(
      `The helper ${name} takes ${helper.least === helper.most ? helper.least : `${helper.least} to ${helper.most}`} arguments`,
      callee.loc,
    );
  }
  const strictness: Strictness = name === 'default' ? 'optional' : helper.lenient ? 'lenient' : 'strict';
  const args = params.map((param) => compileValue(param, scope, found, strictness));
  const line = callee.loc.start.line;
  return (at) => {
    // A formatter takes as long as some twenty parts of text.
    at.output.charge(20);
    const { output } = at;
    const charge = (steps: number): void => output.charge(steps);
    return helper.call({ args: args.map((argument) => argument(at)), environment: output.environment, line, charge });
  };
}

/** A variable: parts after `this`, `..`, `@root`, `@index` or a name of `as |…|`. */
function compileVariable(node: hbs.AST.PathExpression, scope: StaticScope, found: Found, strictness: Strictness): Value {
  const parts = variableParts(node);
  const read = compileBase(node, parts, scope);
  (strictness === 'optional' ? found.optional : found.required).add(staticPath(node, parts, scope));
  const name = node.original;
  const line = node.loc.start.line;
  return (at) => {
    const value = read(at);
    if (value === undefined && strictness === 'strict') {
      throw new TaktError('TEMPLATE_MISSING', {
        message: `The template reads ${name}, which is not there`,
        hint: `Give a fallback: {{default ${name} "…"}}.`,
        line,
        field: name,
      });
    }
    return value;
  };
}

/** Strings only: parts that are calls do not exist for us. */
function variableParts(node: hbs.AST.PathExpression): string[] {
  return node.parts.map((part) => (typeof part === 'string' ? part : String(part)));
}

function compileBase(node: hbs.AST.PathExpression, parts: readonly string[], scope: StaticScope): Value {
  const [first, ...rest] = parts;
  if (node.data) {
    if (first === 'root') return (at) => follow(at.root.value, rest);
    if (first === undefined || !['index', 'key', 'first', 'last'].includes(first))
      throw syntaxError(`There is no @${first ?? ''}`, node.loc, 'Known are @root, @index, @key, @first and @last.');
    return (at) => loopData(up(at, node.depth), first);
  }
  const plain = node.depth === 0 && !/^(?:this\b|\.\/|\.$)/.test(node.original);
  if (plain && first !== undefined && isNamed(scope, first)) return (at) => follow(named(at, first), rest);
  const depth = node.depth;
  return (at) => follow(up(at, depth)?.value, parts);
}

function isNamed(scope: StaticScope, name: string): boolean {
  for (let at: StaticScope | undefined = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

function named(scope: Scope, name: string): unknown {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return at.names.get(name);
  return undefined;
}

function loopData(scope: Scope | undefined, name: string): unknown {
  for (let at = scope; at !== undefined; at = at.parent) if (at.data.has(name)) return at.data.get(name);
  return undefined;
}

function up(scope: Scope, depth: number): Scope | undefined {
  let at: Scope | undefined = scope;
  for (let level = 0; level < depth; level++) at = at?.parent;
  return at;
}

/** Own fields only. A field of null is null: its absence is known. */
function follow(start: unknown, parts: readonly string[]): unknown {
  let value = start;
  for (const part of parts) {
    if (value === null) return null;
    if (typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** The path from the root that a variable stands for, where that is known. */
function staticPath(node: hbs.AST.PathExpression, parts: readonly string[], scope: StaticScope): readonly string[] | undefined {
  const [first, ...rest] = parts;
  if (node.data) return first === 'root' ? rest : undefined;
  if (node.depth === 0 && first !== undefined && !/^(?:this\b|\.\/|\.$)/.test(node.original)) {
    for (let at: StaticScope | undefined = scope; at !== undefined; at = at.parent) {
      if (!at.names.has(first)) continue;
      const base = at.names.get(first);
      return base === undefined ? undefined : [...base, ...rest];
    }
  }
  let at: StaticScope | undefined = scope;
  for (let level = 0; level < node.depth; level++) at = at?.parent;
  return at?.path === undefined ? undefined : [...at.path, ...parts];
}

/** The same for any expression: only variables have a path. */
export function pathOf(node: hbs.AST.Expression, scope: StaticScope): readonly string[] | undefined {
  return node.type === 'PathExpression'
    ? staticPath(node as hbs.AST.PathExpression, variableParts(node as hbs.AST.PathExpression), scope)
    : undefined;
}
