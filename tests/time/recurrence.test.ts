import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { checkRecurrence, nextOccurrence, type Recurrence } from '../../engine/time/recurrence.ts';
import { refusal } from '../support/refusal.ts';
import { clock, ms, NIGHTS, ZONES } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const cron = (text: string, timezone = 'Europe/Berlin'): Recurrence => ({ kind: 'cron', cron: text, timezone });
const rrule = (rule: string, start = '2026-01-01T09:00', timezone = 'Europe/Berlin'): Recurrence => ({
  kind: 'rrule',
  rrule: rule,
  start,
  timezone,
});

/** The first `n` occurrences after a moment, as the clock shows them. */
function occurrences(recurrence: Recurrence, after: string, n: number): string[] {
  const found: string[] = [];
  let next = nextOccurrence(recurrence, ms(after));
  while (next !== null && found.length < n) {
    found.push(clock(next, recurrence.timezone));
    next = nextOccurrence(recurrence, next);
  }
  return found;
}

/** Once a day at a local time, said in both ways. */
const daily = (time: string, timezone: string): Recurrence[] => {
  const [hour, minute] = time.split(':').map(Number);
  return [cron(`${minute} ${hour} * * *`, timezone), rrule(`FREQ=DAILY;BYHOUR=${hour};BYMINUTE=${minute}`, '2026-01-01T00:00', timezone)];
};

