/** Working time where clocks and calendars turn: the nights in which clocks are moved, the ends of years, odd zones, people who move. */
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { readCalendar, type WorkingCalendar } from '../../engine/time/working-calendar.ts';
import { nextWorking, onWorkingDay } from '../../engine/time/working-hours.ts';
import { addWorkingTime, workingDaysBetween, workingTimeBetween } from '../../engine/time/working-time.ts';
import type { Calendar } from '../../schemas/calendar.ts';
import { NIGHTS } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Shifts around the clock, so that whatever is moved at night is worked; with lunch, a holiday at the turn of the year, short days. */
const SHIFTS: Calendar = {
  days: {
    mon: [
      ['00:00', '04:30'],
      ['09:00', '13:00'],
      ['14:00', '24:00'],
    ],
    tue: [['00:00', '24:00']],
    wed: [['01:30', '02:15']],
    fri: [['22:00', '24:00']],
    sat: [['00:00', '24:00']],
    sun: [
      ['00:00', '02:20'],
      ['02:40', '24:00'],
    ],
  },
  holidays: ['2026-01-01', '2027-01-01', '2028-01-01'],
  special_days: {
    '2026-12-31': { shorter: 90 },
    '2027-01-02': { like: 'mon' },
    '2027-01-03': [['01:00', '03:00']],
    '2027-03-28': { like: 'tue' },
  },
};
const OFFICE: Calendar = { holidays: ['2026-12-31', '2027-01-01'], special_days: { '2027-01-02': { like: 'mon' } } };

const shape = fc.constantFrom(SHIFTS, OFFICE);
/** Within half a day of the moment at which the clocks of a zone are moved. */
const nights = fc.tuple(fc.constantFrom(...NIGHTS), fc.integer({ min: -12 * HOUR, max: 12 * HOUR })).map(([{ timezone, change }, off]) => ({
  timezone,
  at: change + off,
}));
const ODD_ZONES = [
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'America/St_Johns',
] as const;
/** Within two days of a turn of the year, also in zones whose clocks stand at odd minutes, on both sides of the date line. */
const turns = fc
  .tuple(fc.constantFrom(...ODD_ZONES, 'Europe/Moscow'), fc.constantFrom(2026, 2027, 2028), fc.integer({ min: -2 * DAY, max: 2 * DAY }))
  .map(([timezone, year, off]) => ({ timezone, at: Date.UTC(year, 0) + off }));
const place = fc.oneof(nights, turns);
const length = fc.oneof(fc.integer({ min: 1, max: 3 * HOUR }), fc.integer({ min: 1, max: 90 * DAY }));
const sign = fc.constantFrom(1, -1);

const inZone = (written: Calendar, timezone: string): WorkingCalendar => readCalendar({ ...written, timezone }, 'UTC');

test('adding is additive across them, forwards and backwards', () => {
  fc.assert(
    fc.property(shape, place, length, length, sign, (written, { timezone, at }, first, second, direction) => {
      const calendar = inZone(written, timezone);
      const stepwise = addWorkingTime(calendar, addWorkingTime(calendar, at, direction * first), direction * second);
      expect(stepwise).toBe(addWorkingTime(calendar, at, direction * (first + second)));
    }),
    { numRuns: 300 },
  );
});

test('adding is the inverse of measuring across them, and gives the first moment', () => {
  fc.assert(
    fc.property(shape, place, length, sign, (written, { timezone, at }, ms, direction) => {
      const calendar = inZone(written, timezone);
      const reached = addWorkingTime(calendar, at, direction * ms);
      expect(workingTimeBetween(calendar, at, reached)).toBe(direction * ms);
      expect(Math.abs(workingTimeBetween(calendar, at, reached - direction))).toBe(ms - 1);
    }),
    { numRuns: 300 },
  );
});

test('later work ends later, and work never ends before it begins', () => {
  fc.assert(
    fc.property(shape, place, length, fc.integer({ min: 0, max: 2 * DAY }), (written, { timezone, at }, ms, later) => {
      const calendar = inZone(written, timezone);
      const reached = addWorkingTime(calendar, at, ms);
      expect(reached).toBeGreaterThanOrEqual(at + ms);
      expect(addWorkingTime(calendar, at + later, ms)).toBeGreaterThanOrEqual(reached);
    }),
  );
});

