import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAllowed, nextTimeOfDay, withinDaily } from '../../engine/time/daily.ts';
import { momentOf } from '../../engine/time/moment.ts';
import { refusal } from '../support/refusal.ts';
import { clock, ms, NIGHTS, ZONES } from './support.ts';

const MINUTE = 60_000;
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
/** Times around which clocks change. */
const nightTime = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.constantFrom(0, 10, 15, 30, 45, 59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const window = fc.record({ from: fc.oneof(time, nightTime), to: fc.oneof(time, nightTime) });
const anyMoment = fc
  .tuple(fc.integer({ min: ms('2025-01-01T00:00Z') / MINUTE, max: ms('2028-06-01T00:00Z') / MINUTE }), fc.constantFrom(...ZONES))
  .map(([minutes, timezone]) => ({ now: minutes * MINUTE, timezone }));
const nightMoment = fc
  .tuple(fc.constantFrom(...NIGHTS), fc.integer({ min: -1_500, max: 300 }))
  .map(([{ timezone, change }, minutes]) => ({ now: change + minutes * MINUTE, timezone }));
const moment = fc.oneof(anyMoment, nightMoment);

describe('the next time of day', () => {
  const next = (from: string, at: string, timezone: string): string =>
    clock(nextTimeOfDay(momentOf(from, timezone), at, timezone), timezone);

  it.each([
    ['2027-01-04T08:59', '09:00', 'Europe/Moscow', '2027-01-04T09:00+03:00'],
    ['2027-01-04T09:00', '09:00', 'Europe/Moscow', '2027-01-04T09:00+03:00'],
    ['2027-01-04T09:00:01', '09:00', 'Europe/Moscow', '2027-01-05T09:00+03:00'],
    ['2026-12-31T09:01', '09:00', 'Europe/Berlin', '2027-01-01T09:00+01:00'],
    ['2028-02-28T10:00', '00:00', 'Europe/Berlin', '2028-02-29T00:00+01:00'],
    ['2026-03-28T10:00', '09:00', 'Europe/Berlin', '2026-03-29T09:00+02:00'],
    ['2026-03-28T10:00', '02:30', 'Europe/Berlin', '2026-03-29T03:30+02:00'],
    ['2027-03-13T10:00', '02:30', 'America/New_York', '2027-03-14T03:30-04:00'],
    ['2027-10-02T10:00', '02:15', 'Australia/Lord_Howe', '2027-10-03T02:45+11:00'],
    ['2026-03-21T10:00', '02:30', 'Africa/Casablanca', '2026-03-22T03:30+01:00'],
    ['2026-03-28T10:00', '02:30', 'Europe/Moscow', '2026-03-29T02:30+03:00'],
    ['2027-10-30T10:00', '02:30', 'Europe/Berlin', '2027-10-31T02:30+02:00'],
    ['2026-10-31T10:00', '01:30', 'America/New_York', '2026-11-01T01:30-04:00'],
    ['2026-04-04T10:00', '01:45', 'Australia/Lord_Howe', '2026-04-05T01:45+11:00'],
    ['2026-02-14T10:00', '02:30', 'Africa/Casablanca', '2026-02-15T02:30+01:00'],
    // in the second pass of the repeated hour the first is over
    ['2027-10-31T02:40+01:00', '02:45', 'Europe/Berlin', '2027-11-01T02:45+01:00'],
  ])('from %s to %s in %s is %s', (from, at, timezone, expected) => {
    expect(next(from, at, timezone)).toBe(expected);
  });

  it('is not before, close by, and itself the next', () => {
    fc.assert(
      fc.property(moment, fc.oneof(time, nightTime), ({ now, timezone }, at) => {
        const found = nextTimeOfDay(now, at, timezone);
        expect(found).toBeGreaterThanOrEqual(now);
        expect(found).toBeLessThan(now + 26 * 60 * MINUTE);
        expect(nextTimeOfDay(found, at, timezone)).toBe(found);
      }),
    );
  });

  it('is written as HH:MM', () => {
    for (const bad of ['9:00', '24:00', '09:60', '09:00:00', ' 09:00', ''])
      expect(refusal(() => nextTimeOfDay(0, bad, 'UTC'))).toMatchObject({ code: 'NODE_TIME', hint: 'Write hours and minutes as 09:00.' });
  });
});

describe('a window of the day', () => {
  const inside = (at: string, from: string, to: string, timezone = 'Europe/Berlin'): boolean =>
    withinDaily(momentOf(at, timezone), { from, to }, timezone);

  it.each([
    ['2027-01-04T08:59:59', false],
    ['2027-01-04T09:00', true],
    ['2027-01-04T19:59:59', true],
    ['2027-01-04T20:00', false],
  ])('from 09:00 to 20:00 at %s: %s', (at, expected) => {
    expect(inside(at, '09:00', '20:00')).toBe(expected);
  });

  it.each([
    ['2026-12-31T21:59', false],
    ['2026-12-31T22:00', true],
    ['2027-01-01T00:00', true],
    ['2027-01-01T05:59', true],
    ['2027-01-01T06:00', false],
  ])('from 22:00 to 06:00, over midnight, at %s: %s', (at, expected) => {
    expect(inside(at, '22:00', '06:00')).toBe(expected);
  });

  it('from a time to the same time is all day', () => {
    for (const at of ['00:00', '08:59', '09:00', '23:59']) expect(inside(`2027-01-04T${at}`, '09:00', '09:00')).toBe(true);
  });

  it('is meant in the zone', () => {
    const now = ms('2027-01-04T07:30Z');
    const hours = { from: '09:00', to: '20:00' };
    expect(['Europe/Moscow', 'Europe/Berlin', 'America/New_York'].map((timezone) => withinDaily(now, hours, timezone))).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the next allowed moment', () => {
  const next = (now: string, from: string, to: string, timezone = 'Europe/Berlin'): string =>
    clock(nextAllowed(momentOf(now, timezone), { from, to }, timezone), timezone);

  it.each([
    ['2027-01-04T10:00', '2027-01-04T10:00+01:00'],
    ['2027-01-04T07:00', '2027-01-04T09:00+01:00'],
    ['2027-01-04T20:00', '2027-01-05T09:00+01:00'],
    ['2026-12-31T23:00', '2027-01-01T09:00+01:00'],
    ['2028-02-28T23:00', '2028-02-29T09:00+01:00'],
    ['2026-03-28T21:00', '2026-03-29T09:00+02:00'],
    ['2026-10-24T21:00', '2026-10-25T09:00+01:00'],
  ])('after %s from 09:00 to 20:00 is %s', (now, expected) => {
    expect(next(now, '09:00', '20:00')).toBe(expected);
  });

  it('of a window over midnight is the same evening', () => {
    expect(next('2027-01-04T12:00', '22:00', '06:00')).toBe('2027-01-04T22:00+01:00');
    expect(next('2027-01-04T03:00', '22:00', '06:00')).toBe('2027-01-04T03:00+01:00');
  });

  it('comes with the jump where the clock jumps over the opening, and the day after where it jumps over the window', () => {
    expect(next('2026-03-29T01:00', '02:30', '05:00')).toBe('2026-03-29T03:00+02:00');
    expect(next('2026-03-29T01:00', '02:15', '02:45')).toBe('2026-03-30T02:15+02:00');
    expect(next('2026-10-04T01:00', '02:10', '05:00', 'Australia/Lord_Howe')).toBe('2026-10-04T02:30+11:00');
    expect(next('2026-03-22T01:00', '02:30', '05:00', 'Africa/Casablanca')).toBe('2026-03-22T03:00+01:00');
  });

  it('comes again where the clock jumps back into the window', () => {
    expect(next('2026-10-25T02:50+02:00', '01:00', '02:30')).toBe('2026-10-25T02:00+01:00');
    expect(next('2026-10-25T02:50+02:00', '02:15', '02:30')).toBe('2026-10-25T02:15+01:00');
    expect(next('2026-11-01T01:50-04:00', '01:15', '01:30', 'America/New_York')).toBe('2026-11-01T01:15-05:00');
  });

  it('is the first minute from now on that lies in the window', () => {
    fc.assert(
      fc.property(moment, window, ({ now, timezone }, hours) => {
        let minute = now;
        while (!withinDaily(minute, hours, timezone)) minute += MINUTE;
        expect(nextAllowed(now, hours, timezone)).toBe(minute);
      }),
      { numRuns: 60 },
    );
  });
});
