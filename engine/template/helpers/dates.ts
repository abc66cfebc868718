import type { Temporal } from 'temporal-polyfill';
import { asTaktError, TaktError } from '../../errors/index.ts';
import { localAt, readMoment } from '../../time/written.ts';
import { dateFormat, relativeFormat } from './formats.ts';
import { type HelperCall, type Helpers, isBlank, refuse, show } from './helper.ts';

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  short: { dateStyle: 'short' },
  medium: { dateStyle: 'medium' },
  long: { dateStyle: 'long' },
  full: { dateStyle: 'full' },
  time: { timeStyle: 'short' },
  datetime: { dateStyle: 'medium', timeStyle: 'short' },
};

/** A date or a moment that a helper was given. */
interface Given {
  readonly ms: number;
  /** YYYY-MM-DD of a date alone, which no zone changes. */
  readonly date: string | undefined;
}

/** `{{date value "long"}}`: a date as it is written, a moment in the zone of the environment. */
function date(call: HelperCall): string {
  const [value, style = 'medium'] = call.args;
  if (isBlank(value)) return '';
  const options = typeof style === 'string' && Object.hasOwn(STYLES, style) ? STYLES[style] : undefined;
  if (options === undefined)
    return refuse(`The helper date does not know the style ${show(style)}`, call.line, `Choose one of ${Object.keys(STYLES).join(', ')}.`);
  return written(call, read('date', call), options);
}

/** `{{time value}}`: the time of day of a moment. */
function time(call: HelperCall): string {
  if (isBlank(call.args[0])) return '';
  const given = read('time', call);
  if (given.date !== undefined) return refuse(`${show(given.date)} has no time of day`, call.line, 'Give a date and time.');
  return written(call, given, { timeStyle: 'short' });
}

function written({ environment, line }: HelperCall, { ms, date: day }: Given, options: Intl.DateTimeFormatOptions): string {
  const timeZone = day === undefined ? (environment.timeZone ?? 'UTC') : 'UTC';
  return withZone(line, () =>
    dateFormat(environment.locale ?? 'en', { ...options, timeZone }).format(day === undefined ? ms : Date.parse(day)),
  );
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The largest unit of which at least one has passed is told; a month and a year are as long as on average. */
const UNITS = [
  ['year', 365.2425 * DAY],
  ['month', 30.436875 * DAY],
  ['week', 7 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

/** `{{relative value}}`: how long ago or how far ahead, in the largest whole unit; of a date by days of the calendar. */
function relative(call: HelperCall): string {
  if (isBlank(call.args[0])) return '';
  const { environment, line } = call;
  const locale = environment.locale ?? 'en';
  const { ms, date: day } = read('relative', call);
  const today = (): Temporal.PlainDate => localAt(environment.now, environment.timeZone ?? 'UTC').toPlainDate();
  // Between dates clocks do not matter: tomorrow is tomorrow at any time of day.
  const difference = day === undefined ? ms - environment.now : Date.parse(day) - Date.parse(withZone(line, today).toString());
  for (const [unit, length] of UNITS) {
    const count = Math.trunc(difference / length);
    if (count !== 0) return relativeFormat(locale, day !== undefined && unit === 'day' ? 'auto' : 'always').format(count, unit);
  }
  return relativeFormat(locale, 'auto').format(0, day === undefined ? 'second' : 'day');
}

function read(name: string, { args, environment, line }: HelperCall): Given {
  const [value] = args;
  if (value === 'now') return { ms: environment.now, date: undefined };
  if (typeof value === 'number' && Math.abs(value) <= 8.64e15) return { ms: value, date: undefined };
  const found = typeof value === 'string' ? withZone(line, () => readMoment(value, environment.timeZone ?? 'UTC')) : undefined;
  return found ?? refuse(`The helper ${name} cannot read ${show(value)}`, line, 'Give an ISO 8601 date or date and time.');
}

/** Work that asks the environment's zone, which may not exist. */
function withZone<T>(line: number, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { message } = asTaktError(cause);
    throw new TaktError('TEMPLATE_RUNTIME', { message, line, hint: 'Use an IANA name such as Europe/Moscow.', cause });
  }
}

export const dateHelpers: Helpers = {
  date: { least: 1, most: 2, lenient: false, call: date },
  time: { least: 1, most: 1, lenient: false, call: time },
  relative: { least: 1, most: 1, lenient: false, call: relative },
};
