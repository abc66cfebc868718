import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { charge, chargeText, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { define, type Functions } from './define.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A date (UTC midnight) or a date and time with its offset; without one it is UTC. */
const DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
/** One @, a domain with a dot, no spaces. The only proof of an address is a mail that arrives. */
const EMAIL = /^[^\s@"<>(),:;[\]\\]{1,64}@(?:[^\s@.,]{1,63}\.){1,8}[^\s@.,\d][^\s@.,]{0,62}$/;

function since(unit: number): (moment: string | undefined) => number | undefined {
  return (moment) => {
    if (moment === undefined) return undefined;
    charge(10);
    const found = moment.length <= 40 ? DATE.exec(moment) : null;
    if (found === null) return fail('D3110', { value: moment });
    const millis = Date.parse(moment.length > 10 && found[1] === undefined ? `${moment.replace(' ', 'T')}Z` : moment.replace(' ', 'T'));
    if (Number.isNaN(millis)) return fail('D3110', { value: moment });
    return Math.floor((meter.now - millis) / unit);
  };
}

/** E.164, or nothing if it is no valid number. A national number needs its country (two letters). */
function normalizePhone(text: string | undefined, country: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  charge(500);
  if (text.length > 64) return undefined;
  const code = country?.toUpperCase();
  if (code !== undefined && !isSupportedCountry(code)) return undefined;
  const phone = parsePhoneNumberFromString(text, code as CountryCode | undefined);
  return phone?.isValid() === true ? phone.number : undefined;
}

function normalizeEmail(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  chargeText(text);
  const address = text.trim().toLowerCase();
  return address.length <= 254 && EMAIL.test(address) ? address : undefined;
}

/** What the language lacks for work with customers. */
export const crmFunctions: Functions = {
  daysSince: define('<s-:n>', 1, since(DAY)),
  hoursSince: define('<s-:n>', 1, since(HOUR)),
  normalizePhone: define('<s-s?:s>', 2, normalizePhone),
  normalizeEmail: define('<s-:s>', 1, normalizeEmail),
};
