import { describe, expect, it } from 'vitest';
import { afterWork, daysOf } from '../../../examples/welding-shop/hours.ts';

const HOUR = 3_600_000;
const calendar = {
  timezone: 'Europe/Moscow',
  days: {
    mon: [['09:00', '13:00'] as [string, string], ['14:00', '24:00'] as [string, string]],
    tue: [['09:00', '18:00'] as [string, string]],
  },
  holidays: ['2026-06-08'],
};
const local = (text: string): number => Date.parse(`${text}+03:00`);

describe('days', () => {
  it('have their hours in the zone of the calendar; 24:00 is midnight', () => {
    const [monday, , wednesday] = daysOf(calendar, '2026-06-01', 3);
    expect(monday).toEqual({
      date: '2026-06-01',
      from: local('2026-06-01T00:00'),
      until: local('2026-06-02T00:00'),
      work: [
        { from: local('2026-06-01T09:00'), until: local('2026-06-01T13:00') },
        { from: local('2026-06-01T14:00'), until: local('2026-06-02T00:00') },
      ],
    });
    expect(wednesday?.work).toEqual([]);
  });

  it('are free on holidays and on leave, whose last day is in it', () => {
    const days = daysOf(calendar, '2026-06-01', 16, { from: '2026-06-02', until: '2026-06-09' });
    expect(days.filter(({ work }) => work.length > 0).map(({ date }) => date)).toEqual(['2026-06-01', '2026-06-15', '2026-06-16']);
  });

  it('are as long as they are where clocks change', () => {
    const [day] = daysOf({ timezone: 'Europe/Berlin', days: { sun: [['01:00', '04:00']] } }, '2026-03-29', 1);
    expect(day && (day.until - day.from) / HOUR).toBe(23);
    expect(day?.work.map(({ from, until }) => (until - from) / HOUR)).toEqual([2]);
  });
});

describe('after so much work', () => {
  const days = daysOf(calendar, '2026-06-01', 2);

  it('lunch and night do not count', () => {
    expect(afterWork(days, local('2026-06-01T12:30'), HOUR)).toBe(local('2026-06-01T14:30'));
    expect(afterWork(days, local('2026-06-01T23:30'), HOUR)).toBe(local('2026-06-02T09:30'));
  });

  it('counting begins with the first hour of work', () => {
    expect(afterWork(days, local('2026-06-01T03:00'), HOUR)).toBe(local('2026-06-01T10:00'));
  });

  it('fails where the days do not reach so far', () => {
    expect(() => afterWork(days, local('2026-06-02T17:30'), HOUR)).toThrow(RangeError);
  });
});
