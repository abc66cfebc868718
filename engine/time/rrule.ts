/** Recurrence rules of RFC 5545, read strictly: what is not understood is refused, never passed over. */
import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { type Static, Type } from 'typebox';
import { asTaktError, TaktError } from '../errors/index.ts';
import type { LocalRule } from './local-rule.ts';
import { localOf, momentOf } from './moment.ts';

export const RRule = Type.Object({
  /**
   * The value of RRULE, or lines RRULE and EXDATE as an .ics file has them. An EXDATE without zone is local time, one that is a date
   * leaves out its whole day. UNTIL is included; as a date it is the end of its day.
   */
  rrule: Type.String(),
  /** ISO 8601: when the rule begins (DTSTART). A time only if it fits the rule. Without an offset it is local time. */
  start: Type.String(),
  timezone: Type.String(),
});
export type RRule = Static<typeof RRule>;

/** Days, hours … – the library's outer loop – that one search may go through. */
const MAX_PERIODS = 10_000;
/** A rule with COUNT is counted from its beginning each time. */
const MAX_COUNT = 1_000;
/** BYHOUR × BYMINUTE, the inner loop; who wants more takes FREQ=MINUTELY. */
const MAX_TIMES_A_DAY = 96;
const MAX_LENGTH = 5_000;
const HOUR_MINUTES = 60;

const WEEKDAY = '(?:MO|TU|WE|TH|FR|SA|SU)';
const DATE_OR_TIME = /^\d{8}(?:T\d{6}Z?)?$/;

/** Every part that is understood, and its values. */
const PARTS: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ['FREQ', (value) => /^(?:YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|MINUTELY)$/.test(value)],
  ['INTERVAL', number(1, 9_999)],
  ['COUNT', number(1, MAX_COUNT)],
  ['UNTIL', (value) => DATE_OR_TIME.test(value)],
  ['WKST', (value) => new RegExp(`^${WEEKDAY}$`).test(value)],
  ['BYDAY', list((value) => new RegExp(`^(?:[+-]?[1-9]\\d?)?${WEEKDAY}$`).test(value))],
  ['BYMONTH', list(number(1, 12))],
  ['BYMONTHDAY', list(fromEitherEnd(31))],
  ['BYYEARDAY', list(fromEitherEnd(366))],
  ['BYWEEKNO', list(fromEitherEnd(53))],
  ['BYSETPOS', list(fromEitherEnd(366))],
  ['BYHOUR', list(number(0, 23))],
  ['BYMINUTE', list(number(0, 59))],
]);

/** Throws TaktError RRULE_INVALID, with a pointer to `/rrule` or `/start`. */
export function rruleRule({ rrule, start, timezone }: RRule): LocalRule {
  const { rule, exclusions } = readLines(rrule);
  const parts = readParts(rule);
  const until = parts.get('UNTIL');
  const last = until === undefined ? Number.POSITIVE_INFINITY : readUntil(until, timezone);
  const days = new Set(exclusions.flatMap(({ value }) => (value.includes('T') ? [] : value)));
  const moments = new Set(exclusions.flatMap(({ value, zone }) => (value.includes('T') ? readMoment(value, zone ?? timezone) : [])));
  const search = openSearch(parts, readStart(start, timezone));
  return {
    next: search,
    everyHour: isEveryHour(parts),
    until: last,
    excludes: (moment, local) => moments.has(moment) || days.has(basicDay(local)),
  };
}

/** UNTIL is a moment of the time line and no part of the local rule. */
function openSearch(parts: ReadonlyMap<string, string>, start: Temporal.PlainDateTime): LocalRule['next'] {
  const rule = [...parts].flatMap(([name, value]) => (name === 'UNTIL' ? [] : `${name}=${value}`)).join(';');
  const dtstart = start.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
  const options = { rruleString: `DTSTART:${dtstart}Z\nRRULE:${rule}`, strict: true, cache: false, maxIterations: MAX_PERIODS };
  const found = attempt(() => new RRuleTemporal(options), 'is not a recurrence rule');
  return (local) => {
    try {
      return found.next(new Date(local))?.epochMilliseconds ?? null;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('Maximum ')) return null;
      throw error;
    }
  };
}

interface Exclusion {
  value: string;
  zone: string | undefined;
}

function readLines(text: string): { rule: string; exclusions: Exclusion[] } {
  if (text.length > MAX_LENGTH) throw refused(`The rule has ${text.length} characters; at most ${MAX_LENGTH} are read.`);
  const rules: string[] = [];
  const exclusions: Exclusion[] = [];
  // A line that begins with a blank goes on with the one before (RFC 5545, 3.1).
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [, head = 'RRULE', value = ''] = /^(?:([^:]*):)?(.*)$/.exec(line.trim()) ?? [];
    const [name = '', ...params] = head.split(';');
    if (name.toUpperCase() === 'RRULE') rules.push(value);
    else if (name.toUpperCase() === 'EXDATE') exclusions.push(...readExclusions(value, params));
    else if (name.toUpperCase() === 'DTSTART') throw refused('The rule holds DTSTART.', 'Write when it begins in "start".');
    else throw refused(`"${name.slice(0, 40)}" is not understood here.`, 'Give one RRULE, and EXDATE for what is left out.');
  }
  const [rule] = rules;
  if (rule === undefined || rules.length > 1) throw refused(`There are ${rules.length} rules; one is expected.`);
  return { rule, exclusions };
}

