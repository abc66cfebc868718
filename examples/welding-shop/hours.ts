/** Working hours written as a calendar, and the days and moments that they come to. */
import { Temporal } from 'temporal-polyfill';
import type { Calendar } from '../../schemas/calendar.ts';

/** Milliseconds since the epoch; `until` is not in it any more. */
export interface Span {
  from: number;
  until: number;
}

/** A day of somebody's calendar: from midnight to midnight in its zone, and the hours worked in it, none on a free day. */
export interface Day extends Span {
  /** YYYY-MM-DD. */
  date: string;
  work: readonly Span[];
}

/** From one day to another, both in it, YYYY-MM-DD. */
export interface Dates {
  from: string;
  until: string;
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** @param calendar with its zone and all its hours: what is left out is UTC, and a free day */
export function daysOf({ timezone = 'UTC', days = {}, holidays = [] }: Calendar, first: string, count: number, leave?: Dates): Day[] {
  return Array.from({ length: count }, (_, i) => {
    const date = Temporal.PlainDate.from(first).add({ days: i });
    const [written, weekday] = [date.toString(), WEEKDAYS[date.dayOfWeek - 1]];
    const midnight = (day: Temporal.PlainDate): number => day.toZonedDateTime(timezone).epochMilliseconds;
    const moment = (time: string): number =>
      time === '24:00' ? midnight(date.add({ days: 1 })) : date.toZonedDateTime({ timeZone: timezone, plainTime: time }).epochMilliseconds;
    const away = holidays.includes(written) || (leave !== undefined && within(leave, written));
    const hours = away || weekday === undefined ? [] : (days[weekday] ?? []);
    return {
      date: written,
      from: midnight(date),
      until: midnight(date.add({ days: 1 })),
      work: hours.map(([from, until]) => ({ from: moment(from), until: moment(until) })),
    };
  });
}

export const within = ({ from, until }: Dates, date: string): boolean => date >= from && date <= until;

/** The span that a moment lies in. */
export const spanAt = <S extends Span>(spans: readonly S[], at: number): S | undefined =>
  spans.find(({ from, until }) => at >= from && at < until);

/** The moment at which so many milliseconds have been worked since `from`. Throws RangeError where the days do not reach so far. */
export function afterWork(days: readonly Day[], from: number, ms: number): number {
  let left = ms;
  for (const span of days.flatMap(({ work }) => work)) {
    const start = Math.max(span.from, from);
    if (start >= span.until) continue;
    if (left <= span.until - start) return start + left;
    left -= span.until - start;
  }
  throw new RangeError('The days end before so much is worked.');
}
