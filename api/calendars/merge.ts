/** Public holidays into a calendar that an admin keeps: what the admin has put there stays. Pure. */
import type { Calendar } from '../../schemas/calendar.ts';

export interface Holiday {
  /** YYYY-MM-DD */
  date: string;
  name: string;
}

/** `new`: goes into the holidays; `there`: stands there; `overruled`: a special day of the calendar says what that day is. */
type HolidayState = 'new' | 'there' | 'overruled';

export interface Merged {
  /** The same object where nothing is new. */
  hours: Calendar;
  days: (Holiday & { state: HolidayState })[];
}

export function mergeHolidays(hours: Calendar, found: readonly Holiday[]): Merged {
  const there = new Set(hours.holidays);
  const special = new Set(Object.keys(hours.special_days ?? {}));
  const days = found.map((day): Merged['days'][number] => ({
    ...day,
    state: special.has(day.date) ? 'overruled' : there.has(day.date) ? 'there' : 'new',
  }));
  const fresh = days.flatMap(({ date, state }) => (state === 'new' ? [date] : []));
  if (fresh.length === 0) return { hours, days };
  return { hours: { ...hours, holidays: [...there, ...fresh].sort() }, days };
}
