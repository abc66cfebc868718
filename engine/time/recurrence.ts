/** When something that recurs comes next: cron expressions and recurrence rules, alike on the nights in which clocks change. */
import { Temporal } from 'temporal-polyfill';
import { type Static, Type } from 'typebox';
import { TaktError } from '../errors/index.ts';
import { cronRule } from './cron.ts';
import type { LocalRule } from './local-rule.ts';
import { RRule, rruleRule } from './rrule.ts';

/** `cron` has five fields. `rrule` is a rule of RFC 5545 with EXDATE, `start` its DTSTART; see {@link rruleRule}. */
export const Recurrence = Type.Union([
  Type.Object({ kind: Type.Literal('cron'), cron: Type.String(), timezone: Type.String() }),
  Type.Object({ kind: Type.Literal('rrule'), ...RRule.properties }),
]);
export type Recurrence = Static<typeof Recurrence>;

const DAY_MS = 86_400_000;
/** Local times that one search looks at: more than a day of minutes, and than any list of exceptions. */
const MAX_LOOKS = 5_000;
/** Any moment: what never comes from here on never comes. */
const LONG_AGO = Date.UTC(1899, 0, 1);
const LAST_YEAR_ENDS = Date.UTC(10_000, 0, 1);

/**
 * The first moment after `afterMs` at which it recurs, milliseconds; null where it is over or none is found within the bounds (a cron
 * expression for no day of the calendar, 10,000 periods of a rule, the year 9999).
 *
 * Its times are meant on the clock of the zone. Where the clocks change:
 * - a time that the clock skips comes as much later as the clock jumped (02:30 at 03:30), once if something is due then anyway;
 * - a time that the clock shows twice comes once, at the first;
 * - what goes every hour or more often (cron with every hour, FREQ=HOURLY or MINUTELY up to 60 minutes without BYHOUR and COUNT) comes in
 *   the second pass too: there must be no silent hour.
 *
 * Croner itself puts a single skipped time to the end of the gap, leaves those of lists and ranges out and brings them twice in autumn;
 * rrule-temporal leaves out all that are skipped, as RFC 5545 does. Both are therefore asked on a clock that never changes, and its times
 * are put on the time line here.
 * Throws TaktError CRON_INVALID, RRULE_INVALID.
 */
export function nextOccurrence(recurrence: Recurrence, afterMs: number): number | null {
  const { timezone } = recurrence;
  const rule = ruleOf(recurrence);
  let found: number | null = null;
  let local = rule.next(localOf(afterMs, timezone) - swing(afterMs, timezone) - 1);
  for (let looks = 0; local !== null && looks < MAX_LOOKS; looks++) {
    const moments = momentsOf(local, timezone, rule.everyHour);
    // A time that was put off, or found in its second pass, may be found before an earlier moment. Past both, all are later.
    if (found !== null && local > localOf(found, timezone) && Math.min(...moments) > found) break;
    for (const moment of moments) {
      if (moment > afterMs && !rule.excludes(moment, local)) found = Math.min(found ?? moment, moment);
    }
    local = rule.next(local);
  }
  return found === null || found > rule.until || found >= LAST_YEAR_ENDS ? null : found;
}

/**
 * Refuses what cannot be read or never comes. The zone is not looked at. Throws TaktError CRON_INVALID or RRULE_INVALID, with a pointer
 * `/cron`, `/rrule` or `/start`.
 */
export function checkRecurrence(recurrence: Recurrence): void {
  if (nextOccurrence({ ...recurrence, timezone: 'UTC' }, LONG_AGO) !== null) return;
  const hint = 'Look for a day that no month has, or an end before the beginning.';
  throw recurrence.kind === 'cron'
    ? new TaktError('CRON_INVALID', { pointer: '/cron', message: `"${recurrence.cron}" never comes.`, hint })
    : new TaktError('RRULE_INVALID', { pointer: '/rrule', message: 'The rule never comes.', hint });
}

function ruleOf(recurrence: Recurrence): LocalRule {
  return recurrence.kind === 'cron' ? cronRule(recurrence.cron) : rruleRule(recurrence);
}

/** Where a local time lies on the time line: once, or in an hour that comes twice also a second time. */
function momentsOf(local: number, timezone: string, both: boolean): number[] {
  const plain = Temporal.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();
  const at = (disambiguation: 'compatible' | 'later'): number => plain.toZonedDateTime(timezone, { disambiguation }).epochMilliseconds;
  return both ? [at('compatible'), at('later')] : [at('compatible')];
}

const offsetAt = (moment: number, timezone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timezone).offsetNanoseconds / 1_000_000;

const localOf = (moment: number, timezone: string): number => moment + offsetAt(moment, timezone);

/** By how much the clock changes within a day of the moment: so far back on the clock may lie times that are still to come. */
function swing(moment: number, timezone: string): number {
  const offsets = [moment - DAY_MS, moment, moment + DAY_MS].map((near) => offsetAt(near, timezone));
  return Math.max(...offsets) - Math.min(...offsets);
}
