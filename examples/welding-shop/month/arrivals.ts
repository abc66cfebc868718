/** When leads come: by the day of the week and the hour of the day. */
import { Temporal } from 'temporal-polyfill';
import type { Chance } from '../chance.ts';

/** How much comes on a day beside a plain Thursday, Monday first. People write at weekends, and more on Mondays. */
const BY_WEEKDAY = [1.15, 1.1, 1.05, 1, 0.85, 0.35, 0.2];
const ON_A_HOLIDAY = 0.25;

/** Parts of a hundred by hour, from midnight: two heights with a dip at lunch, and a tail until late at night. */
const WORKDAY = [0.4, 0.25, 0.15, 0.1, 0.15, 0.4, 1, 2.5, 5, 9, 11, 11, 9.5, 7.5, 8.5, 9.5, 8.5, 5.5, 3, 2.2, 1.7, 1.4, 1, 0.6];
/** Free days begin later and have one broad height. */
const FREE_DAY = [0.8, 0.5, 0.3, 0.2, 0.2, 0.3, 0.6, 1.5, 3, 5, 7.5, 9, 9, 8.5, 8, 7.5, 7, 6.5, 6, 5.5, 5, 4, 2.5, 1.6];

export interface Period {
  /** The first day, YYYY-MM-DD. */
  first: string;
  days: number;
  timezone: string;
  holidays: readonly string[];
}

/** Moments of `count` arrivals in their order, milliseconds since the epoch, each a whole second. */
export function arrivals(chance: Chance, count: number, { first, days, timezone, holidays }: Period): number[] {
  const hours = Array.from({ length: days }, (_, i) => Temporal.PlainDate.from(first).add({ days: i })).flatMap((date) => {
    const holiday = holidays.includes(date.toString());
    const day = holiday ? ON_A_HOLIDAY : (BY_WEEKDAY[date.dayOfWeek - 1] ?? 1);
    const midnight = date.toZonedDateTime(timezone);
    return (holiday || date.dayOfWeek > 5 ? FREE_DAY : WORKDAY).map((part, hour) => ({
      from: midnight.add({ hours: hour }).epochMilliseconds,
      weight: day * part,
    }));
  });
  const moments = Array.from({ length: count }, () => chance.weighted(hours).from + 1_000 * chance.whole(0, 3_599));
  return moments.sort((a, b) => a - b);
}
