import type { FieldOf } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { compose } from '../text/compose.ts';
import { CURRENCIES } from './currency.ts';
import { decimalPlaces, plainZero, readDecimal } from './numbers.ts';
import { onlyKeys, own } from './objects.ts';
import { shown } from './problems.ts';
import { kindOf, refuse, type Site } from './site.ts';

export const MAX_TEXT = 1_000;
export const MAX_LONG_TEXT = 100_000;
/**
 * Largest amount of money. With at most four decimals it has 15 digits, so that every amount is exact as a double and
 * in `numeric` alike.
 */
export const MAX_AMOUNT = 99_999_999_999;
const MONEY_DECIMALS = 4;

/**
 * Text as it is stored: composed (NFC), so that a letter is one letter however the sender's system writes it. One-line
 * text loses the space around it.
 */
export function text(value: Json, site: Site, limit: number, trim: boolean): string | undefined {
  const given = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof given !== 'string') return refuse(site, `Text is expected, not ${kindOf(value)}.`);
  if (given.length > limit * 4) return refuse(site, `The text has ${given.length} characters.`, `Keep it within ${limit} characters.`);
  if (given.includes('\0')) return refuse(site, 'The text contains the character U+0000.', undefined, 'INPUT_NUL');
  if (!given.isWellFormed()) return refuse(site, 'The text contains half a character (a lone surrogate).', 'Send the text as valid UTF-8.');
  const composed = compose(given);
  const kept = trim ? composed.trim() : composed;
  if (kept.length > limit) return refuse(site, `The text has ${kept.length} characters.`, `Keep it within ${limit} characters.`);
  return kept;
}

export function number(value: Json, field: Pick<FieldOf<'number'>, 'min' | 'max' | 'integer'>, site: Site): number | undefined {
  const found = readNumber(value, site);
  if (found === undefined) return undefined;
  if (field.integer === true && !Number.isSafeInteger(found))
    return refuse(site, `${found} is not a whole number.`, 'Give a whole number.');
  if (field.min !== undefined && found < field.min) return refuse(site, `${found} is too small.`, `Give at least ${field.min}.`);
  if (field.max !== undefined && found > field.max) return refuse(site, `${found} is too large.`, `Give at most ${field.max}.`);
  return found;
}

function readNumber(value: Json, site: Site): number | undefined {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? plainZero(value) : refuse(site, `${value} is not a finite number.`);
  }
  if (typeof value !== 'string') return refuse(site, `A number is expected, not ${kindOf(value)}.`);
  return (
    readDecimal(value) ??
    refuse(site, `${shown(value)} is not a number that can be kept exactly.`, 'Write digits and a decimal point: 1234.5')
  );
}

const MONEY_KEYS = new Set(['amount', 'currency']);
const AMOUNT_WITH_CODE = /^(.{1,40}?)[ \u00a0]?([A-Za-z]{3})$/;

/** `{ amount, currency }`, a bare amount where the field has a currency of its own, or text such as "1500.50 EUR". */
export function money(value: Json, field: Pick<FieldOf<'money'>, 'currency'>, site: Site): JsonObject | undefined {
  const parts = moneyParts(value, site);
  if (parts === undefined) return undefined;
  const amount = readNumber(parts.amount, { ...site, pointer: parts.split ? `${site.pointer}/amount` : site.pointer });
  if (amount === undefined) return undefined;
  if (Math.abs(amount) > MAX_AMOUNT) return refuse(site, `The amount ${amount} is too large.`, `Keep amounts within ±${MAX_AMOUNT}.`);
  if (decimalPlaces(amount) > MONEY_DECIMALS) {
    return refuse(site, `The amount ${amount} has more than ${MONEY_DECIMALS} decimals.`, `Round it to ${MONEY_DECIMALS} decimals.`);
  }
  const given = parts.currency ?? field.currency;
  if (typeof given !== 'string') return refuse(site, 'The currency is missing.', 'Give { "amount": 1500.5, "currency": "EUR" }.');
  const currency = given.trim().toUpperCase();
  if (!CURRENCIES.has(currency)) return refuse(site, `${shown(given)} is not a currency.`, 'Give a code of ISO 4217, such as RUB or EUR.');
  return { amount, currency };
}

function moneyParts(value: Json, site: Site): { amount: Json; currency: Json; split: boolean } | undefined {
  if (typeof value === 'number') return { amount: value, currency: null, split: false };
  if (typeof value === 'string') {
    const trimmed = value.trim();
    const found = trimmed.length <= 50 ? AMOUNT_WITH_CODE.exec(trimmed) : null;
    return found === null
      ? { amount: value, currency: null, split: false }
      : { amount: found[1] ?? '', currency: found[2] ?? '', split: false };
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse(site, `Money is expected, not ${kindOf(value)}.`);
  if (!onlyKeys(value, MONEY_KEYS, site)) return undefined;
  return { amount: own(value, 'amount') ?? null, currency: own(value, 'currency') ?? null, split: true };
}

const YES = new Set(['true', 'yes', 'да', '1']);
const NO = new Set(['false', 'no', 'нет', '0']);

export function yesNo(value: Json, site: Site): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 1) return true;
  if (value === 0) return false;
  if (typeof value === 'string' && value.length <= 20) {
    const word = value.trim().toLowerCase();
    if (YES.has(word)) return true;
    if (NO.has(word)) return false;
  }
  return refuse(site, `${typeof value === 'string' ? shown(value) : kindOf(value)} is neither yes nor no.`, 'Give true or false.');
}

/** One of the options: by its id, else by its title in any case where exactly one has it. */
export function option(value: Json, field: Pick<FieldOf<'select' | 'multi_select'>, 'options'>, site: Site): string | undefined {
  if (typeof value !== 'string') return refuse(site, `One of the options is expected, not ${kindOf(value)}.`);
  const written = value.trim();
  if (field.options.some((entry) => entry.id === written)) return written;
  const low = written.length <= 200 ? written.toLowerCase() : '';
  const titled = field.options.filter((entry) => entry.title.toLowerCase() === low);
  const [only] = titled;
  if (only !== undefined && titled.length === 1) return only.id;
  const ids = field.options.slice(0, 20).map((entry) => entry.id);
  return refuse(
    site,
    `${shown(value)} is not an option.`,
    `Give one of: ${ids.join(', ')}${field.options.length > ids.length ? ', …' : ''}.`,
  );
}
