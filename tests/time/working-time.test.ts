/** Working time by calendar: examples, the nights when clocks change, and laws that hold for every calendar. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { readCalendar } from '../../engine/time/working-calendar.ts';
import { addWorkingTime, workingDaysBetween, workingTimeBetween } from '../../engine/time/working-time.ts';
import type { Calendar } from '../../schemas/calendar.ts';
import { refusal } from '../support/refusal.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace(':00.000', '');

const office = readCalendar({ timezone: 'Europe/Moscow' }, 'UTC');
const shop = readCalendar(
  {
    timezone: 'Europe/Moscow',
    days: {
      mon: [
        ['14:00', '18:00'],
        ['09:00', '13:00'],
      ],
      sat: [['10:00', '24:00']],
    },
    holidays: ['2026-03-09', '2026-03-08', '2026-03-09'],
  },
  'UTC',
);

test.each([
  ['within a day', '2026-03-10T07:00Z', '2026-03-10T09:30Z', 2.5],
  ['over a night', '2026-03-10T14:00Z', '2026-03-11T07:00Z', 2],
  ['over a weekend', '2026-03-06T14:00Z', '2026-03-09T07:00Z', 2],
  ['in a night', '2026-03-10T16:00Z', '2026-03-11T05:00Z', 0],
  ['backwards', '2026-03-09T07:00Z', '2026-03-06T14:00Z', -2],
  ['over a year', '2026-01-01T00:00Z', '2027-01-01T00:00Z', 261 * 9],
])('time passes in working hours only: %s', (_, from, to, hours) => {
  expect(workingTimeBetween(office, at(from), at(to)) / HOUR).toBe(hours);
});

test.each([
  ['the same day', '2026-03-10T07:00Z', 2, '2026-03-10T09:00Z'],
  ['from a night', '2026-03-10T20:00Z', 1, '2026-03-11T07:00Z'],
  ['until the day is over, not until the next begins', '2026-03-10T13:00Z', 2, '2026-03-10T15:00Z'],
  ['over a weekend', '2026-03-06T14:30Z', 1, '2026-03-09T06:30Z'],
  ['no time at all', '2026-03-07T10:00Z', 0, '2026-03-07T10:00Z'],
  ['backwards over a weekend', '2026-03-09T06:30Z', -1, '2026-03-06T14:30Z'],
  ['backwards until the day begins', '2026-03-09T07:00Z', -1, '2026-03-09T06:00Z'],
])('a moment by working hours: %s', (_, from, hours, moment) => {
  expect(iso(addWorkingTime(office, at(from), hours * HOUR))).toBe(moment);
});

test('breaks, long days and holidays count as they are written', () => {
  expect(workingTimeBetween(shop, at('2026-03-02T00:00Z'), at('2026-03-03T00:00Z')) / HOUR).toBe(8);
  expect(iso(addWorkingTime(shop, at('2026-03-02T09:00Z'), 2 * HOUR))).toBe('2026-03-02T12:00Z');
  expect(iso(addWorkingTime(shop, at('2026-03-07T20:00Z'), 2 * HOUR))).toBe('2026-03-14T08:00Z');
});

test.each([
  ['the same day', '2026-03-10T07:00Z', '2026-03-10T20:00Z', 0],
  ['to the next day', '2026-03-10T07:00Z', '2026-03-11T01:00Z', 1],
  ['from Friday to Monday', '2026-03-06T07:00Z', '2026-03-09T07:00Z', 1],
  ['from Saturday to Sunday', '2026-03-07T07:00Z', '2026-03-08T07:00Z', 0],
  ['over midnight in the zone', '2026-03-10T20:00Z', '2026-03-10T22:00Z', 1],
  ['backwards', '2026-03-11T07:00Z', '2026-03-06T07:00Z', -3],
])('working days are days of the calendar: %s', (_, from, to, days) => {
  expect(workingDaysBetween(office, at(from), at(to))).toBe(days);
});

test('special days have the hours that they say, and count before holidays', () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'].map((name) => [
    name,
    [
      ['09:00', '13:00'],
      ['14:00', '18:00'],
    ],
  ]);
  const special_days = {
    '2026-03-07': { like: 'fri' },
    '2026-03-06': { shorter: 60 },
    '2026-03-05': { shorter: 300 },
    '2026-03-04': [['10:00', '12:00']],
    '2026-03-09': [['11:00', '12:00']],
    '2026-03-10': [],
  };
  const given = readCalendar({ timezone: 'UTC', days: Object.fromEntries(days), holidays: ['2026-03-09'], special_days }, 'UTC');
  const hours = (day: string): number => workingTimeBetween(given, at(`${day}T00:00Z`), at(`${day}T24:00Z`)) / HOUR;
  expect(['03', '04', '05', '06', '07', '08', '09', '10'].map((day) => hours(`2026-03-${day}`))).toEqual([8, 2, 3, 7, 8, 0, 1, 0]);
  expect(iso(addWorkingTime(given, at('2026-03-06T13:00Z'), 5 * HOUR))).toBe('2026-03-07T11:00Z');
  expect(workingDaysBetween(given, at('2026-03-06T12:00Z'), at('2026-03-11T12:00Z'))).toBe(3);
});

test('a holiday is no working day, and a Sunday that is a holiday takes nothing away', () => {
  const plain = readCalendar({ timezone: 'Europe/Moscow' }, 'UTC');
  const holiday = readCalendar({ timezone: 'Europe/Moscow', holidays: ['2026-03-08', '2026-03-09'] }, 'UTC');
  const [from, to] = [at('2026-03-06T12:00Z'), at('2026-03-13T12:00Z')];
  expect(workingDaysBetween(plain, from, to)).toBe(5);
  expect(workingDaysBetween(holiday, from, to)).toBe(4);
});

/** Everybody works at night, so that the hour that is moved is a working one. */
const night = (timezone: string) =>
  readCalendar({ timezone, days: Object.fromEntries(['sat', 'sun', 'mon'].map((day) => [day, [['00:00', '24:00']]])) }, 'UTC');