function readExclusions(values: string, params: readonly string[]): Exclusion[] {
  const zone = params.flatMap((param) => /^TZID=(.+)$/i.exec(param)?.[1] ?? [])[0];
  return values.split(',').map((written) => {
    const value = written.trim();
    if (!DATE_OR_TIME.test(value)) throw refused(`EXDATE has "${value.slice(0, 40)}".`, 'Write 20261231T090000, or 20261231 for all day.');
    return { value, zone };
  });
}

function readParts(rule: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of rule.toUpperCase().replace(/;$/, '').split(';')) {
    const [name = '', value = ''] = part.split('=', 2);
    const fits = PARTS.get(name);
    if (name === 'FREQ' && value === 'SECONDLY') throw refused('Nothing is started every second.', 'Take FREQ=MINUTELY.');
    if (!fits) throw refused(`"${name.slice(0, 40)}" is not understood in a rule.`, `What is: ${[...PARTS.keys()].join(', ')}.`);
    if (parts.has(name)) throw refused(`${name} stands twice.`);
    if (!fits(value)) throw refused(`${name} cannot be "${value.slice(0, 40)}".`, hintOf(name));
    parts.set(name, value);
  }
  if (!parts.has('FREQ')) throw refused('The rule has no FREQ.', 'Begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.');
  if (parts.has('COUNT') && parts.has('UNTIL')) throw refused('The rule has COUNT and UNTIL.', 'Keep one of them.');
  const times = sizeOf(parts.get('BYHOUR')) * sizeOf(parts.get('BYMINUTE'));
  if (times > MAX_TIMES_A_DAY)
    throw refused(`BYHOUR and BYMINUTE make ${times} times a day; at most ${MAX_TIMES_A_DAY}.`, 'Take FREQ=MINUTELY with an INTERVAL.');
  return parts;
}

const hintOf = (name: string): string | undefined =>
  name === 'COUNT' ? `At most ${MAX_COUNT}; without COUNT a rule has no end.` : undefined;
const sizeOf = (values: string | undefined): number => values?.split(',').length ?? 1;

/** A rule that is counted keeps its number, so it does not go through an hour twice. */
function isEveryHour(parts: ReadonlyMap<string, string>): boolean {
  const minutes = parts.get('FREQ') === 'MINUTELY' ? 1 : parts.get('FREQ') === 'HOURLY' ? HOUR_MINUTES : Number.POSITIVE_INFINITY;
  return minutes * Number(parts.get('INTERVAL') ?? 1) <= HOUR_MINUTES && !parts.has('BYHOUR') && !parts.has('COUNT');
}

function readUntil(value: string, timezone: string): number {
  if (value.includes('T')) return readMoment(value, timezone);
  const day = attempt(() => Temporal.PlainDate.from(value), 'has an UNTIL that is no day of the calendar');
  return day.add({ days: 1 }).toZonedDateTime(timezone).epochMilliseconds - 1;
}

const readMoment = (value: string, zone: string): number => attempt(() => momentOf(value, zone), `has "${value}", which is no moment`);

const readStart = (start: string, timezone: string): Temporal.PlainDateTime => {
  try {
    return localOf(start, timezone);
  } catch (cause) {
    const { message, hint } = asTaktError(cause);
    throw new TaktError('RRULE_INVALID', { pointer: '/start', message, hint, cause });
  }
};

const basicDay = (local: number): string => new Date(local).toISOString().slice(0, 10).replaceAll('-', '');

function attempt<T>(work: () => T, words: string): T {
  try {
    return work();
  } catch (cause) {
    throw new TaktError('RRULE_INVALID', { pointer: '/rrule', message: `The rule ${words}: ${asTaktError(cause).message}`, cause });
  }
}

const refused = (message: string, hint?: string): TaktError => new TaktError('RRULE_INVALID', { pointer: '/rrule', message, hint });

function number(least: number, most: number): (value: string) => boolean {
  return (value) => /^\d{1,4}$/.test(value) && Number(value) >= least && Number(value) <= most;
}

function fromEitherEnd(most: number): (value: string) => boolean {
  const fits = number(1, most);
  return (value) => fits(value.replace(/^[+-]/, ''));
}

function list(fits: (value: string) => boolean): (values: string) => boolean {
  return (values) => values.split(',').every(fits);
}
