/** The one door to libphonenumber: the numbering plans of all countries take 50 ms to load, so they come with the first number. */
import { createRequire } from 'node:module';
import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max';

export type { CountryCode } from 'libphonenumber-js/max';

const load = createRequire(import.meta.url);
type Plans = typeof import('libphonenumber-js/max');
let loaded: Plans | undefined;

function plans(): Plans {
  if (loaded) return loaded;
  const found: Plans = load('libphonenumber-js/max');
  loaded = found;
  return found;
}

interface Reading {
  /** Country of a number that is written without one. */
  defaultCountry?: CountryCode | undefined;
  /** Take a number out of a longer text? True where it is left out. */
  extract?: boolean;
}

/** The number in a text, valid or not; undefined where there is none. */
export function parsePhoneNumber(text: string, { defaultCountry, extract = true }: Reading = {}): PhoneNumber | undefined {
  return plans().parsePhoneNumberFromString(text, { ...(defaultCountry === undefined ? {} : { defaultCountry }), extract });
}

/** Whether it is a country (ISO 3166, two capitals) that numbers are known for. */
export const isPhoneCountry = (code: string): code is CountryCode => plans().isSupportedCountry(code);