test.each([
  ['spring in Berlin', 'Europe/Berlin', '2026-03-28T23:00Z', '2026-03-29T22:00Z', 23],
  ['autumn in Berlin', 'Europe/Berlin', '2026-10-24T22:00Z', '2026-10-25T23:00Z', 25],
  ['spring in New York', 'America/New_York', '2026-03-08T05:00Z', '2026-03-09T04:00Z', 23],
  ['half an hour on Lord Howe', 'Australia/Lord_Howe', '2026-04-04T13:00Z', '2026-04-05T13:30Z', 24.5],
  ['no change in Moscow', 'Europe/Moscow', '2026-03-28T21:00Z', '2026-03-29T21:00Z', 24],
])('a day has the hours that its clocks show: %s', (_, zone, from, to, hours) => {
  expect(workingTimeBetween(night(zone), at(from), at(to)) / HOUR).toBe(hours);
  expect(addWorkingTime(night(zone), at(from), hours * HOUR)).toBe(at(to));
  expect(addWorkingTime(night(zone), at(to), -hours * HOUR)).toBe(at(from));
});

test('an hour that is skipped is not worked, one that is repeated is worked twice', () => {
  const early = readCalendar({ timezone: 'Europe/Berlin', days: { sun: [['02:00', '03:00']] } }, 'UTC');
  const worked = (from: string, to: string): number => workingTimeBetween(early, at(from), at(to)) / HOUR;
  expect(worked('2026-03-28T12:00Z', '2026-03-29T12:00Z')).toBe(0);
  expect(worked('2026-04-04T12:00Z', '2026-04-05T12:00Z')).toBe(1);
  expect(worked('2026-10-24T12:00Z', '2026-10-25T12:00Z')).toBe(2);
});

