/**
 * Working time between two moments, and moments by working time. It is real time: an hour that clocks skip at night is not
 * worked, one that they repeat is worked twice, if it lies in working hours. Between two changes of the clocks local time is
 * plain arithmetic, so the work goes from change to change and not from day to day.
 */
import { TaktError } from '../errors/index.ts';
import { offsetAt, type Stretch, stretchesOf } from './stretches.ts';
import { type Span, type WorkingCalendar, weekdayOf } from './working-calendar.ts';

const DAY = 86_400_000;
const FIRST_YEAR = 1900;
const LAST_YEAR = 9999;
const MAX_YEARS = 100;

/** Told before a year is counted, so that the caller can bound the work. */
type OnYear = (year: number) => void;

/**
 * Working time from one moment until another, milliseconds; negative where `to` is before `from`.
 * Throws TaktError WORKING_TIME_FAR.
 */
export function workingTimeBetween(calendar: WorkingCalendar, from: number, to: number, onYear?: OnYear): number {
  // JSON has no use for -0.
  if (to < from) return 0 - workingTimeBetween(calendar, to, from, onYear);
  let sum = 0;
  for (const stretch of forward(calendar.zone, from, onYear)) {
    const end = Math.min(to, stretch.until);
    sum += workedUntil(calendar, end + stretch.offset) - workedUntil(calendar, stretch.from + stretch.offset);
    if (end === to) return sum;
  }
  return sum;
}

/**
 * The first moment at which `ms` of working time have passed since `from`; the end of a working day, not the beginning of the next.
 * With negative `ms` the last moment from which so much working time passes until `from`. Throws TaktError WORKING_TIME_FAR.
 */
export function addWorkingTime(calendar: WorkingCalendar, from: number, ms: number, onYear?: OnYear): number {
  if (ms === 0) return from;
  let left = Math.abs(ms);
  const stretches = ms > 0 ? forward(calendar.zone, from, onYear) : backward(calendar.zone, from, onYear);
  for (const { from: start, until: end, offset } of stretches) {
    const before = workedUntil(calendar, start + offset);
    const after = workedUntil(calendar, end + offset);
    if (left <= after - before) {
      const days = [Math.floor((start + offset) / DAY), Math.floor((end + offset) / DAY)] as const;
      const local = ms > 0 ? earliest(calendar, before + left, days) : latest(calendar, after - left, days);
      return local - offset;
    }
    left -= after - before;
  }
  throw tooFar();
}

/**
 * Working days after the day of `from` up to the day of `to`, both in the calendar's zone: from Friday to Monday it is one.
 * Negative where `to` is before `from`. Throws TaktError WORKING_TIME_FAR.
 */
export function workingDaysBetween(calendar: WorkingCalendar, from: number, to: number): number {
  const [first, last] = [from, to].map((ms) => {
    const year = new Date(ms).getUTCFullYear();
    if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) throw tooFar();
    return Math.floor((ms + offsetAt(calendar.zone, ms)) / DAY);
  });
  return sumBefore(calendar, (last ?? 0) + 1, 'days') - sumBefore(calendar, (first ?? 0) + 1, 'days');
}

/** So many days ahead or back a working day is looked for: more than two centuries of working days, one a fortnight. */
const MAX_DAYS = 100_000;

/**
 * The number (since 1970-01-01) of the `count`-th working day after a day, or with a minus before it; with 0 the day itself if it is one, else
 * the next. Undefined where there are not so many.
 */
export function workingDayFrom(calendar: WorkingCalendar, day: number, count: number): number | undefined {
  const before = sumBefore(calendar, day, 'days');
  // From a day that is not worked, the first one after it and the first one before it are both a day away.
  const wanted = count > 0 ? sumBefore(calendar, day + 1, 'days') + count : before + 1 + count;
  const [first, last] = count < 0 ? [day - MAX_DAYS, day] : [day, day + MAX_DAYS];
  if (sumBefore(calendar, last + 1, 'days') < wanted || sumBefore(calendar, first, 'days') >= wanted) return undefined;
  return firstWhere([first, last], (candidate) => sumBefore(calendar, candidate + 1, 'days') >= wanted);
}

/**
 * When the hours in which a moment lies end, or the clock is moved, whichever is first; the moment itself where it is not worked.
 * Throws WORKING_TIME_FAR.
 */
