import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeHolidays } from '../../api/calendars/merge.ts';
import type { Calendar } from '../../schemas/calendar.ts';

const day = (date: string) => ({ date, name: `Day ${date}` });
const ADMIN: Calendar = {
  timezone: 'Europe/Moscow',
  days: { sat: [['10:00', '12:00']] },
  holidays: ['2027-12-24', '2027-01-01'],
  special_days: { '2027-01-04': [['09:00', '13:00']] },
};

test('what is new goes into the holidays, what an admin has put there stays, a special day is left to say what it says', () => {
  const { hours, days } = mergeHolidays(ADMIN, ['2027-01-01', '2027-01-04', '2027-01-07'].map(day));
  expect(days.map(({ date, state }) => [date, state])).toEqual([
    ['2027-01-01', 'there'],
    ['2027-01-04', 'overruled'],
    ['2027-01-07', 'new'],
  ]);
  expect(hours).toEqual({ ...ADMIN, holidays: ['2027-01-01', '2027-01-07', '2027-12-24'] });
});

test('a second time nothing changes, whatever the calendar', () => {
  const date = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10));
  const calendar = fc.record({
    holidays: fc.array(date),
    special_days: fc.dictionary(date, fc.constantFrom({ shorter: 60 }, { like: 'mon' as const }), { maxKeys: 5 }),
  });
  fc.assert(
    fc.property(calendar, fc.uniqueArray(date), (hours, dates) => {
      const once = mergeHolidays(hours, dates.map(day));
      const twice = mergeHolidays(once.hours, dates.map(day));
      expect(twice.hours).toBe(once.hours);
      expect(twice.days.filter(({ state }) => state === 'new')).toEqual([]);
      expect(once.hours.special_days).toEqual(hours.special_days);
      for (const kept of hours.holidays) expect(once.hours.holidays).toContain(kept);
    }),
  );
});