test('a working day keeps its hours by the clock when the clocks are moved', () => {
  const berlin = readCalendar({ timezone: 'Europe/Berlin' }, 'UTC');
  expect(iso(addWorkingTime(berlin, at('2026-03-27T17:00Z'), 9 * HOUR))).toBe('2026-03-30T16:00Z');
  expect(iso(addWorkingTime(berlin, at('2026-10-23T16:00Z'), 9 * HOUR))).toBe('2026-10-26T17:00Z');
});

const quarters = fc.integer({ min: 0, max: 96 });
const timeOf = (quarter: number): string =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`;
const day = fc
  .uniqueArray(quarters, { maxLength: 6 })
  .map((list) => list.sort((first, second) => first - second))
  .map((list) =>
    Array.from({ length: list.length >> 1 }, (_, i): [string, string] => [timeOf(list[2 * i] ?? 0), timeOf(list[2 * i + 1] ?? 0)]),
  );
const zone = fc.constantFrom(
  'UTC',
  'Europe/Moscow',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Cairo',
);
const days = fc.record({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day });
const date = fc.integer({ min: 0, max: 60 }).map((n) => new Date(at('2026-03-01') + n * 24 * HOUR).toISOString().slice(0, 10));
const special = fc.oneof(
  day,
  fc.constantFrom('mon', 'wed', 'sun').map((like) => ({ like })),
  fc.constantFrom(30, 60, 1_440).map((shorter) => ({ shorter })),
);
const source: fc.Arbitrary<Calendar> = fc
  .record({ timezone: zone, days, holidays: fc.array(date), special_days: fc.dictionary(date, special, { maxKeys: 8 }) })
  .filter((calendar) => Object.values(calendar.days).some((spans) => spans.length > 0));
const calendar = source.map((written) => readCalendar(written, 'UTC'));
const moment = fc.integer({ min: at('2025-06-01'), max: at('2027-06-01') });
const duration = fc.integer({ min: 1, max: 400 * HOUR });

test('adding is additive, forwards and backwards', () => {
  fc.assert(
    fc.property(calendar, moment, duration, duration, fc.constantFrom(1, -1), (given, from, first, second, sign) => {
      const stepwise = addWorkingTime(given, addWorkingTime(given, from, sign * first), sign * second);
      expect(stepwise).toBe(addWorkingTime(given, from, sign * (first + second)));
    }),
  );
});

test('adding is the inverse of measuring, and gives the first moment for which that holds', () => {
  fc.assert(
    fc.property(calendar, moment, duration, fc.constantFrom(1, -1), (given, from, length, sign) => {
      const reached = addWorkingTime(given, from, sign * length);
      expect(workingTimeBetween(given, from, reached)).toBe(sign * length);
      expect(Math.abs(workingTimeBetween(given, from, reached - sign))).toBe(length - 1);
    }),
  );
});

test('time passes in pieces as it does at once', () => {
  fc.assert(
    fc.property(calendar, fc.tuple(moment, moment, moment), (given, [a, b, c]) => {
      expect(workingTimeBetween(given, a, b) + workingTimeBetween(given, b, c)).toBe(workingTimeBetween(given, a, c));
      expect(workingDaysBetween(given, a, b) + workingDaysBetween(given, b, c)).toBe(workingDaysBetween(given, a, c));
    }),
  );
});

type Weekday = keyof NonNullable<Calendar['days']>;

function hoursOn(written: Calendar, weekday: Weekday, date: string): [string, string][] {
  const special = written.special_days?.[date];
  const usual = (name: Weekday): [string, string][] => written.days?.[name] ?? [];
  if (Array.isArray(special)) return special;
  if (special === undefined) return (written.holidays ?? []).includes(date) ? [] : usual(weekday);
  if ('like' in special) return usual(special.like);
  // A quarter of an hour at a time from the end.
  const quarters = usual(weekday)
    .toSorted()
    .flatMap(([from, to]) => quartersOf(from, to));
  return quarters.slice(0, Math.max(0, quarters.length - special.shorter / 15));
}

function quartersOf(from: string, to: string): [string, string][] {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const text = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return Array.from({ length: (minutes(to) - minutes(from)) / 15 }, (_, i) => [
    text(minutes(from) + i * 15),
    text(minutes(from) + (i + 1) * 15),
  ]);
}

/** The same by looking at every quarter of an hour, one after the other. */
function slowly(written: Calendar, from: number, to: number): number {
  let sum = 0;
  for (let ms = from; ms < to; ms += HOUR / 4) {
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(written.timezone ?? '');
    const name = (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)[local.dayOfWeek - 1] ?? 'mon';
    const time = local.toPlainTime().toString({ smallestUnit: 'minute' });
    if (hoursOn(written, name, local.toPlainDate().toString()).some(([start, end]) => time >= start && time < end)) sum += HOUR / 4;
  }
  return sum;
}

test('sums over weeks come to what every quarter of an hour comes to', () => {
  const start = fc.integer({ min: 0, max: 366 * 96 }).map((n) => at('2026-01-01') + (n * HOUR) / 4);
  fc.assert(
    fc.property(source, start, fc.integer({ min: 0, max: 8 * 96 }), (written, from, count) => {
      const to = from + (count * HOUR) / 4;
      expect(workingTimeBetween(readCalendar(written, 'UTC'), from, to)).toBe(slowly(written, from, to));
    }),
    { numRuns: 60 },
  );
});

test.each<[string, unknown, string]>([
  ['no working hour', { days: {} }, '/days'],
  ['hours that end before they begin', { days: { mon: [['18:00', '09:00']] } }, '/days/mon/0'],
  [
    'hours that overlap',
    {
      days: {
        tue: [
          ['09:00', '13:00'],
          ['12:00', '18:00'],
        ],
      },
    },
    '/days/tue',
  ],
  ['a time that is none', { days: { mon: [['9:00', '18:00']] } }, '/days/mon/0/0'],
  ['an hour after midnight', { days: { mon: [['09:00', '24:30']] } }, '/days/mon/0/1'],
  ['a day that is none', { days: { monday: [] } }, '/days/monday'],
  ['a holiday that is none', { holidays: ['2026-01-01', '2026-02-30'] }, '/holidays/1'],
  ['a special day that is no day', { special_days: { tomorrow: [] } }, '/special_days'],
  ['a special day like no weekday', { special_days: { '2026-03-02': { like: 'monday' } } }, '/special_days/2026-03-02/like'],
  [
    'a special day with hours that overlap',
    {
      special_days: {
        '2026-03-02': [
          ['09:00', '13:00'],
          ['12:00', '14:00'],
        ],
      },
    },
    '/special_days/2026-03-02',
  ],
  ['too many holidays', { holidays: Array(10_001).fill('2026-01-01') }, '/holidays'],
  ['a list', [], ''],
  ['an unknown part', { zone: 'Europe/Moscow' }, '/zone'],
])('a calendar with %s is refused, with its place', (_, written, pointer) => {
  const error = refusal(() => readCalendar(written, 'UTC'));
  expect(error.code).toBe('CALENDAR_INVALID');
  expect(error.place.pointer).toBe(pointer);
  expect(error.hint).not.toBe('');
});

test('a zone that does not exist is told', () => {
  expect(refusal(() => readCalendar({ timezone: 'Mars/Base' }, 'UTC')).code).toBe('TIMEZONE_UNKNOWN');
  expect(refusal(() => readCalendar({}, 'Mars/Base')).code).toBe('TIMEZONE_UNKNOWN');
});

test.each([
  ['more hours than a hundred years have', () => addWorkingTime(office, at('2026-03-10'), 1e9 * HOUR)],
  ['the same backwards', () => addWorkingTime(office, at('2026-03-10'), -1e9 * HOUR)],
  ['two moments that lie too far apart', () => workingTimeBetween(office, at('1901-01-01'), at('2026-01-01'))],
  ['a year before all calendars', () => workingDaysBetween(office, at('0001-01-01'), at('2026-01-01'))],
  ['no number', () => workingTimeBetween(office, at('2026-01-01'), Number.NaN)],
])('what reaches too far is an error: %s', (_, work) => {
  expect(refusal(work).code).toBe('WORKING_TIME_FAR');
});