export function endOfHours(calendar: WorkingCalendar, at: number): number {
  for (const { until, offset } of forward(calendar.zone, at, undefined)) {
    const local = at + offset;
    const day = Math.floor(local / DAY);
    const span = hoursOf(calendar, day).find(({ from, to }) => from <= local - day * DAY && local - day * DAY < to);
    return span ? Math.min(until, day * DAY + span.to - offset) : at;
  }
  return at;
}

/** The stretches from a moment on, the first one cut off before it. Throws TaktError WORKING_TIME_FAR. */
function* forward(zone: string, from: number, onYear: OnYear | undefined): Generator<Stretch> {
  for (const year of years(from, 1, onYear)) {
    for (const stretch of stretchesOf(zone, year)) {
      if (stretch.until > from) yield { ...stretch, from: Math.max(from, stretch.from) };
    }
  }
}

/** The stretches up to a moment, the last one first and cut off behind it. Throws TaktError WORKING_TIME_FAR. */
function* backward(zone: string, until: number, onYear: OnYear | undefined): Generator<Stretch> {
  for (const year of years(until, -1, onYear)) {
    for (const stretch of stretchesOf(zone, year).toReversed()) {
      if (stretch.from < until) yield { ...stretch, until: Math.min(until, stretch.until) };
    }
  }
}

function* years(from: number, direction: 1 | -1, onYear: OnYear | undefined): Generator<number> {
  const first = new Date(from).getUTCFullYear();
  for (let count = 0; count <= MAX_YEARS; count++) {
    const year = first + direction * count;
    if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) break;
    onYear?.(year);
    yield year;
  }
  throw tooFar();
}

/** Working time before a local time, counted from Monday 1969-12-29; only differences mean something. */
function workedUntil(calendar: WorkingCalendar, local: number): number {
  const day = Math.floor(local / DAY);
  const time = local - day * DAY;
  let worked = sumBefore(calendar, day, 'length');
  for (const span of hoursOf(calendar, day)) worked += Math.max(0, Math.min(time, span.to) - span.from);
  return worked;
}

/** Working time, or working days, before the first moment of a day. */
function sumBefore(calendar: WorkingCalendar, day: number, of: 'length' | 'days'): number {
  const { weekSums, gained } = calendar;
  const weeks = Math.floor((day + 3) / 7);
  const usual = weeks * (weekSums[7]?.[of] ?? 0) + (weekSums[weekdayOf(day)]?.[of] ?? 0);
  return usual + (gained[othersBefore(calendar, day)]?.[of] ?? 0);
}

/** The working hours of a day (since 1970-01-01), in order. */
export function hoursOf(calendar: WorkingCalendar, day: number): readonly Span[] {
  const index = othersBefore(calendar, day);
  return (calendar.others[index] === day ? calendar.otherHours[index] : calendar.week[weekdayOf(day)]) ?? [];
}

const othersBefore = ({ others }: WorkingCalendar, day: number): number =>
  others.length === 0 ? 0 : firstWhere([0, others.length], (index) => (others[index] ?? 0) >= day);

/** The first local time at which so much is worked. It lies in the days given. */
function earliest(calendar: WorkingCalendar, worked: number, [first, last]: readonly [number, number]): number {
  const day = firstWhere([first, last], (candidate) => sumBefore(calendar, candidate + 1, 'length') >= worked);
  let left = worked - sumBefore(calendar, day, 'length');
  for (const { from, to } of hoursOf(calendar, day)) {
    if (left <= to - from) return day * DAY + from + left;
    left -= to - from;
  }
  throw new RangeError('The day has less working time than was counted.');
}

/** The last local time at which no more is worked. It lies in the days given. */
function latest(calendar: WorkingCalendar, worked: number, [first, last]: readonly [number, number]): number {
  const day = firstWhere([first, last], (candidate) => sumBefore(calendar, candidate + 1, 'length') > worked);
  let left = worked - sumBefore(calendar, day, 'length');
  for (const { from, to } of hoursOf(calendar, day)) {
    if (left < to - from) return day * DAY + from + left;
    left -= to - from;
  }
  throw new RangeError('The day has less working time than was counted.');
}

/** The first whole number from `low` to `high` for which the test holds, given that it holds for all after that one and for `high`. */
function firstWhere([low, high]: readonly [number, number], holds: (candidate: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

const tooFar = (): TaktError => new TaktError('WORKING_TIME_FAR');
