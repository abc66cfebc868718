/** When somebody works: now, next, until when; and working days. */
import { Temporal } from 'temporal-polyfill';
import { TaktError } from '../errors/index.ts';
import { timeOfDay } from './moment.ts';
import { offsetAt } from './stretches.ts';
import type { WorkingCalendar } from './working-calendar.ts';
import { addWorkingTime, endOfHours, workingDayFrom, workingTimeBetween } from './working-time.ts';

const DAY = 86_400_000;
/** A calendar that has no working hour for so long is a mistake: whatever waits for it would wait for ever. */
const LONGEST_WITHOUT = 366 * DAY;
/** Nobody's hours are looked at for longer without a break. */
const LONGEST_STRETCH = DAY;

/** Does this moment lie in working hours? Their first moment does, their last does not. */
export const isWorking = (calendar: WorkingCalendar, at: number): boolean => workingTimeBetween(calendar, at, at + 1) === 1;

/**
 * The first moment from `at` on that lies in working hours: `at` itself inside them, else when they begin.
 * Throws TaktError CALENDAR_WITHOUT_HOURS where none come within a year.
 */
export function nextWorking(calendar: WorkingCalendar, at: number): number {
  if (workingTimeBetween(calendar, at, at + LONGEST_WITHOUT) === 0) throw new TaktError('CALENDAR_WITHOUT_HOURS');
  return addWorkingTime(calendar, at, 1) - 1;
}

/** How long work goes on from `at` without a break, milliseconds, at most a day; 0 outside of working hours. */
export function leftUntilBreak(calendar: WorkingCalendar, at: number): number {
  let reached = at;
  while (reached - at < LONGEST_STRETCH) {
    const end = endOfHours(calendar, reached);
    if (end === reached) break;
    reached = end;
  }
  return Math.min(reached - at, LONGEST_STRETCH);
}

/**
 * The working day that is `days` after the day of `from`, or with a minus before it, both on the calendar's clock: at the local time `time`, or, without one, at the
 * local time of `from`, and where that is not worked, at the beginning of the next working hours.
 * @param days 0: the day itself where it is worked, else the next one that is
 * @param time `HH:MM`
 * @throws TaktError CALENDAR_WITHOUT_HOURS, NODE_TIME
 */
export function onWorkingDay(calendar: WorkingCalendar, from: number, days: number, time?: string): number {
  const first = nextWorking(calendar, from);
  const local = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(calendar.zone);
  const day = workingDayFrom(calendar, Math.floor((from + offsetAt(calendar.zone, from)) / DAY), days);
  if (day === undefined) throw new TaktError('CALENDAR_WITHOUT_HOURS');
  const plainTime = time === undefined ? local.toPlainTime() : timeOfDay(time);
  const date = Temporal.PlainDate.from('1970-01-01').add({ days: day });
  const moment = date.toZonedDateTime({ timeZone: calendar.zone, plainTime }).epochMilliseconds;
  // A day of nought that has its hours behind it is over: the next one counts.
  if (days === 0 && moment < from) return time === undefined ? first : onWorkingDay(calendar, from, 1, time);
  return time === undefined ? nextWorking(calendar, moment) : moment;
}
