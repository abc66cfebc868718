import { type Calendar, CalendarSchema } from '../../schemas/calendar.ts';
import { TaktError } from '../errors/index.ts';
import { createAjv } from '../schema/ajv.ts';
import { localAt } from './moment.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Working hours from `from` until `to`, milliseconds since local midnight. */
interface Span {
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
  /** Numbers (days since 1970-01-01) of the holidays that fall on working days, in order. */
  readonly holidays: readonly number[];
  /** What the first n of these holidays take away, milliseconds. */
  readonly lost: readonly number[];
}

const NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const OFFICE: [string, string][] = [['09:00', '18:00']];
const DEFAULT_DAYS: NonNullable<Calendar['days']> = { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE };

// The first error is enough, and keeps the work small on a calendar with thousands of them.
const ajv = createAjv({ allErrors: false });
const check = ajv.compile<Calendar>(CalendarSchema);

/** The weekday of a day since 1970-01-01; Monday is 0. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/**
 * Checks a calendar that comes from outside. Without `timezone` it has the zone given here, without `days` it is Monday to Friday,
 * 09:00 to 18:00. Throws TaktError CALENDAR_INVALID with a pointer into the calendar, TIMEZONE_UNKNOWN.
 */
export function readCalendar(calendar: unknown, zone: string): WorkingCalendar {
  if (!check(calendar)) {
    const [problem] = createAjv.problems(check.errors ?? []);
    throw invalid(problem?.pointer ?? '', problem?.message ?? '');
  }
  const { timezone = zone, days = DEFAULT_DAYS, holidays = [] } = calendar;
  // The zone is asked once, so that an unknown one is told here.
  localAt(0, timezone);
  const week = NAMES.map((name) => readDay(days[name] ?? [], `/days/${name}`));
  const lengths = week.map((spans) => spans.reduce((sum, { from, to }) => sum + to - from, 0));
  const weekSums: Sum[] = [{ length: 0, days: 0 }];
  for (const [index, length] of lengths.entries()) {
    const before = weekSums[index] ?? { length: 0, days: 0 };
    weekSums.push({ length: before.length + length, days: before.days + Number(length > 0) });
  }
  if (lengths.every((length) => length === 0)) throw invalid('/days', 'The calendar has no working hour.', 'Give at least one day hours.');
  const numbers = new Set(holidays.map((date) => Date.parse(date) / DAY));
  const working = [...numbers].filter((day) => (lengths[weekdayOf(day)] ?? 0) > 0).sort((first, second) => first - second);
  const lost = [0];
  for (const [index, day] of working.entries()) lost.push((lost[index] ?? 0) + (lengths[weekdayOf(day)] ?? 0));
  return { zone: timezone, week, weekSums, holidays: working, lost };
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
