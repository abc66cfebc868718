import { expect, test } from 'vitest';
import type { TaktError } from '../../engine/errors/index.ts';
import { compileExpression } from '../../engine/expression/index.ts';
import { refusal } from '../support/refusal.ts';

const env = { now: 0, random: () => 0 };

const compiling = (source: string): TaktError => refusal(() => compileExpression(source));
const running = (source: string, input: unknown = {}): TaktError => refusal(() => compileExpression(source).evaluate(input, env));

test.each([
  ['a == b', 4],
  ['record.score >', 14],
  ['"abc', 4],
  ['(1 + 2', 6],
  ['', 1],
  ['a[1', 3],
  ['function(x) { 1 }', 10],
])('an expression that cannot be read names the column: %s', (source, column) => {
  const error = compiling(source);
  expect(error.code).toBe('EXPR_SYNTAX');
  expect(error.place.column).toBe(column);
  expect(error.hint).not.toBe('');
});

test.each([
  ['"a" + 1', 'T2001', 5],
  ['1 + "a"', 'T2002', 3],
  ['1 < "a"', 'T2009', 3],
  ['true < 1', 'T2010', 6],
  ['-"a"', 'D1002', 1],
  ['{1: 2}', 'T1003', 1],
  ['$sum("a")', 'T0412', 5],
  ['$foo(1)', 'T1006', 5],
  ['sum(1)', 'T1005', 4],
  ['$number("x")', 'D3030', 8],
  ['$error("no owner")', 'D3137', 7],
  ['[1.5..2]', 'T2003', 6],
  ['1 ~> 2', 'T2006', 4],
])('an evaluation that fails says why and where: %s', (source, code, column) => {
  const error = running(source);
  expect(error.code).toBe('EXPR_RUNTIME');
  expect(error.message).toMatch(new RegExp(`^${code}: `));
  expect(error.place.column).toBe(column);
});

test('the text of $error reaches the reader', () => {
  expect(running('$error("no owner")').message).toBe('D3137: no owner');
});

test.each(['$eval("1 + 1")', '$f := $eval', '$map(["1"], $eval)', 'a ~> $eval', '$eval(?, 1)'])(
  '$eval is refused before anything runs: %s',
  (source) => {
    expect(compiling(source).code).toBe('EXPR_REFUSED');
  },
);

test('a function of one’s own may be called $eval', () => {
  expect(compileExpression('($eval := function($x) { $x }; $eval("1 + 1"))').evaluate({}, env)).toBe('1 + 1');
});

test.each([
  '/a(?=b)/',
  '/a(?!b)/',
  '/(?<=a)b/',
  '/(?<!a)b/',
  '/(a)\\1/',
  '/(?<x>a)\\k<x>/',
  '/(a{1,99}){99}/',
  '/(?:[a-z]{90}[0-9]{90}){12}/',
])('a regular expression that does not run in linear time is refused with a way out: %s', (source) => {
  const error = compiling(`$contains(x, ${source})`);
  expect(error.code).toBe('EXPR_REFUSED');
  expect(error.hint.length).toBeGreaterThan(10);
});

test('an escaped bracket or a class with a question mark is no look-ahead', () => {
  expect(compileExpression('$contains("(?=", /\\(\\?=/)').evaluate({}, env)).toBe(true);
  expect(compileExpression('$contains("a=", /[(?=)]/)').evaluate({}, env)).toBe(true);
});
