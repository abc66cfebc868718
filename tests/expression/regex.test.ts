import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: 0, random: () => 0 };
const evaluate = (source: string, input: unknown = {}): unknown => compileExpression(source).evaluate(input, env);

test.each<[string, unknown]>([
  ['$match("ab12cd3", /([a-z]+)(\\d+)/).groups', ['ab', '12', 'cd', '3']],
  ['$match("ab", /(a)|(b)/).index', [0, 1]],
  ['$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")', 'Smith, John'],
  ['$replace("265USD", /([0-9]+)USD/, "$$$1")', '$265'],
  ['$replace("abc", /b/, function($m) { $uppercase($m.match) })', 'aBc'],
  ['$split("a, b;c", /[,;]\\s*/)', ['a', 'b', 'c']],
  ['$contains("MOSCOW", /^mos/i)', true],
  ['$contains("a\\nb", /^b$/m)', true],
  ['$contains("a\\u00a0b", /a\\sb/)', true],
  ['$contains("a\\rb", /a.b/)', false],
  ['$contains("ж", /\\u0436/)', true],
  ['$contains("Ж", /ж/i)', true],
  ['$match("año", /(?<letter>ñ)/).index', 1],
  ['$match("x😀y", /y/).index', 3],
  ['$replace("a/b", /\\//, "-")', 'a-b'],
])('a regular expression works as in JavaScript: %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
});

test('a pattern that matches nothing again and again is an error, not a loop', () => {
  expect(() => evaluate('$replace("abc", /x*/, "-")')).toThrow('D1004');
});

test.each([
  ['a.*x|a', 3_000],
  ['(?:(?:a|b)?(?:a|c)?){100}.*x|a', 500],
  ['(?:(?:a|b)?(?:a|c)?){190}.*x|a', 500],
])('a pattern whose every search reads to the end is stopped: %s on %i characters', (pattern, length) => {
  expect(() => evaluate(`$match(text, /${pattern}/)`, { text: 'a'.repeat(length) })).toThrow('takes too long on this text');
});

test('matches are those that JavaScript finds', () => {
  const atom = fc.constantFrom('a', 'b', '(?:a\\b)', '.', '\\d', '\\w', '\\s', '[ab]', '[^a]', '(a|b)', '(?:ab)', '\\.', '[\\s\\d]');
  const pattern = fc
    .array(fc.tuple(atom, fc.constantFrom('', '+', '?', '{1,2}', '+?')), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.map((part) => part.join('')).join(''));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '.', 'é', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, text, (source, subject) => {
      const expected = [...subject.matchAll(new RegExp(source, 'g'))];
      fc.pre(expected.every((match) => match[0] !== ''));
      const found = evaluate(`$match(text, /${source}/)[].{"m": match, "i": index}`, { text: subject }) ?? [];
      expect(found).toEqual(expected.map((match) => ({ m: match[0], i: match.index })));
    }),
    { numRuns: 500 },
  );
});
