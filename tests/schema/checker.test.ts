import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { checker } from '../../engine/schema/checker.ts';

const Part = Type.Object({ size: Type.Number({ default: 3 }) }, { $id: 'part', additionalProperties: false });
const Whole = Type.Object({ parts: Type.Array(Part) }, { $id: 'whole' });

it('a schema with an id is checked against by itself and within another, whichever comes first', () => {
  const whole = checker(() => Whole);
  const part = checker(() => Part);
  expect([whole({ parts: [{ size: 1 }] }), whole({ parts: [{ size: 'x' }] })]).toEqual([true, false]);
  expect([part({ size: 1 }), part({ size: 'x' })]).toEqual([true, false]);
  expect(checker(() => Whole)({ parts: [{ size: 2 }] })).toBe(true);
});

it('fills defaults in, and tells of the value that came last', () => {
  const check = checker<{ size: number }>(() => Part);
  const value: unknown = {};
  expect(check(value)).toBe(true);
  expect(value).toEqual({ size: 3 });
  expect(check.problems()).toEqual([]);
  expect(check({ size: 'x' })).toBe(false);
  expect(check.problems()).toMatchObject([{ pointer: '/size' }]);
  expect(check({ size: 1 })).toBe(true);
  expect(check.problems()).toEqual([]);
});

it('stops at the first problem where that is wanted', () => {
  const Two = Type.Object({ a: Type.Number(), b: Type.Number() });
  const all = checker(() => Two);
  const first = checker(() => Two, { allErrors: false });
  expect([all({}), first({})]).toEqual([false, false]);
  expect([all.problems().length, first.problems().length]).toEqual([2, 1]);
});

it.each([
  ['a type that there is not', { type: 'txt' }],
  ['a bound that is no number', { type: 'object', properties: { a: { type: 'number', minimum: 'x' } } }],
  ['a pattern that is none', { type: 'string', pattern: '(' }],
  ['a title that is no text', { title: 5 }],
])('a schema with %s is told when it is asked for', (_, schema) => {
  expect(() => checker(() => schema).checkSchema()).toThrow();
});
