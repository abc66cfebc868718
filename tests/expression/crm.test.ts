import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: Date.parse('2026-03-10T12:00:00Z'), random: () => 0 };
const evaluate = (source: string, input: unknown = {}): unknown => compileExpression(source).evaluate(input, env);

test.each<[string, unknown]>([
  ['$daysSince("2026-03-10")', 0],
  ['$daysSince("2026-03-09")', 1],
  ['$daysSince("2026-03-09T13:00:00Z")', 0],
  ['$daysSince("2026-03-09T13:00:00+03:00")', 1],
  ['$daysSince("2026-03-09 11:00")', 1],
  ['$daysSince("2026-03-11")', -1],
  ['$hoursSince("2026-03-10T10:30:00Z")', 1],
  ['$hoursSince("2026-03-10")', 12],
  ['$daysSince(missing)', undefined],
  ['due.$daysSince()', 9],
])('whole time since a moment: %s', (source, result) => {
  expect(evaluate(source, { due: '2026-03-01' })).toBe(result);
});

test.each(['yesterday', '2026-13-01', '10.03.2026', ''])('a text that is no date is an error: %s', (text) => {
  expect(() => evaluate('$daysSince(text)', { text })).toThrow('D3110');
});

test.each<[string, unknown]>([
  ['$normalizePhone("+7 (999) 123-45-67")', '+79991234567'],
  ['$normalizePhone("8 999 123-45-67", "RU")', '+79991234567'],
  ['$normalizePhone("020 7946 0018", "gb")', '+442079460018'],
  ['$normalizePhone("8 999 123-45-67")', undefined],
  ['$normalizePhone("+7 999")', undefined],
  ['$normalizePhone("+7 999 123 45 67", "__proto__")', undefined],
  ['$normalizePhone(missing)', undefined],
])('a phone number is told in one way: %s', (source, result) => {
  expect(evaluate(source)).toBe(result);
});

test.each<[string, unknown]>([
  ['$normalizeEmail("  Ann.Lee@Example.COM ")', 'ann.lee@example.com'],
  ['$normalizeEmail("ann@почта.рф")', 'ann@почта.рф'],
  ['$normalizeEmail("ann@example")', undefined],
  ['$normalizeEmail("ann lee@example.com")', undefined],
  ['$normalizeEmail("a@b@example.com")', undefined],
  ['$normalizeEmail("")', undefined],
])('an address is told in one way, or not at all: %s', (source, result) => {
  expect(evaluate(source)).toBe(result);
});

test('normalising twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.emailAddress(), (email) => {
      const once = evaluate('$normalizeEmail(email)', { email });
      fc.pre(typeof once === 'string');
      expect(evaluate('$normalizeEmail(email)', { email: once })).toBe(once);
    }),
  );
});