describe('on the nights in which clocks change', () => {
  it.each([
    // skipped: as much later as the clock jumped
    ['02:30', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T03:30+02:00', '2026-03-30T02:30+02:00']],
    ['02:30', 'Europe/Berlin', '2027-03-27T12:00Z', ['2027-03-28T03:30+02:00', '2027-03-29T02:30+02:00']],
    ['02:30', 'America/New_York', '2026-03-07T20:00Z', ['2026-03-08T03:30-04:00', '2026-03-09T02:30-04:00']],
    ['02:30', 'America/New_York', '2027-03-13T20:00Z', ['2027-03-14T03:30-04:00', '2027-03-15T02:30-04:00']],
    ['02:10', 'Australia/Lord_Howe', '2026-10-03T00:00Z', ['2026-10-04T02:40+11:00', '2026-10-05T02:10+11:00']],
    ['02:10', 'Australia/Lord_Howe', '2027-10-02T00:00Z', ['2027-10-03T02:40+11:00', '2027-10-04T02:10+11:00']],
    ['02:30', 'Africa/Casablanca', '2026-03-21T12:00Z', ['2026-03-22T03:30+01:00', '2026-03-23T02:30+01:00']],
    // twice: at the first
    ['02:30', 'Europe/Berlin', '2026-10-24T12:00Z', ['2026-10-25T02:30+02:00', '2026-10-26T02:30+01:00']],
    ['02:30', 'Europe/Berlin', '2027-10-30T12:00Z', ['2027-10-31T02:30+02:00', '2027-11-01T02:30+01:00']],
    ['01:30', 'America/New_York', '2026-10-31T20:00Z', ['2026-11-01T01:30-04:00', '2026-11-02T01:30-05:00']],
    ['01:30', 'America/New_York', '2027-11-06T20:00Z', ['2027-11-07T01:30-04:00', '2027-11-08T01:30-05:00']],
    ['01:45', 'Australia/Lord_Howe', '2026-04-04T00:00Z', ['2026-04-05T01:45+11:00', '2026-04-06T01:45+10:30']],
    ['01:45', 'Australia/Lord_Howe', '2027-04-03T00:00Z', ['2027-04-04T01:45+11:00', '2027-04-05T01:45+10:30']],
    ['02:30', 'Africa/Casablanca', '2026-02-14T12:00Z', ['2026-02-15T02:30+01:00', '2026-02-16T02:30+00:00']],
    // beside it, and where no clock changes
    ['09:00', 'Europe/Berlin', '2026-03-28T12:00Z', ['2026-03-29T09:00+02:00', '2026-03-30T09:00+02:00']],
    ['02:30', 'Europe/Moscow', '2026-03-28T12:00Z', ['2026-03-29T02:30+03:00', '2026-03-30T02:30+03:00']],
    ['02:30', 'Europe/Moscow', '2027-10-30T12:00Z', ['2027-10-31T02:30+03:00', '2027-11-01T02:30+03:00']],
  ])('%s in %s after %s comes at %j, as cron and as rule', (time, timezone, after, expected) => {
    for (const recurrence of daily(time, timezone)) expect(occurrences(recurrence, after, 2)).toEqual(expected);
  });

  it('a moment between the passes of the repeated hour does not bring the time again', () => {
    for (const recurrence of daily('02:30', 'Europe/Berlin'))
      expect(occurrences(recurrence, '2026-10-25T02:40:00+02:00', 1)).toEqual(['2026-10-26T02:30+01:00']);
  });

  it.each([cron('*/30 * * * *'), rrule('FREQ=MINUTELY;INTERVAL=30', '2026-01-01T00:00'), rrule('FREQ=HOURLY;BYMINUTE=0,30')])(
    'what goes every half hour goes through the repeated hour twice and skips nothing: %j',
    (recurrence) => {
      expect(occurrences(recurrence, '2026-10-25T01:30:00+02:00', 6)).toEqual([
        '2026-10-25T02:00+02:00',
        '2026-10-25T02:30+02:00',
        '2026-10-25T02:00+01:00',
        '2026-10-25T02:30+01:00',
        '2026-10-25T03:00+01:00',
        '2026-10-25T03:30+01:00',
      ]);
      expect(occurrences(recurrence, '2026-03-29T01:00:00+01:00', 4)).toEqual([
        '2026-03-29T01:30+01:00',
        '2026-03-29T03:00+02:00',
        '2026-03-29T03:30+02:00',
        '2026-03-29T04:00+02:00',
      ]);
    },
  );

  it('what goes every two hours keeps its local hours', () => {
    for (const recurrence of [cron('0 */2 * * *'), rrule('FREQ=HOURLY;INTERVAL=2', '2026-01-01T00:00')]) {
      expect(occurrences(recurrence, '2026-10-24T23:30:00Z', 3)).toEqual([
        '2026-10-25T02:00+02:00',
        '2026-10-25T04:00+01:00',
        '2026-10-25T06:00+01:00',
      ]);
      expect(occurrences(recurrence, '2026-03-28T23:30:00Z', 3)).toEqual([
        '2026-03-29T03:00+02:00',
        '2026-03-29T04:00+02:00',
        '2026-03-29T06:00+02:00',
      ]);
    }
  });

  it('times of a list in the gap come in their order among the others', () => {
    expect(occurrences(cron('15,45 2,3 * * *'), '2026-03-29T00:00Z', 3)).toEqual([
      '2026-03-29T03:15+02:00',
      '2026-03-29T03:45+02:00',
      '2026-03-30T02:15+02:00',
    ]);
    expect(occurrences(cron('30 2,3 * * *', 'Australia/Lord_Howe'), '2026-10-03T15:00Z', 3)).toEqual([
      '2026-10-04T02:30+11:00',
      '2026-10-04T03:30+11:00',
      '2026-10-05T02:30+11:00',
    ]);
  });

  it('a day that a zone leaves out comes on the next', () => {
    expect(occurrences(cron('0 9 30 12 *', 'Pacific/Apia'), '2011-12-29T12:00Z', 1)).toEqual(['2011-12-31T09:00+14:00']);
  });

  it('the second pass comes after what is left of the first', () => {
    expect(occurrences(cron('0,55 * * * *'), '2026-10-25T02:50:00+02:00', 4)).toEqual([
      '2026-10-25T02:55+02:00',
      '2026-10-25T02:00+01:00',
      '2026-10-25T02:55+01:00',
      '2026-10-25T03:00+01:00',
    ]);
  });

  it('minutes and hours come at exactly the moments that the rule of the docstring gives', () => {
    const minutes = fc.uniqueArray(fc.constantFrom(0, 5, 15, 30, 45, 55), { minLength: 1, maxLength: 3 });
    const hours = fc.oneof(fc.constant(undefined), fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(minutes, hours, fc.constantFrom(...NIGHTS), fc.integer({ min: -180, max: 120 }), (minute, hour, night, shift) => {
        const after = night.change + shift * MINUTE;
        const until = night.change + 8 * HOUR;
        const expected = oracle(minute, hour, night.timezone, after, until);
        for (const recurrence of [
          cron(`${minute.join(',')} ${hour?.join(',') ?? '*'} * * *`, night.timezone),
          hour === undefined
            ? rrule(`FREQ=HOURLY;BYMINUTE=${minute.join(',')}`, '2026-01-01T00:00', night.timezone)
            : rrule(`FREQ=DAILY;BYHOUR=${hour.join(',')};BYMINUTE=${minute.join(',')}`, '2026-01-01T00:00', night.timezone),
        ]) {
          const found: number[] = [];
          for (let next = nextOccurrence(recurrence, after); next !== null && next < until; next = nextOccurrence(recurrence, next))
            found.push(next);
          expect(found.map((moment) => clock(moment, night.timezone))).toEqual(expected.map((moment) => clock(moment, night.timezone)));
        }
      }),
      { numRuns: 80 },
    );
  });
});

/** Every local minute of the days around, put on the time line one by one. */
function oracle(minutes: number[], hours: number[] | undefined, timezone: string, after: number, until: number): number[] {
  const first = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(timezone).toPlainDate().subtract({ days: 1 });
  const moments = new Set<number>();
  for (let days = 0; days < 4; days++) {
    for (let hour = 0; hour < 24; hour++) {
      if (hours && !hours.includes(hour)) continue;
      for (const minute of minutes) {
        const local = first.add({ days }).toPlainDateTime({ hour, minute });
        moments.add(local.toZonedDateTime(timezone).epochMilliseconds);
        if (!hours) moments.add(local.toZonedDateTime(timezone, { disambiguation: 'later' }).epochMilliseconds);
      }
    }
  }
  return [...moments].filter((moment) => moment > after && moment < until).sort((a, b) => a - b);
}

describe('a cron expression', () => {
  it.each([
    ['0 0 29 2 *', '2026-01-01T00:00Z', ['2028-02-29T00:00+01:00', '2032-02-29T00:00+01:00']],
    ['0 0 L * *', '2027-12-31T00:00Z', ['2028-01-31T00:00+01:00', '2028-02-29T00:00+01:00']],
    ['0 0 1 1 *', '2026-12-31T22:59Z', ['2027-01-01T00:00+01:00', '2028-01-01T00:00+01:00']],
    ['59 23 31 12 *', '2026-12-31T22:58Z', ['2026-12-31T23:59+01:00', '2027-12-31T23:59+01:00']],
    ['0 9 * * 1-5', '2027-01-01T12:00Z', ['2027-01-04T09:00+01:00', '2027-01-05T09:00+01:00']],
  ])('%s after %s comes at %j', (text, after, expected) => {
    expect(occurrences(cron(text), after, 2)).toEqual(expected);
  });

  it.each(['', '* * * *', '* * * * * *', '60 * * * *', 'every day', '0 25 * * *'])('%j is refused', (text) => {
    expect(refusal(() => checkRecurrence(cron(text)))).toMatchObject({ code: 'CRON_INVALID', place: { pointer: '/cron' } });
  });

  it('for a day that no month has is refused, and has no next moment', () => {
    expect(refusal(() => checkRecurrence(cron('0 0 30 2 *')))).toMatchObject({
      code: 'CRON_INVALID',
      message: '"0 0 30 2 *" never comes.',
    });
    expect(nextOccurrence(cron('0 0 30 2 *'), ms('2026-01-01T00:00Z'))).toBeNull();
  });
});

describe('a recurrence rule', () => {
  const AFTER = '2026-01-01T12:00Z';

  it.each([
    ['FREQ=DAILY', ['2026-01-02T09:00+01:00', '2026-01-03T09:00+01:00']],
    ['RRULE:FREQ=DAILY;INTERVAL=3', ['2026-01-04T09:00+01:00', '2026-01-07T09:00+01:00']],
    ['freq=weekly;byday=mo,we', ['2026-01-05T09:00+01:00', '2026-01-07T09:00+01:00']],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', ['2026-01-30T09:00+01:00', '2026-02-27T09:00+01:00']],
    ['FREQ=MONTHLY;BYDAY=2TU', ['2026-01-13T09:00+01:00', '2026-02-10T09:00+01:00']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-01-31T09:00+01:00', '2026-02-28T09:00+01:00']],
    ['FREQ=MONTHLY;BYMONTHDAY=31', ['2026-01-31T09:00+01:00', '2026-03-31T09:00+02:00']],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', ['2028-02-29T09:00+01:00', '2032-02-29T09:00+01:00']],
    ['FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3', ['2026-03-29T09:00+02:00', '2027-03-28T09:00+02:00']],
    ['FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', ['2026-05-11T09:00+02:00', '2027-05-17T09:00+02:00']],
    ['FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30', ['2026-01-01T17:30+01:00', '2026-01-02T09:30+01:00']],
  ])('%s comes at %j', (rule, expected) => {
    expect(occurrences(rrule(rule), AFTER, 2)).toEqual(expected);
  });

  it('with COUNT ends after its number, counted from the start, those left out included', () => {
    const rule = 'RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260102T090000';
    expect(occurrences(rrule(rule), '2025-12-01T00:00Z', 9)).toEqual(['2026-01-01T09:00+01:00', '2026-01-03T09:00+01:00']);
  });

  it('that is counted keeps its number over the repeated hour', () => {
    expect(occurrences(rrule('FREQ=HOURLY;COUNT=3', '2026-10-25T02:00'), '2026-10-24T00:00Z', 9)).toEqual([
      '2026-10-25T02:00+02:00',
      '2026-10-25T03:00+01:00',
      '2026-10-25T04:00+01:00',
    ]);
  });

  it.each([
    ['20260103T080000Z', 2],
    ['20260103T075959Z', 1],
    ['20260103T090000', 2],
    ['20260103T085959', 1],
    ['20260103', 2],
    ['20260102', 1],
  ])('UNTIL=%s is included', (until, n) => {
    expect(occurrences(rrule(`FREQ=DAILY;UNTIL=${until}`), AFTER, 9)).toHaveLength(n);
  });

  it.each([
    'EXDATE:20260102T090000,20260104T090000',
    'EXDATE;TZID=Europe/Moscow:20260102T110000\nEXDATE:20260104T080000Z',
    'EXDATE;VALUE=DATE:20260102,20260104',
    'EXDATE:2026\r\n 0102\r\nEXDATE;TZID=Europe/Berlin;VALUE=DATE-TIME:20260104T090000',
  ])('leaves out what %j names', (lines) => {
    const found = occurrences(rrule(`RRULE:FREQ=DAILY\n${lines}`), AFTER, 2);
    expect(found).toEqual(['2026-01-03T09:00+01:00', '2026-01-05T09:00+01:00']);
  });

  it('begins where the start says: as local time, as instant, as date', () => {
    const first = (start: string): string[] => occurrences(rrule('FREQ=DAILY', start), '2025-01-01T00:00Z', 1);
    expect(first('2026-05-01T09:00')).toEqual(['2026-05-01T09:00+02:00']);
    expect(first('2026-05-01T09:00:00Z')).toEqual(['2026-05-01T11:00+02:00']);
    expect(first('2026-05-01')).toEqual(['2026-05-01T00:00+02:00']);
    expect(occurrences(rrule('FREQ=DAILY', '2026-03-29T02:30'), '2026-03-28T12:00Z', 2)).toEqual([
      '2026-03-29T03:30+02:00',
      '2026-03-30T02:30+02:00',
    ]);
  });

  it('is the same rule at other moments in another zone', () => {
    const next = (timezone: string): number | null => nextOccurrence(rrule('FREQ=DAILY', '2026-01-01T09:00', timezone), ms(AFTER));
    expect(Number(next('Europe/Berlin')) - Number(next('Europe/Moscow'))).toBe(2 * HOUR);
  });

  it.each([
    ['', 'There are 0 rules'],
    ['FREQ=SECONDLY', 'Nothing is started every second'],
    ['INTERVAL=2', 'has no FREQ'],
    ['FREQ=FORTNIGHTLY', 'FREQ cannot be "FORTNIGHTLY"'],
    ['FREQ=DAILY;BYSECOND=3', '"BYSECOND" is not understood'],
    ['FREQ=DAILY;BYHOUR=25', 'BYHOUR cannot be "25"'],
    ['FREQ=DAILY;BYHOUR=', 'BYHOUR cannot be ""'],
    ['FREQ=DAILY;BYDAY=XX', 'BYDAY cannot be "XX"'],
    ['FREQ=DAILY;BYDAY=2MO', 'BYDAY'],
    ['FREQ=MONTHLY;BYSETPOS=1', 'BYSETPOS'],
    ['FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO', 'BYSETPOS cannot be "0"'],
    ['FREQ=DAILY;INTERVAL=0', 'INTERVAL cannot be "0"'],
    ['FREQ=DAILY;COUNT=1001', 'COUNT cannot be "1001"'],
    ['FREQ=DAILY;COUNT=2;UNTIL=20270101', 'COUNT and UNTIL'],
    ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL cannot be'],
    ['FREQ=DAILY;UNTIL=20270230', 'UNTIL that is no day'],
    ['FREQ=DAILY;UNTIL=20270230T090000Z', 'no moment'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ stands twice'],
    ['RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY', 'There are 2 rules'],
    ['DTSTART:20260101T090000\nRRULE:FREQ=DAILY', 'holds DTSTART'],
    ['RRULE:FREQ=DAILY\nRDATE:20260101T090000', '"RDATE" is not understood'],
    ['RRULE:FREQ=DAILY\nEXDATE:soon', 'EXDATE has "SOON"'],
    ['RRULE:FREQ=DAILY\nEXDATE;TZID=Moon/Crater:20260101T090000', 'no moment'],
    [`FREQ=DAILY;BYMINUTE=${Array.from({ length: 60 }, (_, i) => i).join(',')};BYHOUR=1,2`, '120 times a day'],
    [`FREQ=DAILY;BYHOUR=1${',1'.repeat(3_000)}`, 'characters'],
    ['FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30', 'never comes'],
    ['FREQ=DAILY;UNTIL=20250101', 'never comes'],
  ])('%j is refused: %s', (rule, words) => {
    const error = refusal(() => checkRecurrence(rrule(rule)));
    expect(error).toMatchObject({ code: 'RRULE_INVALID', place: { pointer: '/rrule' } });
    expect(error.message.toLowerCase()).toContain(words.toLowerCase());
    expect(error.hint).not.toBe('');
  });

  it.each(['soon', '2026-02-30', ''])('with the start %j is refused', (start) => {
    expect(refusal(() => checkRecurrence(rrule('FREQ=DAILY', start)))).toMatchObject({
      code: 'RRULE_INVALID',
      place: { pointer: '/start' },
    });
  });

  it.each(['FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30', 'FREQ=MINUTELY;BYHOUR=3;BYMINUTE=1;INTERVAL=2', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])(
    'that never comes does not search for ever: %s',
    (rule) => {
      expect(nextOccurrence(rrule(rule), ms(AFTER))).toBeNull();
    },
  );
});

describe('any recurrence', () => {
  const numbers = (min: number, max: number): fc.Arbitrary<string> =>
    fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  const field = (min: number, max: number): fc.Arbitrary<string> => fc.oneof(fc.constant('*'), numbers(min, max));
  const crons = fc
    .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
    .map((fields) => ({ kind: 'cron', cron: fields.join(' ') }) as const);
  const rules = fc
    .tuple(
      fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('', ';BYDAY=MO,TU,SU', ';BYHOUR=1,2,3', ';BYMINUTE=0,30', ';COUNT=50', ';UNTIL=20280101T000000Z'),
    )
    .map(
      ([freq, interval, rest]) =>
        ({ kind: 'rrule', rrule: `FREQ=${freq};INTERVAL=${interval}${rest}`, start: '2026-01-01T02:30' }) as const,
    );
  const moment = fc.oneof(
    fc.tuple(fc.constantFrom(...ZONES), fc.integer({ min: ms('2025-06-01T00:00Z'), max: ms('2028-06-01T00:00Z') })),
    fc
      .tuple(fc.constantFrom(...NIGHTS), fc.integer({ min: -5 * HOUR, max: 3 * HOUR }))
      .map(([night, shift]) => [night.timezone, night.change + shift] as const),
  );

  it('goes only forwards, and asks nothing but the moment: from just before an occurrence it is that occurrence', () => {
    fc.assert(
      fc.property(fc.oneof(crons, rules), moment, (what, [timezone, after]) => {
        const recurrence: Recurrence = { ...what, timezone };
        let from = after;
        for (let i = 0; i < 4; i++) {
          const next = nextOccurrence(recurrence, from);
          if (next === null) return;
          expect(next).toBeGreaterThan(from);
          expect(nextOccurrence(recurrence, next - 1)).toBe(next);
          if (next - from > 2) expect(nextOccurrence(recurrence, Math.floor((from + next) / 2))).toBe(next);
          from = next;
        }
      }),
      { numRuns: 200 },
    );
  });
});