test('what is worked minute by minute on the clock of the zone is what is measured', () => {
  const onClock = (calendar: WorkingCalendar, ms: number): boolean => {
    const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(calendar.zone);
    const day = Temporal.PlainDate.from('1970-01-01').until(local.toPlainDate()).days;
    const time = (local.hour * 60 + local.minute) * MINUTE;
    const other = calendar.others.indexOf(day);
    const spans = other < 0 ? calendar.week[local.dayOfWeek - 1] : calendar.otherHours[other];
    return (spans ?? []).some(({ from, to }) => from <= time && time < to);
  };
  fc.assert(
    fc.property(shape, place, fc.integer({ min: 1, max: 600 }), (written, { timezone, at }, minutes) => {
      const calendar = inZone(written, timezone);
      const from = Math.floor(at / MINUTE) * MINUTE;
      const worked = Array.from({ length: minutes }, (_, i) => from + i * MINUTE).filter((ms) => onClock(calendar, ms));
      expect(workingTimeBetween(calendar, from, from + minutes * MINUTE)).toBe(worked.length * MINUTE);
    }),
    { numRuns: 60 },
  );
});

test('a working day keeps the local time, whatever the clocks do in between', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 20 }), ({ timezone, at }, days) => {
      const calendar = inZone(OFFICE, timezone);
      const reached = onWorkingDay(calendar, at, days, '14:30');
      const local = Temporal.Instant.fromEpochMilliseconds(reached).toZonedDateTimeISO(timezone);
      expect(local.toPlainTime().toString({ smallestUnit: 'minute' })).toBe('14:30');
      expect(workingDaysBetween(calendar, at, reached)).toBe(days);
    }),
  );
});

test('so many working days before a day lies the day from which they lead back to it', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 20 }), ({ timezone, at }, days) => {
      const calendar = inZone(OFFICE, timezone);
      const worked = onWorkingDay(calendar, at, 0, '23:59');
      const before = onWorkingDay(calendar, worked, -days, '12:00');
      expect(workingDaysBetween(calendar, before, worked)).toBe(days);
      expect(onWorkingDay(calendar, before, days, '23:59')).toBe(worked);
      // A day that is not worked counts for none: the nearest working day is one day away on either side.
      const off = onWorkingDay(calendar, at, -1, '12:00');
      expect(workingDaysBetween(calendar, off, at)).toBe(workingDaysBetween(calendar, at - DAY, at) === 1 ? 1 : 0);
    }),
  );
});

/** Clocks that are not moved in these years. */
const STEADY = ['Europe/Moscow', 'Asia/Kolkata', 'Asia/Vladivostok', 'Asia/Tokyo', 'UTC', 'America/Phoenix'] as const;
const offset = (timezone: string): number =>
  Temporal.Instant.from('2026-06-01T00:00Z').toZonedDateTimeISO(timezone).offsetNanoseconds / 1e6;

test('who moves to another zone works the same hours there, at the same local times', () => {
  const zone = fc.constantFrom(...STEADY);
  const moment = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
  fc.assert(
    fc.property(shape, zone, zone, moment, length, (written, here, there, at, ms) => {
      const [before, after] = [inZone(written, here), inZone(written, there)];
      const shift = offset(here) - offset(there);
      expect(addWorkingTime(after, at + shift, ms)).toBe(addWorkingTime(before, at, ms) + shift);
      expect(nextWorking(after, at + shift)).toBe(nextWorking(before, at) + shift);
    }),
  );
});

test('work that is begun in one zone and finished in another is neither lost nor done twice', () => {
  fc.assert(
    fc.property(shape, place, place, length, fc.double({ min: 0, max: 1, noNaN: true }), (written, from, to, ms, part) => {
      const [before, after] = [inZone(written, from.timezone), inZone(written, to.timezone)];
      const done = Math.floor(ms * part);
      const moved = addWorkingTime(before, from.at, done);
      const reached = addWorkingTime(after, moved, ms - done);
      expect(workingTimeBetween(before, from.at, moved) + workingTimeBetween(after, moved, reached)).toBe(ms);
    }),
  );
});
