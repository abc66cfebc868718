/** Functions whose answers the engine loads before: what they ask is known from the expression alone. */
import { expect, test } from 'vitest';
import { compileExpression, type Environment } from '../../engine/expression/index.ts';
import { refusal } from '../support/refusal.ts';

const DAY = 86_400_000;
const env: Environment = {
  now: 0,
  random: () => 0,
  eventCount: (type, withinMs) => (type === 'message.opened' ? (withinMs ?? 100 * DAY) / DAY : 0),
  inSegment: (id) => id === 'vip',
};

test.each<[string, unknown]>([
  ['$eventCount("message.opened")', 100],
  ['$eventCount("message.opened", "P7D")', 7],
  ['$eventCount("message.opened", "P1W") + $eventCount("call.missed")', 7],
  ['$inSegment("vip")', true],
  ['$not($inSegment("cold"))', true],
  ['[1, 2].($ + $eventCount("message.opened", "P1D"))', [2, 3]],
  ['(function() { $eventCount("message.opened") })()', 100],
  ['($f := function($n) { $n = 0 ? $inSegment("vip") : $f($n - 1) }; $f(3))', true],
])('the environment answers: %s', (source, result) => {
  expect(compileExpression(source).evaluate({}, env)).toEqual(result);
});

test('an expression lists what it asks for, each question once, also in branches that are not taken', () => {
  const { eventCounts, segments, functions } = compileExpression(
    `$eventCount("a") > 1 and $eventCount("a", "P1D") > 1 and $eventCount("a") > 2
     ? $map([1], function($x) { $eventCount("b", "PT12H") }) : false ? $inSegment("vip") : ($inSegment("vip") ?? $inSegment("cold"))`,
  );
  expect(eventCounts).toEqual([{ type: 'a' }, { type: 'a', within: 'P1D' }, { type: 'b', within: 'PT12H' }]);
  expect(segments).toEqual(['vip', 'cold']);
  expect(functions).toEqual(expect.arrayContaining(['eventCount', 'inSegment']));
});

test('other expressions ask for nothing', () => {
  expect(compileExpression('a + $sum(b)')).toMatchObject({ eventCounts: [], segments: [] });
});

test.each([
  '$eventCount()',
  '$eventCount(type)',
  '$eventCount("a" & "b")',
  '$eventCount("")',
  '$eventCount("a", within)',
  '$eventCount("a", "P1D", "b")',
  '$eventCount(1)',
  '$inSegment()',
  '$inSegment(record.segment)',
  '$inSegment("a", "b")',
  '$map(["vip"], $inSegment)',
  '"vip" ~> $inSegment',
  '"vip" ~> $inSegment()',
  '$eventCount(?, "P1D")',
  '($f := $eventCount; $f("a"))',
  '(function() { $eventCount(type) })()',
])('arguments that only the evaluation would know are refused, with the way out: %s', (source) => {
  const error = refusal(() => compileExpression(source));
  expect(error.code).toBe('EXPR_ARGUMENT');
  expect(error.hint).toMatch(/\$(eventCount|inSegment)\("/);
  expect(error.place.column).toBeGreaterThan(0);
});

test.each(['1 day', 'P1M', '-P1D', ''])('a length of time that is none is refused before anything runs: %j', (within) => {
  expect(refusal(() => compileExpression(`$eventCount("a", "${within}")`)).code).toBe('EXPR_ARGUMENT');
});

test('where the data is not loaded, the evaluation says so', () => {
  for (const source of ['$eventCount("a")', '$inSegment("vip")']) {
    const error = refusal(() => compileExpression(source).evaluate({}, { now: 0, random: () => 0 }));
    expect(error.code).toBe('EXPR_RUNTIME');
    expect(error.message).toContain('not loaded here');
  }
});

test('a function of one’s own may have the name and asks the engine for nothing', () => {
  const own = compileExpression('($eventCount := function($x) { $x }; $eventCount("a" & "b"))');
  expect(own.evaluate({}, env)).toBe('ab');
  expect(own.eventCounts).toEqual([]);
  expect(() => compileExpression('($eventCount(x); $f := function($eventCount) { 1 })').evaluate({ x: 'a' }, env)).toThrow('T1006');
});
