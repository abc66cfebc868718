/** What a calendar says, for who keeps it: where its hours come from, the usual week, the days of a month. */
import { type Engine, TaktError } from '../../engine/index.ts';
import type { RecordView } from '../../engine/node/context.ts';
import { type CalendarDay, type CalendarMonth, monthOf, weekOf } from '../../engine/time/calendar-month.ts';
import { localAt } from '../../engine/time/written.ts';
import { compiledHours, type FoundHours, hoursFor, writtenHours } from '../../nodes/index.ts';

/** Of a workflow that names none. */
const NO_ZONE = 'UTC';

interface Named {
  id: string;
  key: string | null;
  name: string;
}

/** A day, with the calendar that says what is special about it; null where it is as its weekday. */
type SeenDay = CalendarDay & { from: string | null };

export interface CalendarLook {
  by: FoundHours['by'];
  user: Named | null;
  team: Named | null;
  /** The calendar and those that it is based on, the nearest first; none in office hours. */
  calendars: Named[];
  zone: string;
  /** Who says so; `workflow`: nobody, so that it is the zone of the workflow that asks. Here it is UTC. */
  zoneFrom: 'asked' | 'person' | 'calendar' | 'workflow';
  week: ReturnType<typeof weekOf>;
  /** YYYY-MM */
  month: string;
  days: SeenDay[];
  workingDays: CalendarMonth['workingDays'];
  workingMinutes: CalendarMonth['workingMinutes'];
}

export interface LookOptions {
  /** YYYY-MM; the present one without it. */
  month?: string | undefined;
  /** IANA name: to read the hours on another clock. */
  zone?: string | undefined;
}

/**
 * @param which key or id of a calendar, `company`, `office`, or id or key of a user
 * @throws TaktError CALENDAR_UNKNOWN, CALENDAR_CIRCLE, TIMEZONE_UNKNOWN, WORKING_TIME_FAR
 */
export async function lookAtCalendar(engine: Engine, which: string, { month, zone }: LookOptions): Promise<CalendarLook> {
  const found = await engine.reading.ask({ timezone: NO_ZONE, locale: 'en' }, (ctx) => meant(hoursFor(ctx, which, zone)));
  const calendar = compiledHours(found, NO_ZONE);
  const { by, user, team, chain, hours } = found;
  const wanted = month ?? localAt(engine.ports.clock.now(), calendar.zone).toPlainDate().toString().slice(0, 7);
  const { days, ...sums } = monthOf(calendar, hours, wanted);
  return {
    by,
    user: user ? named(user) : null,
    team: team ? named(team) : null,
    calendars: chain.map(named),
    zone: calendar.zone,
    zoneFrom: zone !== undefined ? 'asked' : found.zone !== undefined ? 'person' : hours.timezone !== undefined ? 'calendar' : 'workflow',
    week: weekOf(calendar),
    month: wanted,
    days: days.map((day) => ({ ...day, from: day.kind === 'usual' ? null : sayerOf(day.date, chain) })),
    ...sums,
  };
}

/** Nobody has written parameters here: the error is not about one. */
function* meant<Request, T>(asked: Generator<Request, T, void>): Generator<Request, T, void> {
  try {
    return yield* asked;
  } catch (error) {
    if (!(error instanceof TaktError) || error.code !== 'CALENDAR_UNKNOWN') throw error;
    throw new TaktError(error.code, {
      message: error.message,
      hint: 'Give the key or id of a calendar, the id or key of a user, or `company`.',
    });
  }
}

const named = ({ id, key, name }: RecordView): Named => ({ id, key: typeof key === 'string' ? key : null, name: String(name) });

/** The nearest calendar that has the day among its special days or holidays. */
function sayerOf(date: string, chain: readonly RecordView[]): string | null {
  const sayer = chain.find((calendar) => {
    const { holidays = [], special_days = {} } = writtenHours(calendar);
    return special_days[date] !== undefined || holidays.includes(date);
  });
  return sayer ? String(sayer.name) : null;
}
