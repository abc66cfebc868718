import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { momentOf, offsetDate, yearlyNext } from '../../engine/time/moment.ts';
import { refusal } from '../support/refusal.ts';
import { clock, inGap, ms, ZONES } from './support.ts';

const zone = fc.constantFrom(...ZONES);
const day = fc.integer({ min: 0, max: 365 * 12 }).map((days) => Temporal.PlainDate.from('2016-01-01').add({ days }));
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hour, minute]) => Temporal.PlainTime.from({ hour, minute }));
const short = (plain: Temporal.PlainTime): string => plain.toString({ smallestUnit: 'minute' });

const show = (date: string, offset: string, timezone: string, at?: string): string =>
  clock(offsetDate({ date, offset, at, timezone }), timezone);

describe('a moment at a distance from a date', () => {
  it.each([
    ['2027-01-31', '-P30D', 'Europe/Moscow', '09:00', '2027-01-01T09:00+03:00'],
    ['2027-01-01', '-P1D', 'Europe/Moscow', '18:30', '2026-12-31T18:30+03:00'],
    ['2028-02-28', 'P1D', 'Europe/Berlin', '09:00', '2028-02-29T09:00+01:00'],
    ['2027-02-28', 'P1D', 'Europe/Berlin', '09:00', '2027-03-01T09:00+01:00'],
    ['2028-03-01', '-P1D', 'Europe/Berlin', undefined, '2028-02-29T00:00+01:00'],
    ['2027-05-01', 'PT0S', 'America/New_York', undefined, '2027-05-01T00:00-04:00'],
    ['2027-05-01', '-PT2H', 'America/New_York', undefined, '2027-04-30T22:00-04:00'],
    ['2027-05-01', '-PT2H', 'America/New_York', '09:00', '2027-04-30T09:00-04:00'],
    ['2027-05-01T10:15', 'P1W', 'Europe/Moscow', undefined, '2027-05-08T10:15+03:00'],
    ['2027-05-01T22:15:00Z', 'P1D', 'Europe/Moscow', undefined, '2027-05-03T01:15+03:00'],
    ['2027-05-01T22:15:00Z', 'P1D', 'Europe/Moscow', '09:00', '2027-05-03T09:00+03:00'],
  ])('%s and %s in %s at %s is %s', (date, offset, timezone, at, expected) => {
    expect(show(date, offset, timezone, at)).toBe(expected);
  });

  it.each([
    // days keep the local time over a change of the clock, hours are exact
    ['2026-03-28T12:00', 'P1D', 'Europe/Berlin', '2026-03-29T12:00+02:00'],
    ['2026-03-28T12:00', 'PT24H', 'Europe/Berlin', '2026-03-29T13:00+02:00'],
    ['2026-10-24T12:00', 'P1D', 'Europe/Berlin', '2026-10-25T12:00+01:00'],
    ['2026-10-24T12:00', 'PT24H', 'Europe/Berlin', '2026-10-25T11:00+01:00'],
    ['2026-10-26T12:00', '-P1DT24H', 'Europe/Berlin', '2026-10-24T13:00+02:00'],
    ['2026-10-03T12:00', 'PT24H', 'Australia/Lord_Howe', '2026-10-04T12:30+11:00'],
    ['2026-03-28T12:00', 'PT24H', 'Europe/Moscow', '2026-03-29T12:00+03:00'],
    // what the clock skips is as much later as the clock jumped
    ['2026-03-28T02:30', 'P1D', 'Europe/Berlin', '2026-03-29T03:30+02:00'],
    ['2027-03-13T02:30', 'P1D', 'America/New_York', '2027-03-14T03:30-04:00'],
    ['2026-10-03T02:10', 'P1D', 'Australia/Lord_Howe', '2026-10-04T02:40+11:00'],
    ['2026-03-21T02:30', 'P1D', 'Africa/Casablanca', '2026-03-22T03:30+01:00'],
    // a day in the gap on the way does not shift what comes after it
    ['2026-03-28T02:30', 'P2D', 'Europe/Berlin', '2026-03-30T02:30+02:00'],
    ['2026-03-29T02:30', 'P1D', 'Europe/Berlin', '2026-03-30T02:30+02:00'],
    // what comes twice is the first
    ['2026-10-24T02:30', 'P1D', 'Europe/Berlin', '2026-10-25T02:30+02:00'],
    ['2026-10-31T01:30', 'P1D', 'America/New_York', '2026-11-01T01:30-04:00'],
    ['2027-04-03T01:45', 'P1D', 'Australia/Lord_Howe', '2027-04-04T01:45+11:00'],
    ['2026-02-14T02:30', 'P1D', 'Africa/Casablanca', '2026-02-15T02:30+01:00'],
    // an instant of the second pass stays in it
    ['2026-10-25T01:30:00Z', 'P0D', 'Europe/Berlin', '2026-10-25T02:30+01:00'],
    ['2026-10-25T00:30:00Z', 'PT1H', 'Europe/Berlin', '2026-10-25T02:30+01:00'],
  ])('%s and %s in %s is %s', (date, offset, timezone, expected) => {
    expect(show(date, offset, timezone)).toBe(expected);
  });

  it('lies with the zone: the same date in another zone is another moment', () => {
    const at = (timezone: string): number => offsetDate({ date: '2027-03-01', offset: 'P0D', at: '09:00', timezone });
    expect(at('Europe/Berlin') - at('Europe/Moscow')).toBe(2 * 3_600_000);
  });

  it.each([
    ['soon', 'P1D', '09:00', 'NODE_TIME'],
    ['2027-02-30', 'P1D', '09:00', 'NODE_TIME'],
    ['2027-02-03', 'P1D', '9:00', 'NODE_TIME'],
    ['2027-02-03', 'P1D', '24:00', 'NODE_TIME'],
    ['9999-12-31', 'P2D', undefined, 'NODE_TIME'],
    ['2027-02-03', 'tomorrow', '09:00', 'INPUT_INVALID'],
  ] as const)('%s, %s, %s is refused with %s', (date, offset, at, code) => {
    expect(refusal(() => offsetDate({ date, offset, at, timezone: 'UTC' }))).toMatchObject({ code, hint: expect.any(String) });
  });

  it('of no days at a time of day is that local time, unless the clock skips it', () => {
    fc.assert(
      fc.property(day, time, zone, (date, at, timezone) => {
        const local = date.toPlainDateTime(at);
        fc.pre(!inGap(local, timezone));
        const moment = offsetDate({ date: date.toString(), offset: 'P0D', at: short(at), timezone });
        expect(clock(moment, timezone).slice(0, 16)).toBe(local.toString({ smallestUnit: 'minute' }));
      }),
    );
  });

  it('of days is the same local time on the day of the calendar, unless the clock skips it', () => {
    fc.assert(
      fc.property(day, time, zone, fc.integer({ min: -800, max: 800 }), (date, at, timezone, days) => {
        const from = date.toPlainDateTime(at);
        const to = from.add({ days });
        fc.pre(!inGap(to, timezone));
        const offset = `${days < 0 ? '-' : ''}P${Math.abs(days)}D`;
        const moment = offsetDate({ date: from.toString(), offset, timezone });
        expect(clock(moment, timezone).slice(0, 16)).toBe(to.toString({ smallestUnit: 'minute' }));
      }),
    );
  });
});

