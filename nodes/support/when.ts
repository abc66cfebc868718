/** A moment that lies a length of time after another, by the clock or in somebody's working hours. */
import {
  addWorkingTime,
  type DataRequest,
  nextTimeOfDay,
  nextWorking,
  onWorkingDay,
  parseDuration,
  parseSignedDuration,
  type ReadingContext,
  type WorkingCalendar,
} from '../../engine/sdk.ts';
import { calendarOf } from './calendar.ts';

export interface Length {
  /** ISO 8601; in a calendar, days are working days and hours working hours. */
  for: string;
  /** Then at this local time, `HH:MM`. */
  at?: string | undefined;
  calendar?: string | undefined;
  zone?: string | null | undefined;
}

/**
 * The moment after `start`, milliseconds. In a calendar: first the working days (the local time stays, or is `at`), then the working hours;
 * of nothing, the next moment that is worked.
 */
export function* momentAfter(ctx: ReadingContext, start: number, length: Length): Generator<DataRequest, number, void> {
  const { at, zone } = length;
  if (length.calendar === undefined) {
    const reached = start + parseDuration(length.for);
    return at === undefined ? reached : nextTimeOfDay(reached, at, ctx.settings.timezone);
  }
  const calendar = yield* calendarOf(ctx, length.calendar, zone);
  parseDuration(length.for); // Refuses a minus.
  return momentInHours(calendar, start, length.for, at);
}

/** As `momentAfter` in a calendar. @param offset signed: with a minus, so many working days or hours before */
export function momentInHours(calendar: WorkingCalendar, start: number, offset: string, at?: string): number {
  const { days, ms } = parseSignedDuration(offset);
  if (ms === 0) return days === 0 && at === undefined ? nextWorking(calendar, start) : onWorkingDay(calendar, start, days, at);
  // Of a calendar that is empty for a year, not the far end of time.
  nextWorking(calendar, start);
  const reached = addWorkingTime(calendar, days === 0 ? start : onWorkingDay(calendar, start, days), ms);
  return at === undefined ? reached : onWorkingDay(calendar, reached, 0, at);
}
