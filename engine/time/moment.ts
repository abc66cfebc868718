/** Moments: from text to milliseconds, and moved by the calendar of a time zone. */
import { Temporal } from 'temporal-polyfill';
import { TaktError } from '../errors/index.ts';
import { parseSignedDuration } from './duration.ts';

const OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
/** Far enough for any contract, and inside what every store and every date library can hold. */
const YEARS = [1900, 9999] as const;
const DAY_MS = 86_400_000;
const MEAN_YEAR_DAYS = 365.2425;

/**
 * A moment in milliseconds since the epoch. A text without an offset is local time of `timezone` (in the repeated hour of autumn
 * the earlier one, in the skipped hour of spring as if the clock had not moved), a date alone is its first moment there.
 * Throws TaktError NODE_TIME.
 */
export function momentOf(text: string, timezone: string): number {
  return reading(text, () => inYears(zonedOf(written(text, timezone), timezone)));
}

/** What the clock of the zone shows at a moment; a text without an offset stands for itself. Throws TaktError NODE_TIME. */
export const localOf = (text: string, timezone: string): Temporal.PlainDateTime =>
  reading(text, () => {
    const moment = written(text, timezone);
    inYears(zonedOf(moment, timezone));
    return moment instanceof Temporal.PlainDateTime ? moment : moment.toPlainDateTime();
  });

export const isoOf = (ms: number): string => new Date(ms).toISOString();

/** What date triggers and waits are told: a date or instant, how far from it, and at which time of the resulting day. */
export interface DateOffset {
  /** ISO 8601: a date, a local date-time, or an instant with its offset. */
  date: string;
  /** A signed duration: `-P30D`, `P1D`, `-PT2H`, `PT0S`. */
  offset: string;
  /** Local time of the resulting day, `HH:MM`. */
  at?: string | undefined;
  timezone: string;
}

/**
 * The moment that lies `offset` from `date`, milliseconds. Weeks and days are days of the zone's calendar – the local time stays,
 * whatever the clock does between – and come first; hours, minutes and seconds are exact. `at` then sets the local time of the day that
 * was reached. A local time that the clock skips is as much later as the clock jumped; one that comes twice is the first.
 * Throws TaktError NODE_TIME (date, time of day, a result outside the years 1900 to 9999), INPUT_INVALID (offset).
 */
export function offsetDate({ date, offset, at, timezone }: DateOffset): number {
  return reading(date, () => moved(written(date, timezone), offset, at, timezone));
}

/**
 * The next anniversary of `date`, moved by `offset` as in {@link offsetDate}: the first such moment after `after`. The date itself counts
 * as the first one; nothing lies before it. The 29 February is kept on the 28th in years without one.
 * Throws as `offsetDate` does, also where none is left before the year 10000.
 */
export function yearlyNext({ date, offset, at, timezone }: DateOffset, after: number): number {
  return reading(date, () => {
    const first = written(date, timezone);
    const { days, ms } = parseSignedDuration(offset);
    const years = (days + ms / DAY_MS) / MEAN_YEAR_DAYS;
    const reached = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timezone).year;
    // A year early: the offset may lead over New Year. The result of a later year is always later.
    for (let year = Math.max(first.year, reached - Math.ceil(years) - 1); ; year++) {
      const moment = moved(first.with({ year }), offset, at, timezone);
      if (moment > after) return moment;
    }
  });
}

/** The local time of day `HH:MM`. Throws TaktError NODE_TIME. */
export function timeOfDay(text: string): Temporal.PlainTime {
  if (TIME_OF_DAY.test(text)) return Temporal.PlainTime.from(text);
  throw new TaktError('NODE_TIME', {
    message: `${JSON.stringify(text.slice(0, 20))} is not a time of day.`,
    hint: 'Write hours and minutes as 09:00.',
  });
}

function moved(from: Temporal.ZonedDateTime | Temporal.PlainDateTime, offset: string, at: string | undefined, timezone: string): number {
  const { days, ms } = parseSignedDuration(offset);
  // A local date-time gets its place on the time line only after its days: what the clock does on the way there must not count.
  const reached = zonedOf(from.add({ days }), timezone).add({ milliseconds: ms });
  return inYears(at === undefined ? reached : reached.withPlainTime(timeOfDay(at)));
}

/** An instant knows its place on the time line, in the zone; a local time does not yet. */
function written(text: string, timezone: string): Temporal.ZonedDateTime | Temporal.PlainDateTime {
  const trimmed = text.trim();
  return trimmed.includes('T') && OFFSET.test(trimmed)
    ? Temporal.Instant.from(trimmed).toZonedDateTimeISO(timezone)
    : Temporal.PlainDateTime.from(trimmed);
}

const zonedOf = (from: Temporal.ZonedDateTime | Temporal.PlainDateTime, timezone: string): Temporal.ZonedDateTime =>
  from instanceof Temporal.PlainDateTime ? from.toZonedDateTime(timezone) : from;

function inYears(moment: Temporal.ZonedDateTime): number {
  const { year } = moment.withTimeZone('UTC');
  if (year < YEARS[0] || year > YEARS[1]) throw new RangeError(`The year ${year} is out of bounds.`);
  return moment.epochMilliseconds;
}

/** Temporal's own errors name no place and no way out. */
function reading<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TaktError) throw cause;
    throw new TaktError('NODE_TIME', { message: `${JSON.stringify(text.slice(0, 60))} is not a moment.`, cause });
  }
}
