import type { Json } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { type CountryCode, isPhoneCountry, parsePhoneNumber } from '../text/phones.ts';
import { shown } from './problems.ts';
import { kindOf, refuse, type Site } from './site.ts';

/** Longest writing of a phone number, with its brackets and spaces. */
const MAX_PHONE = 64;
const MAX_EMAIL = 254;
const MAX_LOCAL = 64;

/** Checks the country of the context (ISO 3166, two letters). */
export function phoneCountry(country: string): CountryCode {
  if (isPhoneCountry(country)) return country;
  throw new TaktError('INPUT_INVALID', { message: `${shown(country)} is no country that phone numbers are known for.`, field: 'country' });
}

/** A phone number as E.164. A number without a country is one of the site's country; in Russia that covers 8 916 … and 7 916 … */
export function phone(value: Json, site: Site): string | undefined {
  const given = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof given !== 'string') return refuse(site, `A phone number is expected, not ${kindOf(value)}.`);
  const written = given.trim();
  const found = written.length <= MAX_PHONE ? parsePhoneNumber(written, { defaultCountry: site.country, extract: false }) : undefined;
  if (found === undefined || !found.isValid()) {
    return refuse(site, `${shown(given)} is not a phone number.`, 'Write it with its country code, such as +7 495 123-45-67.');
  }
  if (found.ext !== undefined) {
    return refuse(site, `${shown(given)} has an extension, which a number here cannot keep.`, 'Put the extension into a field of its own.');
  }
  return found.number;
}

const ATOM = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;
const LABEL = /^[\p{L}\p{M}\p{N}-]+$/u;

/**
 * An e-mail address, lower-case. Accepts what mail servers give out: dot-separated atoms (RFC 5322, also with letters
 * beyond ASCII, RFC 6531) at a domain of two labels or more; no quoted local parts, comments or address literals. Each part
 * is matched once by one character class, so the check is linear.
 */
export function email(value: Json, site: Site): string | undefined {
  if (typeof value !== 'string') return refuse(site, `An e-mail address is expected, not ${kindOf(value)}.`);
  const written = value.length <= MAX_EMAIL * 2 ? value.trim().normalize('NFC').toLowerCase().normalize('NFC') : '';
  if (!isEmail(written)) return refuse(site, `${shown(value)} is not an e-mail address.`, 'Write it as name@example.com.');
  return written;
}

function isEmail(address: string): boolean {
  const at = address.indexOf('@');
  if (at < 1 || at > MAX_LOCAL || address.length > MAX_EMAIL) return false;
  const labels = address.slice(at + 1).split('.');
  return (
    address
      .slice(0, at)
      .split('.')
      .every((atom) => ATOM.test(atom)) &&
    labels.length >= 2 &&
    labels.every((label) => label.length <= 63 && LABEL.test(label) && !label.startsWith('-') && !label.endsWith('-')) &&
    !/^\d+$/.test(labels[labels.length - 1] ?? '')
  );
}
