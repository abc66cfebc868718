import { CURRENCIES } from '../../records/currency.ts';
import { charge } from '../budget.ts';
import { fail } from '../failure.ts';
import { isNumber, isObject, type JsonObject, lookup, newObject } from '../values.ts';
import { define, type Functions } from './define.ts';
import { roundHalfUp } from './round.ts';

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Only a formatter knows in which digits a currency is paid, and making one takes 50 µs. */
const places = new Map<string, number>();

/** Digits after the decimal point (ISO 4217). */
function placesOf(currency: string): number {
  const known = places.get(currency);
  if (known !== undefined) return known;
  const found = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  places.set(currency, found);
  return found;
}

/** Throws D4005. */
function currencyOf(code: string): string {
  const currency = code.length === 3 ? code.toUpperCase() : '';
  return CURRENCIES.has(currency)
    ? currency
    : fail('D4005', { value: code, hint: 'Give the three letters of ISO 4217, such as RUB or EUR.' });
}

function toObject({ amount, currency }: Money): JsonObject {
  return Object.assign(newObject(), { amount, currency });
}

/** Throws D4005, D4006. */
function moneyOf(value: unknown): Money {
  charge(10);
  const amount = lookup(value, 'amount');
  const currency = lookup(value, 'currency');
  if (!isObject(value) || !isNumber(amount) || typeof currency !== 'string')
    return fail('D4006', { value, hint: 'Give a money field, or make one with $money(amount, currency).' });
  return { amount, currency: currencyOf(currency) };
}

function money(amount: number | undefined, currency: string | undefined): JsonObject | undefined {
  if (amount === undefined || currency === undefined) return undefined;
  return toObject({ amount, currency: currencyOf(currency) });
}

function amountOf(value: unknown): number | undefined {
  return value === undefined || typeof value === 'number' ? value : moneyOf(value).amount;
}

/** amount × price of its currency ÷ price of the other. `rates` holds the price of one unit of each currency, all in one of them. */
function convert(value: unknown, rates: JsonObject | undefined, target: string | undefined): JsonObject | undefined {
  if (value === undefined || rates === undefined || target === undefined) return undefined;
  const { amount, currency } = moneyOf(value);
  const wanted = currencyOf(target);
  const priceOf = (code: string): number => {
    const price = lookup(rates, code);
    if (isNumber(price) && price > 0) return price;
    return fail('D4007', { value: code, hint: 'Give the price of one unit of each currency; the one in which they are priced has 1.' });
  };
  return toObject({ amount: currency === wanted ? amount : (amount * priceOf(currency)) / priceOf(wanted), currency: wanted });
}

/** To the digits in which the currency is paid; a bare number to two. Halves are rounded away from zero, as in trade. */
function roundMoney(value: unknown): unknown {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return roundHalfUp(value, 2);
  const { amount, currency } = moneyOf(value);
  return toObject({ amount: roundHalfUp(amount, placesOf(currency)), currency });
}

/** Money as records hold it: `{ amount, currency }`. */
export const moneyFunctions: Functions = {
  money: define('<n-s:o>', 1, money),
  amount: define('<(no)-:n>', 1, amountOf),
  convert: define('<o-os:o>', 1, convert),
  roundMoney: define('<(no)-:x>', 1, roundMoney),
};
