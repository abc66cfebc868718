import { type Ast, child, left } from './ast.ts';
import { allowItems, allowLength, charge, meter, step } from './budget.ts';
import type { Run } from './callable.ts';
import type { Compiler } from './compile.ts';
import { fail } from './failure.ts';
import type { Items } from './sequence.ts';
import { toText } from './text.ts';
import { deepEqual, isNumber, truthy } from './values.ts';

type Operation = (first: unknown, second: unknown, position: number | undefined) => unknown;

export function compileBinary(node: Ast, compiler: Compiler): Run {
  const first = compiler.compile(left(node));
  const second = compiler.compile(child(node.rhs, node));
  const token = String(node.value);
  if (token === 'and') return logical(first, second, false);
  if (token === 'or') return logical(first, second, true);
  const operation = OPERATIONS[token];
  if (operation === undefined) return compiler.literal(undefined);
  const position = node.position;
  const [one, other] = [compiler.constant(first), compiler.constant(second)];
  if (one !== undefined && other !== undefined && token !== '..') return folded(operation, one.value, other.value, position, compiler);
  return operate(operation, first, second, position);
}

function operate(operation: Operation, first: Run, second: Run, position: number | undefined): Run {
  return (input, frame) => {
    step();
    return operation(first(input, frame), second(input, frame), position);
  };
}

/** Two constants are put together once; an error among them is still an error of the evaluation. */
function folded(operation: Operation, first: unknown, second: unknown, position: number | undefined, compiler: Compiler): Run {
  if (typeof first === 'number' && typeof second === 'number') {
    const value = operation(first, second, position);
    return compiler.literal(value);
  }
  return operate(
    operation,
    () => first,
    () => second,
    position,
  );
}

function logical(first: Run, second: Run, decided: boolean): Run {
  return (input, frame) => {
    step();
    return truthy(first(input, frame)) === decided ? decided : truthy(second(input, frame));
  };
}

const isPlain = (value: unknown): value is number => Number.isFinite(value);

/** What is not plainly two numbers: nothing if one is missing, an error if one is something else. */
function checked(
  token: string,
  first: unknown,
  second: unknown,
  position: number | undefined,
  calculate: (first: number, second: number) => number,
): number | undefined {
  if (first !== undefined && !isNumber(first)) fail('T2001', { position, token, value: first });
  if (second !== undefined && !isNumber(second)) fail('T2002', { position, token, value: second });
  return first === undefined || second === undefined ? undefined : calculate(first, second);
}

function isComparable(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || value === undefined;
}

function comparison(
  token: string,
  numbers: (first: number, second: number) => boolean,
  texts: (first: string, second: string) => boolean,
): Operation {
  return (first, second, position) => {
    if (typeof first === 'number' && typeof second === 'number') return numbers(first, second);
    if (typeof first === 'string' && typeof second === 'string') {
      charge(Math.min(first.length, second.length) >> 3);
      return texts(first, second);
    }
    if (!isComparable(first) || !isComparable(second))
      fail('T2010', { position, token, value: isComparable(first) && first !== undefined ? second : first });
    if (first === undefined || second === undefined) return undefined;
    return fail('T2009', { position, token, value: first, value2: second });
  };
}

function range(first: unknown, second: unknown, position: number | undefined): unknown {
  if (first !== undefined && !Number.isInteger(first)) fail('T2003', { position, token: '..', value: first });
  if (second !== undefined && !Number.isInteger(second)) fail('T2004', { position, token: '..', value: second });
  if (typeof first !== 'number' || typeof second !== 'number' || first > second) return undefined;
  const count = second - first + 1;
  allowItems(count);
  charge(count);
  const items: Items = [];
  for (let number = first; number <= second; number++) items.push(number);
  items.sequence = true;
  return items;
}

function includes(first: unknown, second: unknown): boolean {
  if (first === undefined || second === undefined) return false;
  if (!Array.isArray(second)) return first === second;
  charge(second.length);
  return second.includes(first) && !Number.isNaN(first);
}

function concatenate(first: unknown, second: unknown): string {
  const start = first === undefined ? '' : toText(first);
  const end = second === undefined ? '' : toText(second);
  const length = start.length + end.length;
  if (length > 64 || length > meter.stringLength) allowLength(length);
  return start + end;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (first, second, position) =>
    isPlain(first) && isPlain(second) ? first + second : checked('+', first, second, position, (a, b) => a + b),
  '-': (first, second, position) =>
    isPlain(first) && isPlain(second) ? first - second : checked('-', first, second, position, (a, b) => a - b),
  '*': (first, second, position) =>
    isPlain(first) && isPlain(second) ? first * second : checked('*', first, second, position, (a, b) => a * b),
  '/': (first, second, position) =>
    isPlain(first) && isPlain(second) ? first / second : checked('/', first, second, position, (a, b) => a / b),
  '%': (first, second, position) =>
    isPlain(first) && isPlain(second) ? first % second : checked('%', first, second, position, (a, b) => a % b),
  '=': (first, second) => first !== undefined && second !== undefined && deepEqual(first, second),
  '!=': (first, second) => first !== undefined && second !== undefined && !deepEqual(first, second),
  '<': comparison(
    '<',
    (first, second) => first < second,
    (first, second) => first < second,
  ),
  '<=': comparison(
    '<=',
    (first, second) => first <= second,
    (first, second) => first <= second,
  ),
  '>': comparison(
    '>',
    (first, second) => first > second,
    (first, second) => first > second,
  ),
  '>=': comparison(
    '>=',
    (first, second) => first >= second,
    (first, second) => first >= second,
  ),
  '&': concatenate,
  '..': range,
  in: includes,
};

export function compileNegation(node: Ast, compiler: Compiler): Run {
  const run = compiler.compile(child(node.expression, node));
  const position = node.position;
  return (input, frame) => {
    step();
    const value = run(input, frame);
    if (value === undefined) return undefined;
    return isNumber(value) ? -value : fail('D1002', { position, token: '-', value });
  };
}
