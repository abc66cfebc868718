/** Days as whole numbers since 1970-01-01 in a time zone, and the months that they lie in. */
import { Temporal } from 'temporal-polyfill';

const DAY = 86_400_000;
/** Clocks are moved and zones begin their days at quarters of an hour only. */
const QUARTER = 900_000;
const EPOCH = Temporal.PlainDate.from('1970-01-01');

/** In which place of what repeats itself a month lies: nowhere, in its quarter (3 places), in its year (12 places). */
export type Season = 'none' | 'quarter' | 'year';

export const PLACES: Record<Season, number> = { none: 1, quarter: 3, year: 12 };

/** The days of moments in a zone; the work of the calendar is done once for each quarter of an hour. */
export function dayIn(timezone: string): (ms: number) => number {
  if (timezone === 'UTC') return (ms) => Math.floor(ms / DAY);
  const known = new Map<number, number>();
  return (ms) => {
    const quarter = Math.floor(ms / QUARTER);
    let day = known.get(quarter);
    if (day === undefined) {
      const local = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER).toZonedDateTimeISO(timezone);
      day = EPOCH.until(local.toPlainDate()).days;
      known.set(quarter, day);
    }
    return day;
  };
}

/** Whole months since January 1970: of one day. */
export function monthOfDay(day: number): number {
  const date = new Date(day * DAY);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

export const firstDayOf = (month: number): number => Date.UTC(1970, month, 1) / DAY;

/** YYYY-MM. */
export const writtenMonth = (month: number): string => new Date(Date.UTC(1970, month, 1)).toISOString().slice(0, 7);

/** 0 is Monday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

export const placeOf = (season: Season, month: number): number => ((month % PLACES[season]) + PLACES[season]) % PLACES[season];
