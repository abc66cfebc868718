/** What people see of a calendar, day by day. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { monthOf, weekOf } from '../../engine/time/calendar-month.ts';
import { readCalendar } from '../../engine/time/working-calendar.ts';
import { workingDaysBetween, workingTimeBetween } from '../../engine/time/working-time.ts';
import type { Calendar } from '../../schemas/calendar.ts';

const OFFICE: [string, string][] = [
  ['09:00', '13:00'],
  ['14:00', '18:00'],
];
const hours: Calendar = {
  timezone: 'Europe/Moscow',
  days: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [['10:00', '24:00']] },
  holidays: ['2027-03-07', '2027-03-08', '2027-03-09'],
  special_days: {
    '2027-03-03': { shorter: 60 },
    '2027-03-04': [],
    '2027-03-05': [['10:00', '12:30']],
    '2027-03-09': { like: 'mon' },
    '2027-03-14': { like: 'fri' },
  },
};
const seen = (written: Calendar, month: string) => monthOf(readCalendar(written, 'UTC'), written, month);

test('every day of the month has its hours, and why they are not those of its weekday', () => {
  const { days } = seen(hours, '2027-03');
  expect(days).toHaveLength(31);
  expect(days[0]).toEqual({ date: '2027-03-01', weekday: 'mon', hours: OFFICE, minutes: 480, kind: 'usual', like: null, shorter: null });
  const short = days.slice(2, 14).map(({ date, kind, minutes }) => [date.slice(-2), kind, minutes / 60]);
  expect(short).toEqual([
    ['03', 'shortened', 7],
    ['04', 'free', 0],
    ['05', 'own_hours', 2.5],
    ['06', 'usual', 14],
    ['07', 'holiday', 0],
    ['08', 'holiday', 0],
    ['09', 'moved', 8],
    ['10', 'usual', 8],
    ['11', 'usual', 8],
    ['12', 'usual', 8],
    ['13', 'usual', 14],
    ['14', 'moved', 8],
  ]);
  expect(days[5]?.hours).toEqual([['10:00', '24:00']]);
  expect([days[2]?.shorter, days[8]?.like]).toEqual([60, 'mon']);
});

test('in the night in which clocks are moved the worked time is what the clocks leave of the hours', () => {
  const nights: Calendar = { timezone: 'Europe/Berlin', days: { sun: [['01:00', '04:00']] } };
  const sundays = (month: string) => seen(nights, month).days.flatMap(({ minutes }) => (minutes > 0 ? [minutes] : []));
  expect(sundays('2027-03')).toEqual([180, 180, 180, 120]);
  expect(sundays('2027-10')).toEqual([180, 180, 180, 180, 240]);
});

test('the week is as it is written, in order, Monday to Friday nine to six without one', () => {
  expect(weekOf(readCalendar({ days: { tue: OFFICE.toReversed() } }, 'UTC'))).toMatchObject({ mon: [], tue: OFFICE, sun: [] });
  expect(weekOf(readCalendar({}, 'UTC'))).toMatchObject({ fri: [['09:00', '18:00']], sat: [] });
});

test('the sums of a month are what is counted from its first moment to the first of the next', () => {
  const months = fc.integer({ min: 0, max: 47 }).map((n) => new Date(Date.UTC(2026, n)).toISOString().slice(0, 7));
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  fc.assert(
    fc.property(months, zones, (month, timezone) => {
      const calendar = readCalendar({ ...hours, timezone }, 'UTC');
      const { days, workingDays, workingMinutes } = monthOf(calendar, { ...hours, timezone }, month);
      const first = Temporal.PlainDate.from(`${month}-01`);
      const [from = 0, until = 0] = [first, first.add({ months: 1 })].map((day) => day.toZonedDateTime(timezone).epochMilliseconds);
      expect(workingMinutes).toBe(workingTimeBetween(calendar, from, until) / 60_000);
      expect(workingDays).toBe(workingDaysBetween(calendar, from - 1, until - 1));
      expect(days.filter((day) => day.hours.length > 0)).toHaveLength(workingDays);
    }),
  );
});
