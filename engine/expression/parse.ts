import jsonata from 'jsonata';
import { TaktError } from '../errors/index.ts';
import { type Ast, assertNode, eachChild } from './ast.ts';
import { Failure } from './failure.ts';
import { describeFailure } from './messages.ts';

const MAX_SOURCE = 10_000;
const MAX_AST_DEPTH = 500;
/** The parser copies the left side of `?:` and `??`; nested ones double it each time. This bounds the copies. */
const MAX_COPIED = 200_000;

/** Throws TaktError EXPR_SYNTAX with a column, EXPR_TOO_LARGE. */
export function parse(source: string): Ast {
  if (source.length > MAX_SOURCE) {
    throw new TaktError('EXPR_TOO_LARGE', { message: `The expression has ${source.length} characters; at most ${MAX_SOURCE} are allowed` });
  }
  if (2 ** defaultNesting(source) * source.length > MAX_COPIED) {
    throw new TaktError('EXPR_TOO_LARGE', { message: 'The operators ?: and ?? are nested too deeply on their left side' });
  }
  // The parser's own types leave most fields out; the shape is described in ast.ts and checked by the conformance suite.
  let tree: unknown;
  try {
    tree = jsonata(source).ast();
  } catch (thrown) {
    throw toSyntaxError(thrown, source);
  }
  checkTree(tree, 0);
  return tree;
}

function checkTree(node: unknown, depth: number): asserts node is Ast {
  assertNode(node);
  if (depth > MAX_AST_DEPTH)
    throw new TaktError('EXPR_TOO_LARGE', { message: `The expression is nested more than ${MAX_AST_DEPTH} levels deep` });
  if (node.type === 'condition' && node.condition !== undefined && node.then !== undefined) restorePatterns(node.condition, node.then);
  eachChild(node, (part) => checkTree(part, depth + 1));
}

/** For `a ?: b` the parser makes the condition by a JSON copy of `a`, in which regular expressions are lost; `a` itself has them. */
function restorePatterns(condition: Ast, intact: Ast): void {
  const patterns = (root: Ast): Ast[] => {
    const found: Ast[] = [];
    const visit = (node: Ast): void => {
      if (node.type === 'regex') found.push(node);
      eachChild(node, visit);
    };
    visit(root);
    return found;
  };
  const lost = patterns(condition);
  if (!lost.some((node) => !(node.value instanceof RegExp))) return;
  const kept = patterns(intact);
  for (const [index, node] of lost.entries()) if (!(node.value instanceof RegExp)) node.value = kept[index]?.value;
}

/**
 * How deeply `?:` and `??` are nested in their left operands, never too low. Brackets and texts are followed; where a
 * slash leaves open whether a regular expression begins, every operator counts as nested.
 */
function defaultNesting(source: string): number {
  const total = source.match(/\?[:?]/g)?.length ?? 0;
  if (total < 2) return total;
  const levels = [{ own: 0, inner: 0 }];
  for (let index = 0; index < source.length; index++) {
    const character = source.charAt(index);
    const level = levels.at(-1);
    if (level === undefined) return total;
    if (character === '"' || character === "'" || character === '`') {
      for (index++; index < source.length && source.charAt(index) !== character; index++)
        if (source.charAt(index) === '\\' && character !== '`') index++;
    } else if (character === '/' && source.charAt(index + 1) === '*') {
      const end = source.indexOf('*/', index + 2);
      if (end === -1) return total;
      index = end + 1;
    } else if (character === '/') return total;
    else if ('([{'.includes(character)) levels.push({ own: 0, inner: 0 });
    else if (')]}'.includes(character)) {
      levels.pop();
      const around = levels.at(-1);
      if (around === undefined) return total;
      around.inner = Math.max(around.inner, level.own, level.inner);
    } else if (character === '?' && /[:?]/.test(source.charAt(index + 1))) {
      level.own = Math.max(level.own, level.inner + 1);
      index++;
    }
  }
  return Math.max(...levels.map((level) => Math.max(level.own, level.inner)));
}

const HINTS: Readonly<Record<string, string>> = {
  S0101: 'Close the text with the same quote that opens it.',
  S0201: 'Look for a missing operator, comma or bracket just before the column named.',
  S0202: 'Look for a missing bracket or comma just before the column named.',
  S0203: 'Close the bracket that is still open.',
  S0207: 'Something is missing at the end: an operand or a closing bracket.',
  S0211: 'Comparison is =, not ==; "not" is written $not(…).',
  S0302: 'A division needs something on its left side; a regular expression ends with a slash.',
};

function toSyntaxError(thrown: unknown, source: string): TaktError {
  if (thrown instanceof TaktError) return thrown;
  if (thrown instanceof RangeError) return new TaktError('EXPR_TOO_LARGE', { cause: thrown });
  const { code, position, token, value } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>;
  if (typeof code !== 'string') {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new TaktError('EXPR_SYNTAX', { message: `The expression cannot be read: ${message}`, cause: thrown, column: 1 });
  }
  const failure = new Failure(code, { value, ...(typeof token === 'string' ? { token } : {}) });
  const column = Math.min(typeof position === 'number' ? Math.max(position, 1) : 1, source.length + 1);
  const hint = HINTS[code];
  return new TaktError('EXPR_SYNTAX', {
    message: `${code}: ${describeFailure(failure)} (column ${column})`,
    column,
    cause: failure,
    ...(hint === undefined ? {} : { hint }),
  });
}
