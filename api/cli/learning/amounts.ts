/** Amounts of money as people write them into tables. */
import { CURRENCIES } from '../../../engine/records/currency.ts';

export interface Amount {
  readonly amount: number;
  /** A code of ISO 4217; undefined of a bare amount. */
  readonly currency: string | undefined;
}

const SIGNS: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP', '₽': 'RUB', '₸': 'KZT', '₴': 'UAH', '₹': 'INR' };
const WRITTEN = /^([A-Za-z]{3}|[€$£₽₸₴₹])?\s*(-?\d[\d.,'\s]*)([A-Za-z]{3}|[€$£₽₸₴₹]|руб\.?)?$/;
/** A longer text is no amount. */
const LONGEST = 50;

/** `1500`, `1 500,50 ₽`, `EUR 1,500.50`; undefined where it is none, or in no currency that there is. */
export function readAmount(text: string): Amount | undefined {
  const [, before, digits, after] = (text.length <= LONGEST && WRITTEN.exec(text.trim())) || [];
  if (digits === undefined || (before !== undefined && after !== undefined)) return undefined;
  const amount = Number(decimal(digits.replaceAll(/['\s]/g, '')));
  if (!Number.isFinite(amount)) return undefined;
  const sign = before ?? after;
  if (sign === undefined) return { amount, currency: undefined };
  const currency = codeOf(sign);
  return currency === undefined ? undefined : { amount, currency };
}

/** The code of a currency that is written as a sign or a code. */
export function codeOf(text: string): string | undefined {
  const sign = text.trim();
  const code = sign.startsWith('руб') ? 'RUB' : (SIGNS[sign] ?? sign.toUpperCase());
  return CURRENCIES.has(code) ? code : undefined;
}

/** The last of two different marks is the decimal one; one alone is, unless it stands before three digits again and again or is a comma before three. */
function decimal(digits: string): string {
  const [comma, point] = [digits.lastIndexOf(','), digits.lastIndexOf('.')];
  if (comma >= 0 && point >= 0) return comma > point ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', '');
  if (/^-?\d{1,3}(,\d{3})+$/.test(digits)) return digits.replaceAll(',', '');
  if (/^-?\d{1,3}(\.\d{3}){2,}$/.test(digits)) return digits.replaceAll('.', '');
  return digits.replace(',', '.');
}