describe('an anniversary', () => {
  const next = (date: string, after: string, rest: { offset?: string; at?: string; timezone?: string } = {}): string => {
    const timezone = rest.timezone ?? 'Europe/Berlin';
    return clock(yearlyNext({ date, offset: rest.offset ?? 'PT0S', at: rest.at, timezone }, momentOf(after, timezone)), timezone);
  };

  it.each([
    ['1990-06-15', '2027-06-14', '2027-06-15T09:00+02:00'],
    ['1990-06-15', '2027-06-15T08:59', '2027-06-15T09:00+02:00'],
    ['1990-06-15', '2027-06-15T09:00', '2028-06-15T09:00+02:00'],
    ['1990-12-31', '2026-12-31T09:00', '2027-12-31T09:00+01:00'],
    ['1990-01-01', '2026-12-31T23:59', '2027-01-01T09:00+01:00'],
    ['2030-06-15', '2027-01-01', '2030-06-15T09:00+02:00'],
  ])('of %s after %s is %s', (date, after, expected) => {
    expect(next(date, after, { at: '09:00' })).toBe(expected);
  });

  it('of the 29 February is the 28th in years without one', () => {
    expect(next('2024-02-29', '2026-01-01')).toBe('2026-02-28T00:00+01:00');
    expect(next('2024-02-29', '2026-03-01')).toBe('2027-02-28T00:00+01:00');
    expect(next('2024-02-29', '2027-03-01')).toBe('2028-02-29T00:00+01:00');
    expect(next('2024-02-29', '2026-01-01', { offset: 'P1D' })).toBe('2026-03-01T00:00+01:00');
  });

  it('is told ahead, also over New Year and over years', () => {
    expect(next('1990-01-03', '2026-11-01', { offset: '-P7D', at: '09:00' })).toBe('2026-12-27T09:00+01:00');
    expect(next('1990-12-30', '2027-01-01', { offset: 'P7D', at: '09:00' })).toBe('2027-01-06T09:00+01:00');
    expect(next('1990-06-15', '2027-01-01', { offset: '-P900D' })).toBe('2027-12-28T00:00+01:00');
    expect(next('1990-06-15', '2027-01-01', { offset: 'P900D' })).toBe('2027-12-02T00:00+01:00');
    expect(next('1990-06-15', '2027-01-01', { offset: '-PT50000H' })).toBe('2027-10-01T16:00+02:00');
  });

  it('in a skipped hour is as much later as the clock jumped, in a repeated one the first', () => {
    expect(next('2020-03-29T02:30', '2026-01-01')).toBe('2026-03-29T03:30+02:00');
    expect(next('2020-03-29T02:30', '2026-04-01')).toBe('2027-03-29T02:30+02:00');
    expect(next('2020-10-31T02:30', '2027-01-01')).toBe('2027-10-31T02:30+02:00');
    expect(next('2020-11-01T01:30', '2026-01-01', { timezone: 'America/New_York' })).toBe('2026-11-01T01:30-04:00');
    expect(next('2020-10-04T02:10', '2026-01-01', { timezone: 'Australia/Lord_Howe' })).toBe('2026-10-04T02:40+11:00');
    expect(next('2020-03-22T02:30', '2026-01-01', { timezone: 'Africa/Casablanca' })).toBe('2026-03-22T03:30+01:00');
    expect(next('2020-03-29T02:30', '2026-01-01', { timezone: 'Europe/Moscow' })).toBe('2026-03-29T02:30+03:00');
  });

  it('is refused where none is left', () => {
    expect(refusal(() => next('2020-06-15', '9999-07-01')).code).toBe('NODE_TIME');
  });

  it('is the first one after, and from there every year', () => {
    const span = fc.integer({ min: -1_500, max: 1_500 });
    const after = fc.integer({ min: ms('2016-01-01T00:00Z'), max: ms('2040-01-01T00:00Z') });
    fc.assert(
      fc.property(day, zone, span, after, fc.option(time, { nil: undefined }), (date, timezone, days, from, at) => {
        const what = {
          date: date.toString(),
          offset: `${days < 0 ? '-' : ''}P${Math.abs(days)}D`,
          at: at === undefined ? undefined : short(at),
          timezone,
        };
        const found = yearlyNext(what, from);
        expect(found).toBeGreaterThan(from);
        const own = Array.from({ length: 40 }, (_, years) => offsetDate({ ...what, date: date.add({ years }).toString() }));
        expect(found).toBe(own.find((moment) => moment > from));
        expect(yearlyNext(what, found - 1)).toBe(found);
        expect(yearlyNext(what, found)).toBe(own.find((moment) => moment > found));
      }),
    );
  });
});
