import { Temporal } from 'temporal-polyfill';
import { TaktError } from '../errors/index.ts';

const MOMENT =
  /^(?<date>(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2}))(?:[T ](?<time>(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(?<offset>Z|[+-]\d{2}:?\d{2})?)?$/;
const LONGEST = 40;

/** A point in time as it was written. */
export interface Moment {
  /** Milliseconds since the epoch; of a date alone its first moment in the zone. */
  readonly ms: number;
  /** YYYY-MM-DD where a date alone was written. */
  readonly date: string | undefined;
}

/**
 * Reads an ISO 8601 date or date and time. What names no offset is local time of `zone`: in the hour that clocks repeat the
 * first one, in the hour that they skip as if they had not moved. Undefined for any other text and for days that no calendar has.
 * Throws TaktError TIMEZONE_UNKNOWN.
 */
export function readMoment(text: string, zone: string): Moment | undefined {
  const parts = text.length <= LONGEST ? MOMENT.exec(text)?.groups : undefined;
  if (parts === undefined) return undefined;
  const { date = '', time, offset, year, month, day } = parts;
  const midnight = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCMonth() + 1 !== Number(month) || midnight.getUTCDate() !== Number(day))
    return undefined;
  const written = `${date}T${time ?? '00:00'}`;
  const ms = Date.parse(`${written}${offset ?? 'Z'}`);
  if (Number.isNaN(ms) || Number(year) < 1) return undefined;
  const local = offset === undefined && zone !== 'UTC';
  return { ms: local ? inZone(zone, () => instantOf(written, zone)) : ms, date: time === undefined ? date : undefined };
}

function instantOf(written: string, zone: string): number {
  return Temporal.PlainDateTime.from(written).toZonedDateTime(zone).epochMilliseconds;
}

/** The calendar and the clock of a zone at a moment. Throws TaktError TIMEZONE_UNKNOWN. */
export function localAt(ms: number, zone: string): Temporal.ZonedDateTime {
  return inZone(zone, () => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone));
}

export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** The first day of the day's week (Monday), month, quarter or year. */
export function firstDay(date: Temporal.PlainDate, unit: CalendarUnit): Temporal.PlainDate {
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 });
    case 'month':
      return date.with({ day: 1 });
    case 'quarter':
      return date.with({ month: date.month - ((date.month - 1) % 3), day: 1 });
    case 'year':
      return date.with({ month: 1, day: 1 });
  }
}

function inZone<T>(zone: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new TaktError('TIMEZONE_UNKNOWN', { message: `"${zone.slice(0, 64)}" is not a time zone.`, cause });
  }
}
