import { Temporal } from 'temporal-polyfill';
import { asTaktError } from '../../errors/index.ts';
import { type CalendarUnit, firstDay, localAt, type Moment, readMoment } from '../../time/moment.ts';
import { charge, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asking a zone takes some 15 µs. */
const ZONE_COST = 150;
const UNITS: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year'];
/** Years that can be written as a date and that every other part of Takt can hold. */
const YEARS = [1, 9999] as const;

/** The zone in which days begin, unless a function is given another. */
export const ownZone = (): string => meter.surroundings.timeZone ?? 'UTC';

/** A moment as it is written in records. Throws D3110, D4001. */
export function momentOf(text: string): Moment {
  charge(text.endsWith('Z') ? 10 : ZONE_COST);
  return withZone(ownZone(), () => readMoment(text, ownZone())) ?? fail('D3110', { value: text.slice(0, 100) });
}

/** Work that asks a zone. Throws D4001 where there is none of that name. */
export function withZone<T>(zone: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const cause = asTaktError(thrown);
    if (cause.code === 'TIMEZONE_UNKNOWN') return fail('D4001', { value: zone, hint: cause.hint, cause });
    throw thrown;
  }
}

/** Whole units from the moment until now (1) or from now until the moment (-1), rounded down. */
function passed(unit: number, direction: 1 | -1): (moment: Text) => number | undefined {
  return (moment) => (moment === undefined ? undefined : Math.floor((direction * (meter.surroundings.now - momentOf(moment).ms)) / unit));
}

function local(moment: string, zone: string): Temporal.ZonedDateTime {
  charge(ZONE_COST);
  const { ms } = momentOf(moment);
  return withZone(zone, () => localAt(ms, zone));
}

function localDate(moment: Text, zone: Text): Text {
  return moment === undefined
    ? undefined
    : local(moment, zone ?? ownZone())
        .toPlainDate()
        .toString();
}

function localTime(moment: Text, zone: Text): Text {
  return moment === undefined
    ? undefined
    : local(moment, zone ?? ownZone())
        .toPlainTime()
        .toString({ smallestUnit: 'minute' });
}

/** Monday is 1, Sunday 7 (ISO 8601). */
function weekday(moment: Text): number | undefined {
  return moment === undefined ? undefined : local(moment, ownZone()).dayOfWeek;
}

/** The first moment of the unit in the own zone; of a date the first date. */
function startOf(name: Text, moment: Text): Text {
  if (name === undefined || moment === undefined) return undefined;
  const unit = UNITS.find((known) => known === name);
  if (unit === undefined) return fail('D4004', { value: name, hint: `Write one of ${UNITS.join(', ')}.` });
  charge(ZONE_COST);
  const { ms, date } = momentOf(moment);
  if (date !== undefined) return written(firstDay(Temporal.PlainDate.from(date), unit));
  return isoOf(firstDay(localAt(ms, ownZone()).toPlainDate(), unit).toZonedDateTime(ownZone()).epochMilliseconds);
}

/** So many days on the calendar later, at the same time of day in the own zone; a date stays a date. */
function addDays(moment: Text, count: number | undefined): Text {
  if (moment === undefined || count === undefined) return undefined;
  charge(ZONE_COST);
  const { ms, date } = momentOf(moment);
  // 4 million days reach from any year to any other.
  const days = Math.trunc(Math.min(Math.max(count, -4e6), 4e6));
  if (date !== undefined) return written(Temporal.PlainDate.from(date).add({ days }));
  return isoOf(localAt(ms, ownZone()).add({ days }).epochMilliseconds);
}

function written(date: Temporal.PlainDate): string {
  return date.year >= YEARS[0] && date.year <= YEARS[1] ? date.toString() : fail('D4003');
}

/** A moment as it is written in records: UTC with milliseconds. Throws D4003. */
export function isoOf(ms: number): string {
  const year = new Date(ms).getUTCFullYear();
  return year >= YEARS[0] && year <= YEARS[1] ? new Date(ms).toISOString() : fail('D4003');
}

/** Moments, days and times of day. */
export const momentFunctions: Functions = {
  daysSince: define('<s-:n>', 1, passed(DAY, 1)),
  hoursSince: define('<s-:n>', 1, passed(HOUR, 1)),
  minutesSince: define('<s-:n>', 1, passed(MINUTE, 1)),
  daysUntil: define('<s-:n>', 1, passed(DAY, -1)),
  addDays: define('<s-n:s>', 1, addDays),
  startOf: define('<ss-:s>', 1, startOf),
  weekday: define('<s-:n>', 1, weekday),
  localDate: define('<s-s?:s>', 1, localDate),
  localTime: define('<s-s?:s>', 1, localTime),
};
