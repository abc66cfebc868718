/** When somebody works: examples, and what holds of every calendar. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCalendar } from '../../engine/time/working-calendar.ts';
import { isWorking, leftUntilBreak, nextWorking, onWorkingDay } from '../../engine/time/working-hours.ts';
import { addWorkingTime, workingTimeBetween } from '../../engine/time/working-time.ts';
import { refusal } from '../support/refusal.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString().replace(':00.000', '');

const everyDay = (names: string, ...spans: [string, string][]): Record<string, [string, string][]> =>
  Object.fromEntries(names.split(' ').map((name) => [name, spans]));
const WEEK = 'mon tue wed thu fri';
const office = readCalendar(
  { timezone: 'Europe/Moscow', days: everyDay(WEEK, ['09:00', '13:00'], ['14:00', '18:00']), holidays: ['2026-03-09'] },
  'UTC',
);
const slots = readCalendar({ timezone: 'Asia/Kolkata', days: everyDay('tue wed thu', ['10:00', '11:00'], ['14:00', '15:00']) }, 'UTC');

test.each([
  ['inside them it is the moment itself', office, '2026-03-10T07:30Z', '2026-03-10T07:30Z'],
  ['at their first moment, too', office, '2026-03-10T06:00Z', '2026-03-10T06:00Z'],
  ['at lunch it is the afternoon', office, '2026-03-10T10:00Z', '2026-03-10T11:00Z'],
  ['in the evening it is the morning', office, '2026-03-10T15:00Z', '2026-03-11T06:00Z'],
  ['over a weekend and a holiday', office, '2026-03-06T15:00Z', '2026-03-10T06:00Z'],
  ['a slot of the same day, in a zone of half an hour', slots, '2026-03-10T06:00Z', '2026-03-10T08:30Z'],
  ['a slot of the next week', slots, '2026-03-12T09:30Z', '2026-03-17T04:30Z'],
])('the next working moment: %s', (_, calendar, from, expected) => {
  expect(iso(nextWorking(calendar, at(from)))).toBe(expected);
});

test.each([
  ['until lunch', '2026-03-10T09:50Z', 10],
  ['until the end of the day', '2026-03-10T11:00Z', 240],
  ['none at lunch', '2026-03-10T10:30Z', 0],
  ['none at the very end', '2026-03-10T15:00Z', 0],
])('what is left until a break: %s', (_, from, minutes) => {
  expect(leftUntilBreak(office, at(from)) / MINUTE).toBe(minutes);
});

test('hours that follow each other are one stretch, also over midnight, of a day at most', () => {
  const shift = readCalendar(
    {
      timezone: 'UTC',
      days: {
        mon: [['20:00', '24:00']],
        tue: [
          ['00:00', '02:00'],
          ['02:00', '06:00'],
        ],
      },
    },
    'UTC',
  );
  expect(leftUntilBreak(shift, at('2026-03-09T21:00Z')) / HOUR).toBe(9);
  const always = readCalendar({ timezone: 'UTC', days: everyDay(`${WEEK} sat sun`, ['00:00', '24:00']) }, 'UTC');
  expect(leftUntilBreak(always, at('2026-03-09T21:00Z')) / HOUR).toBe(24);
});

test.each([
  ['the next one at a time', '2026-03-06T07:00Z', 1, '14:00', '2026-03-10T11:00Z'],
  ['the next one at the same time', '2026-03-06T07:00Z', 1, undefined, '2026-03-10T07:00Z'],
  ['the next one from a night', '2026-03-06T20:00Z', 1, undefined, '2026-03-11T06:00Z'],
  ['two on, at lunch', '2026-03-04T10:30Z', 2, undefined, '2026-03-06T11:00Z'],
  ['the same day where the time is to come', '2026-03-06T07:00Z', 0, '14:00', '2026-03-06T11:00Z'],
  ['not the same day where the time is over', '2026-03-06T12:00Z', 0, '14:00', '2026-03-10T11:00Z'],
  ['from a Sunday', '2026-03-08T12:00Z', 0, '14:00', '2026-03-10T11:00Z'],
  ['one on from a Sunday', '2026-03-08T12:00Z', 1, '14:00', '2026-03-10T11:00Z'],
])('a working day: %s', (_, from, days, time, expected) => {
  expect(iso(onWorkingDay(office, at(from), days, time))).toBe(expected);
});

test('on the night when clocks are moved hours keep to the clock', () => {
  const berlin = readCalendar({ timezone: 'Europe/Berlin', days: everyDay('sun mon', ['01:00', '04:00']) }, 'UTC');
  expect(iso(onWorkingDay(berlin, at('2026-03-28T12:00Z'), 1, '03:00'))).toBe('2026-03-29T01:00Z');
  expect(leftUntilBreak(berlin, at('2026-03-29T00:00Z')) / HOUR).toBe(2);
  expect(leftUntilBreak(berlin, at('2026-10-24T23:00Z')) / HOUR).toBe(4);
});

test('who moves to another zone works at the same hours there', () => {
  const days = everyDay(WEEK, ['09:00', '18:00']);
  const [before, after] = ['Europe/Moscow', 'Asia/Vladivostok'].map((timezone) => readCalendar({ days }, timezone));
  expect([before, after].map((one) => one && iso(nextWorking(one, at('2026-03-10T00:00Z'))))).toEqual([
    '2026-03-10T06:00Z',
    '2026-03-10T00:00Z',
  ]);
});

test('a calendar without a working hour in the next year is told', () => {
  const once = readCalendar({ timezone: 'UTC', days: {}, special_days: { '2026-03-10': [['09:00', '10:00']] } }, 'UTC');
  expect(iso(nextWorking(once, at('2025-06-01')))).toBe('2026-03-10T09:00Z');
  for (const work of [
    () => nextWorking(once, at('2026-03-11')),
    () => onWorkingDay(once, at('2026-03-11'), 1),
    () => onWorkingDay(once, at('2026-03-09'), 2),
  ])
    expect(refusal(work).code).toBe('CALENDAR_WITHOUT_HOURS');
});

const moments = fc.integer({ min: at('2025-10-01'), max: at('2027-04-01') });
const calendars = fc.constantFrom(office, slots);

test('the next working moment is working, and nothing is worked before it', () => {
  fc.assert(
    fc.property(calendars, moments, (calendar, from) => {
      const next = nextWorking(calendar, from);
      expect(isWorking(calendar, next)).toBe(true);
      expect(workingTimeBetween(calendar, from, next)).toBe(0);
      expect(nextWorking(calendar, next)).toBe(next);
    }),
  );
});

test('what is left until a break is worked, and its end is not', () => {
  fc.assert(
    fc.property(calendars, moments, (calendar, from) => {
      const left = leftUntilBreak(calendar, from);
      expect(workingTimeBetween(calendar, from, from + left)).toBe(left);
      expect(isWorking(calendar, from + left)).toBe(false);
      expect(left).toBe(isWorking(calendar, from) ? addWorkingTime(calendar, from, left) - from : 0);
    }),
  );
});
