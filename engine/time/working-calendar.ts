import { isDeepStrictEqual } from 'node:util';
import { type Calendar, CalendarSchema, WEEKDAYS } from '../../schemas/calendar.ts';
import { TaktError } from '../errors/index.ts';
import { checker } from '../schema/checker.ts';
import { localAt } from './written.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Working hours from `from` until `to`, milliseconds since local midnight. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of some days: their working time in milliseconds, and how many of them are working days. */
interface Sum {
  readonly length: number;
  readonly days: number;
}

/** A calendar that was checked, with sums prepared, so that counting over years takes no longer than over days. */
export interface WorkingCalendar {
  readonly zone: string;
  /** Working hours by weekday, Monday first; of a day in order and apart. */
  readonly week: readonly (readonly Span[])[];
  /** The sums of the first 0 to 7 days of a week. */
  readonly weekSums: readonly Sum[];
  /** Numbers (days since 1970-01-01) of the days that are not as their weekday, in order. */
  readonly others: readonly number[];
  /** The hours of each of these days; none where nobody works. */
  readonly otherHours: readonly (readonly Span[])[];
  /** What the first n of these days have more than their weekdays (less: negative). */
  readonly gained: readonly Sum[];
}

const OFFICE: [string, string][] = [['09:00', '18:00']];
const DEFAULT_DAYS: NonNullable<Calendar['days']> = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE };

// The first error is enough, and keeps the work small on a calendar with thousands of them.
const check = checker<Calendar>(() => CalendarSchema, { allErrors: false });

const NO_HOURS: readonly Span[] = [];

/** The weekday of a day since 1970-01-01; Monday is 0. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/**
 * Checks a calendar that comes from outside. Without `timezone` it has the zone given here, without `days` it is Monday to Friday,
 * 09:00 to 18:00. Throws TaktError CALENDAR_INVALID with a pointer into the calendar, TIMEZONE_UNKNOWN.
 */
export function readCalendar(calendar: unknown, zone: string): WorkingCalendar {
  if (!check(calendar)) {
    const [problem] = check.problems();
    throw invalid(problem?.pointer ?? '', problem?.message ?? '');
  }
  const { timezone = zone, days = DEFAULT_DAYS, holidays = [], special_days = {} } = calendar;
  // The zone is asked once, so that an unknown one is told here.
  localAt(0, timezone);
  const week = WEEKDAYS.map((name) => readDay(days[name] ?? [], `/days/${name}`));
  const weekSums = prefixSums(week.map(sumOf));
  const others = new Map<number, readonly Span[]>(holidays.map((date) => [dayOf(date), NO_HOURS]));
  for (const [date, special] of Object.entries(special_days)) others.set(dayOf(date), specialDay(special, date, week));
  if (week.every((spans) => spans.length === 0) && [...others.values()].every((spans) => spans.length === 0))
    throw invalid('/days', 'The calendar has no working hour.', 'Give at least one day hours.');
  const usual = (day: number): readonly Span[] => week[weekdayOf(day)] ?? NO_HOURS;
  const numbers = [...others.keys()]
    .filter((day) => !isDeepStrictEqual(others.get(day), usual(day)))
    .sort((first, second) => first - second);
  const otherHours = numbers.map((day) => others.get(day) ?? NO_HOURS);
  const gained = prefixSums(otherHours.map((spans, i) => difference(sumOf(spans), sumOf(usual(numbers[i] ?? 0)))));
  return { zone: timezone, week, weekSums, others: numbers, otherHours, gained };
}

const dayOf = (date: string): number => Date.parse(date) / DAY;

const sumOf = (spans: readonly Span[]): Sum => ({
  length: spans.reduce((sum, { from, to }) => sum + to - from, 0),
  days: Number(spans.length > 0),
});

const difference = (first: Sum, second: Sum): Sum => ({ length: first.length - second.length, days: first.days - second.days });

/** Of the first 0 to n. */
function prefixSums(list: readonly Sum[]): Sum[] {
  const sums: Sum[] = [{ length: 0, days: 0 }];
  for (const [i, { length, days }] of list.entries()) {
    const before = sums[i] ?? { length: 0, days: 0 };
    sums.push({ length: before.length + length, days: before.days + days });
  }
  return sums;
}

function specialDay(
  special: NonNullable<Calendar['special_days']>[string],
  date: string,
  week: readonly (readonly Span[])[],
): readonly Span[] {
  if (Array.isArray(special)) return readDay(special, `/special_days/${date}`);
  if ('like' in special) return week[WEEKDAYS.indexOf(special.like)] ?? NO_HOURS;
  return shortened(week[weekdayOf(dayOf(date))] ?? NO_HOURS, special.shorter * MINUTE);
}

/** Without the last `ms` of its working time. */
function shortened(spans: readonly Span[], ms: number): Span[] {
  let left = sumOf(spans).length - ms;
  return spans.flatMap(({ from, to }) => {
    const length = Math.min(to - from, left);
    left -= length;
    return length > 0 ? [{ from, to: from + length }] : [];
  });
}

function readDay(written: readonly (readonly [string, string])[], pointer: string): Span[] {
  const spans = written.map(([start, end], index): Span => {
    const [from, to] = [timeOf(start), timeOf(end)];
    if (from < to) return { from, to };
    throw invalid(`${pointer}/${index}`, 'The hours end before they begin.', 'Divide hours that go over midnight between two days.');
  });
  spans.sort((first, second) => first.from - second.from);
  if (spans.some(({ from }, index) => from < (spans[index - 1]?.to ?? 0)))
    throw invalid(pointer, 'The hours of the day overlap.', 'Let each begin when the one before has ended, or later.');
  return spans;
}

const timeOf = (text: string): number => (Number(text.slice(0, 2)) * 60 + Number(text.slice(3))) * MINUTE;

function invalid(pointer: string, message: string, hint?: string): TaktError {
  return new TaktError('CALENDAR_INVALID', { message, pointer, ...(hint === undefined ? {} : { hint }) });
}
