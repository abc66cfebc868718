import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: 0, random: () => 0 };
const evaluate = (source: string, input: unknown = {}): unknown => compileExpression(source).evaluate(input, env);

test.each<[string, unknown]>([
  ['$normalizePhone("+7 (999) 123-45-67")', '+79991234567'],
  ['$normalizePhone("8 999 123-45-67", "RU")', '+79991234567'],
  ['$normalizePhone("020 7946 0018", "gb")', '+442079460018'],
  ['$normalizePhone("8 999 123-45-67")', undefined],
  ['$normalizePhone("+7 999")', undefined],
  ['$normalizePhone("+7 999 123 45 67", "__proto__")', undefined],
  ['$normalizePhone(missing)', undefined],
  ['$map(["+7 999 123 45 67", "+44 20 7946 0018"], $normalizePhone)', ['+79991234567', '+442079460018']],
])('a phone number is told in one way: %s', (source, result) => {
  expect(evaluate(source)).toEqual(result);
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

test.each<[string, unknown]>([
  ['$domain("Ann@Example.COM")', 'example.com'],
  ['$domain("https://www.Acme.ru:8080/path?x=1#y")', 'acme.ru'],
  ['$domain("http://ann:secret@acme.ru")', 'acme.ru'],
  ['$domain("acme.co.uk/about")', 'acme.co.uk'],
  ['$domain("//acme.ru.")', 'acme.ru'],
  ['$domain("mailto:ann@acme.ru?subject=x")', 'acme.ru'],
  ['$domain("xn--80a1acny.xn--p1ai")', 'почта.рф'],
  ['$domain("ann@почта.рф")', 'почта.рф'],
  ['$domain("http://127.0.0.1/")', undefined],
  ['$domain("localhost")', undefined],
  ['$domain("a b.ru")', undefined],
  ['$domain("Ann <ann@acme.ru>")', undefined],
  ['$domain("-acme.ru")', undefined],
  ['$domain("")', undefined],
  ['$domain(missing)', undefined],
])('a domain is told in one way, or not at all: %s', (source, result) => {
  expect(evaluate(source)).toBe(result);
});

test.each<[string, unknown]>([
  ['$isFreeMail("Ann@Gmail.com")', true],
  ['$isFreeMail("ann@bk.ru")', true],
  ['$isFreeMail("yandex.kz")', true],
  ['$isFreeMail("ann@acme.ru")', false],
  ['$isFreeMail("ann@mail.acme.ru")', false],
  ['$isFreeMail("constructor")', false],
  ['$isFreeMail("")', false],
  ['$isFreeMail(missing)', undefined],
])('an address at a free mailbox is known: %s', (source, result) => {
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
