import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileExpression } from '../../engine/expression/index.ts';

const env = { now: 0, random: () => 0 };
const input = {
  budget: { amount: 100, currency: 'USD' },
  rates: { RUB: 1, USD: 90.5, EUR: 100 },
  deals: [{ value: { amount: 10, currency: 'EUR' } }, { value: { amount: 905, currency: 'RUB' } }],
};
const evaluate = (source: string, data: unknown = input): unknown =>
  JSON.parse(JSON.stringify({ value: compileExpression(source).evaluate(data, env) })).value;

test.each<[string, unknown]>([
  ['$money(1500.5, "rub")', { amount: 1500.5, currency: 'RUB' }],
  ['$money(missing, "RUB")', undefined],
  ['$amount(budget)', 100],
  ['$amount(7)', 7],
  ['$amount(missing)', undefined],
  ['$sum(deals.value.$amount())', 915],
  ['$convert(budget, rates, "RUB")', { amount: 9050, currency: 'RUB' }],
  ['$convert($money(9050, "RUB"), rates, "usd")', { amount: 100, currency: 'USD' }],
  ['$convert(budget, {}, "USD")', { amount: 100, currency: 'USD' }],
  ['$convert(missing, rates, "RUB")', undefined],
  ['$convert(budget, missing, "RUB")', undefined],
  ['$sum($map(deals.value, function($v) { $amount($convert($v, $$.rates, "USD")) }))', 21.0497],
  ['$roundMoney($money(1.005, "USD"))', { amount: 1.01, currency: 'USD' }],
  ['$roundMoney($money(-1.005, "USD"))', { amount: -1.01, currency: 'USD' }],
  ['$roundMoney($money(100.5, "JPY"))', { amount: 101, currency: 'JPY' }],
  ['$roundMoney($money(1.23456, "KWD"))', { amount: 1.235, currency: 'KWD' }],
  ['$roundMoney(2.345)', 2.35],
  ['$roundMoney(-0.001)', 0],
  ['$roundMoney(missing)', undefined],
])('money is an amount with its currency: %s', (source, result) => {
  const value = evaluate(source);
  expect(typeof value === 'number' ? Number(value.toFixed(4)) : value).toEqual(result);
});

test.each<[string, string]>([
  ['$money(5, "XYZ")', 'D4005'],
  ['$money(5, "")', 'D4005'],
  ['$money(5, "__proto__")', 'D4005'],
  ['$amount({"sum": 5})', 'D4006'],
  ['$amount({"amount": "5", "currency": "RUB"})', 'D4006'],
  ['$amount("5")', 'T0410'],
  ['$convert(budget, {"RUB": 1}, "RUB")', 'D4007'],
  ['$convert(budget, {"USD": 90}, "RUB")', 'D4007'],
  ['$convert(budget, {"USD": 0, "RUB": 1}, "RUB")', 'D4007'],
  ['$convert(budget, {"USD": "90", "RUB": 1}, "RUB")', 'D4007'],
  ['$convert($money(1e300, "USD"), {"USD": 1e300, "RUB": 1}, "RUB")', 'D1001'],
])('what is no money has no amount: %s', (source, code) => {
  expect(() => evaluate(source)).toThrow(code);
});

test('rounding to the digits of a currency leaves nothing to round', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e11, max: 1e11, noNaN: true }), fc.constantFrom('RUB', 'JPY', 'KWD'), (amount, currency) => {
      const once = evaluate('$roundMoney($)', { amount, currency });
      expect(evaluate('$roundMoney($)', once)).toEqual(once);
      expect(Math.abs((once as { amount: number }).amount - amount)).toBeLessThanOrEqual(0.5);
    }),
  );
});
