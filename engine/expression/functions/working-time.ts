import { asTaktError } from '../../errors/index.ts';
import { readCalendar, type WorkingCalendar } from '../../time/working-calendar.ts';
import { addWorkingTime, workingDaysBetween, workingTimeBetween } from '../../time/working-time.ts';
import { charge, firstUse, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { define, type Functions } from './define.ts';
import { isoOf, momentOf, ownZone } from './moments.ts';

type Text = string | undefined;
/** A calendar as it is given, not yet checked. */
type Given = { readonly holidays?: unknown; readonly special_days?: unknown } | undefined;

const sizeOf = (part: unknown): number => (typeof part === 'object' && part !== null ? Object.keys(part).length : 0);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Finding out when the clocks of a zone are moved in a year takes 50 to 200 µs once; counting over a year that is known 2 µs. */
const NEW_YEAR_COST = 3_500;
const YEAR_COST = 70;

/** Work with a calendar, paid for. Throws D4001, D4002, D4003. */
function withCalendar<T>(given: Given, work: (calendar: WorkingCalendar, onYear: (year: number) => void) => T): T {
  // Checking a holiday takes 0.5 µs, a special day 3 µs, asking for the zone 15 µs.
  charge(250 + sizeOf(given?.holidays) * 8 + sizeOf(given?.special_days) * 50);
  try {
    const calendar = readCalendar(given ?? {}, ownZone());
    return work(calendar, (year) => charge(firstUse('year of a zone', `${year} ${calendar.zone}`) ? NEW_YEAR_COST : YEAR_COST));
  } catch (thrown) {
    const cause = asTaktError(thrown);
    const { hint, message } = cause;
    switch (cause.code) {
      case 'CALENDAR_INVALID':
        return fail('D4002', { text: `${cause.place.pointer ?? ''} ${message}`.trim(), hint, cause });
      case 'TIMEZONE_UNKNOWN':
        return fail('D4002', { text: `/timezone ${message}`, hint, cause });
      case 'WORKING_TIME_FAR':
        return fail('D4003', { hint, cause });
      default:
        throw thrown;
    }
  }
}

/** Whole units of working time from the moment until now, rounded down. */
function workingSince(unit: number): (moment: Text, given: Given) => number | undefined {
  return (moment, given) => {
    if (moment === undefined) return undefined;
    return withCalendar(given, (calendar, onYear) => {
      const { ms } = momentOf(moment, calendar.zone);
      return Math.floor(workingTimeBetween(calendar, ms, meter.surroundings.now, onYear) / unit);
    });
  };
}

function workingDaysSince(moment: Text, given: Given): number | undefined {
  if (moment === undefined) return undefined;
  charge(2 * NEW_YEAR_COST);
  return withCalendar(given, (calendar) => workingDaysBetween(calendar, momentOf(moment, calendar.zone).ms, meter.surroundings.now));
}

function addWorkingHours(moment: Text, hours: number | undefined, given: Given): Text {
  if (moment === undefined || hours === undefined) return undefined;
  return withCalendar(given, (calendar, onYear) => {
    const { ms } = momentOf(moment, calendar.zone);
    return isoOf(addWorkingTime(calendar, ms, Math.round(hours * HOUR), onYear));
  });
}

/** Working time by a calendar: `{ timezone, days, holidays }`, each of which may be left out. */
export const workingTimeFunctions: Functions = {
  workingMinutesSince: define('<s-o?:n>', 1, workingSince(MINUTE)),
  workingHoursSince: define('<s-o?:n>', 1, workingSince(HOUR)),
  workingDaysSince: define('<s-o?:n>', 1, workingDaysSince),
  addWorkingHours: define('<s-no?:s>', 1, addWorkingHours),
};
