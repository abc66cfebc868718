import { TaktError } from '../errors/index.ts';
import type { TemplateEnvironment } from './output.ts';

interface HelperCall {
  readonly args: readonly unknown[];
  readonly environment: TemplateEnvironment;
  readonly line: number;
}

/** A helper that makes a value. `least` and `most` bound its arguments; a lenient one takes variables that are missing. */
export interface Helper {
  readonly least: number;
  readonly most: number;
  readonly lenient: boolean;
  readonly call: (call: HelperCall) => unknown;
}

const DATE_STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { dateStyle: 'short' },
  medium: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  time: { timeStyle: 'short' },
  datetime: { dateStyle: 'medium', timeStyle: 'short' },
};

/** Making a formatter costs about 50 µs, using one 1 µs. */
const formatters = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
const MAX_FORMATTERS = 500;

function cached<Format extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => Format, kind: new () => Format): Format {
  const known = formatters.get(key);
  if (known instanceof kind) return known;
  const made = make();
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(key, made);
  return made;
}

function refuse(message: string, line: number, hint: string): never {
  throw new TaktError('TEMPLATE_RUNTIME', { message, line, hint });
}

function show(value: unknown): string {
  return (typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? 'an object' : String(value)).slice(0, 100);
}

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;

/** `{{date value "long"}}`: a date as it is written, a moment in the zone of the environment. */
function date({ args, environment, line }: HelperCall): string {
  const [value, style = 'medium'] = args;
  if (value === null || value === undefined || value === '') return '';
  const options = typeof style === 'string' && Object.hasOwn(DATE_STYLES, style) ? DATE_STYLES[style] : undefined;
  if (options === undefined)
    return refuse(`The helper date does not know the style ${show(style)}`, line, `Choose one of ${Object.keys(DATE_STYLES).join(', ')}.`);
  const moment = momentOf(value, environment.now);
  if (moment === undefined) return refuse(`The helper date cannot read ${show(value)}`, line, 'Give an ISO 8601 date or date and time.');
  const zone = moment.zoned ? (environment.timeZone ?? 'UTC') : 'UTC';
  const locale = environment.locale ?? 'en';
  const key = JSON.stringify(['date', locale, zone, style]);
  try {
    return cached(key, () => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }), Intl.DateTimeFormat).format(moment.millis);
  } catch (cause) {
    throw new TaktError('TEMPLATE_RUNTIME', {
      message: `The time zone ${show(zone)} is not known`,
      line,
      hint: 'Use an IANA name such as Europe/Moscow.',
      cause,
    });
  }
}

function momentOf(value: unknown, now: number): { millis: number; zoned: boolean } | undefined {
  if (value === 'now') return { millis: now, zoned: true };
  if (typeof value === 'number') return Math.abs(value) <= 8.64e15 ? { millis: value, zoned: true } : undefined;
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const zoned = !DATE_ONLY.test(value);
  if (zoned && !DATE_TIME.test(value)) return undefined;
  const millis = Date.parse(zoned && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(value) ? `${value}Z` : value);
  return Number.isNaN(millis) ? undefined : { millis, zoned };
}

function numeric(name: string, value: unknown, line: number): number | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^-?\d{1,30}(\.\d{1,30})?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : refuse(`The helper ${name} cannot read ${show(value)}`, line, 'Give a number.');
}

/** `{{number value 2}}`: with the separators of the locale; without digits up to three decimal places. */
function number({ args, environment, line }: HelperCall): string {
  const value = numeric('number', args[0], line);
  if (value === undefined) return '';
  const digits = args[1];
  if (digits !== undefined && !(typeof digits === 'number' && Number.isInteger(digits) && digits >= 0 && digits <= 20)) {
    return refuse(`The helper number cannot show ${show(digits)} decimal places`, line, 'Give a whole number from 0 to 20.');
  }
  const locale = environment.locale ?? 'en';
  const places = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return cached(JSON.stringify(['number', locale, digits]), () => new Intl.NumberFormat(locale, places), Intl.NumberFormat).format(value);
}

/** `{{money value "RUB"}}`: an amount in a currency (ISO 4217); cents only where there are any. */
function money({ args, environment, line }: HelperCall): string {
  const value = numeric('money', args[0], line);
  const currency = args[1];
  if (typeof currency !== 'string' || !/^[A-Za-z]{3}$/.test(currency))
    return refuse(`${show(currency)} is not a currency`, line, 'Give its three letters, such as RUB or EUR.');
  if (value === undefined) return '';
  const locale = environment.locale ?? 'en';
  const options = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const;
  return cached(JSON.stringify(['money', locale, currency]), () => new Intl.NumberFormat(locale, options), Intl.NumberFormat).format(value);
}

/** Helpers that make a value. `if`, `unless`, `each` and `with` are blocks and live in blocks.ts. */
export const HELPERS: Readonly<Record<string, Helper>> = Object.assign(Object.create(null) as Record<string, Helper>, {
  default: {
    least: 2,
    most: 2,
    lenient: true,
    call: ({ args }) => (args[0] === undefined || args[0] === null || args[0] === '' ? args[1] : args[0]),
  },
  eq: { least: 2, most: 2, lenient: true, call: ({ args }) => args[0] === args[1] },
  date: { least: 1, most: 2, lenient: false, call: date },
  number: { least: 1, most: 2, lenient: false, call: number },
  money: { least: 2, most: 2, lenient: false, call: money },
} satisfies Record<string, Helper>);
