/** What a calendar says of the days of a month: for people who look whether it says what they meant. */
import { Temporal } from 'temporal-polyfill';
import { type Calendar, WEEKDAYS } from '../../schemas/calendar.ts';
import type { Span, WorkingCalendar } from './working-calendar.ts';
import { hoursOf, workingTimeBetween } from './working-time.ts';

const MINUTE = 60_000;

/** A stretch of hours as it is written: `["09:00", "13:00"]`. */
type WrittenSpan = [from: string, until: string];

/**
 * Why a day has its hours: as its weekday, as a holiday, or as one of the special days – free, with hours of its own, as another
 * weekday, or so many minutes shorter.
 */
type DayKind = 'usual' | 'holiday' | 'free' | 'own_hours' | 'moved' | 'shortened';

export interface CalendarDay {
  /** YYYY-MM-DD */
  date: string;
  weekday: (typeof WEEKDAYS)[number];
  hours: WrittenSpan[];
  /** Worked on that day; in the night in which clocks are moved it may be other than the hours say. */
  minutes: number;
  kind: DayKind;
  /** Of a day that was moved: the weekday whose hours it has. */
  like: (typeof WEEKDAYS)[number] | null;
  /** Of one that was shortened: by so many minutes. */
  shorter: number | null;
}

export interface CalendarMonth {
  days: CalendarDay[];
  workingDays: number;
  workingMinutes: number;
}

/**
 * @param hours as the calendar is written, with what it is based on
 * @param month YYYY-MM
 */
export function monthOf(calendar: WorkingCalendar, hours: Calendar, month: string): CalendarMonth {
  const first = Temporal.PlainDate.from(`${month}-01`);
  const holidays = new Set(hours.holidays);
  const days = Array.from({ length: first.daysInMonth }, (_, i) => dayOf(calendar, hours, holidays, first.add({ days: i })));
  return {
    days,
    workingDays: days.filter((day) => day.hours.length > 0).length,
    workingMinutes: days.reduce((sum, { minutes }) => sum + minutes, 0),
  };
}

/** The hours of a usual week, by weekday. */
export function weekOf({ week }: WorkingCalendar): Record<(typeof WEEKDAYS)[number], WrittenSpan[]> {
  const [mon = [], tue = [], wed = [], thu = [], fri = [], sat = [], sun = []] = week.map(written);
  return { mon, tue, wed, thu, fri, sat, sun };
}

function dayOf(calendar: WorkingCalendar, hours: Calendar, holidays: ReadonlySet<string>, day: Temporal.PlainDate): CalendarDay {
  const date = day.toString();
  const [from, until] = [day, day.add({ days: 1 })].map((one) => one.toZonedDateTime(calendar.zone).epochMilliseconds);
  const number = Temporal.PlainDate.from('1970-01-01').until(day).days;
  return {
    date,
    weekday: WEEKDAYS[day.dayOfWeek - 1] ?? 'mon',
    hours: written(hoursOf(calendar, number)),
    minutes: workingTimeBetween(calendar, from ?? 0, until ?? 0) / MINUTE,
    ...kindOf(hours.special_days?.[date], holidays.has(date)),
  };
}

function kindOf(
  special: NonNullable<Calendar['special_days']>[string] | undefined,
  isHoliday: boolean,
): Pick<CalendarDay, 'kind' | 'like' | 'shorter'> {
  const plain = { like: null, shorter: null };
  if (special === undefined) return { ...plain, kind: isHoliday ? 'holiday' : 'usual' };
  if (Array.isArray(special)) return { ...plain, kind: special.length === 0 ? 'free' : 'own_hours' };
  if ('like' in special) return { ...plain, kind: 'moved', like: special.like };
  return { ...plain, kind: 'shortened', shorter: special.shorter };
}

const written = (spans: readonly Span[]): WrittenSpan[] => spans.map(({ from, to }) => [timeOf(from), timeOf(to)]);

/** 24:00 is the end of a day. */
function timeOf(ms: number): string {
  const minutes = Math.round(ms / MINUTE);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
