import { Temporal } from 'temporal-polyfill';
import { asTaktError } from '../../errors/index.ts';
import { type CalendarUnit, firstDay, localAt, type Moment, readMoment } from '../../time/written.ts';
import { charge, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { define, type Functions } from './define.ts';

type Text = string | undefined;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asking a zone or moving a date takes some 15 µs. */
const ZONE_COST = 200;
const UNITS: readonly CalendarUnit[] = ['day', 'week', 'month', 'quarter', 'year'];
/** Years that can be written as a date and that every other part of Takt can hold. */
const YEARS = [1, 9999] as const;

/** The zone in which days begin, unless a function is given another. */
export const ownZone = (): string => meter.surroundings.timeZone ?? 'UTC';

/** A moment as it is written in records; what names no offset is meant in the zone. Throws D3110, D4001. */
export function momentOf(text: string, zone = ownZone()): Moment {
  charge(text.endsWith('Z') ? 25 : ZONE_COST);
  return withZone(zone, () => readMoment(text, zone)) ?? fail('D3110', { value: text.slice(0, 100) });
}

/** Work that asks a zone. Throws D4001 where there is none of that name. */
function withZone<T>(zone: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const cause = asTaktError(thrown);
    if (cause.code === 'TIMEZONE_UNKNOWN') return fail('D4001', { value: zone, hint: cause.hint, cause });
    throw thrown;
  }
}

/** Whole units from the moment until now, rounded down. */
function since(unit: number): (moment: Text) => number | undefined {
  return (moment) => (moment === undefined ? undefined : Math.floor((meter.surroundings.now - momentOf(moment).ms) / unit));
}

/** Whole units from now until the moment, rounded down. */
function until(unit: number): (moment: Text) => number | undefined {
  return (moment) => (moment === undefined ? undefined : Math.floor((momentOf(moment).ms - meter.surroundings.now) / unit));
}

function localOf(ms: number, zone: string): Temporal.ZonedDateTime {
  charge(ZONE_COST);
  return withZone(zone, () => localAt(ms, zone));
}

const local = (moment: string, zone: string): Temporal.ZonedDateTime => localOf(momentOf(moment).ms, zone);

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
  return isoOf(firstDay(localOf(ms, ownZone()).toPlainDate(), unit).toZonedDateTime(ownZone()).epochMilliseconds);
}

/** So many days on the calendar later, at the same time of day in the own zone; a date stays a date. */
function addDays(moment: Text, count: number | undefined): Text {
  if (moment === undefined || count === undefined) return undefined;
  charge(ZONE_COST);
  const { ms, date } = momentOf(moment);
  // 4 million days reach from any year to any other.
  const days = Math.trunc(Math.min(Math.max(count, -4e6), 4e6));
  if (date !== undefined) return written(Temporal.PlainDate.from(date).add({ days }));
  return isoOf(localOf(ms, ownZone()).add({ days }).epochMilliseconds);
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
  daysSince: define('<s-:n>', 1, since(DAY)),
  hoursSince: define('<s-:n>', 1, since(HOUR)),
  minutesSince: define('<s-:n>', 1, since(MINUTE)),
  daysUntil: define('<s-:n>', 1, until(DAY)),
  addDays: define('<s-n:s>', 1, addDays),
  startOf: define('<ss-:s>', 1, startOf),
  weekday: define('<s-:n>', 1, weekday),
  localDate: define('<s-s?:s>', 1, localDate),
  localTime: define('<s-s?:s>', 1, localTime),
};
