/** Measures of distribution on lists small enough to count by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysOf } from '../../../examples/welding-shop/hours.ts';
import { type Assignment, measure, variation, type WorkingHours } from '../../../examples/welding-shop/measures.ts';

const HOURS = { timezone: 'Europe/Moscow', days: { mon: spans(), tue: spans() } };
const PERIOD = { from: '2026-06-01', until: '2026-06-02' };
/** Monday and Tuesday, 09:00 to 18:00 in Moscow with lunch from 13:00 to 14:00; Wednesday is free. */
const person = (name: string, more: Partial<WorkingHours> = {}): WorkingHours => ({
  person: name,
  days: daysOf(HOURS, '2026-06-01', 3),
  away: [],
  ...more,
});
const vera = person('vera');
const gleb = person('gleb');

function spans(): [string, string][] {
  return [
    ['09:00', '13:00'],
    ['14:00', '18:00'],
  ];
}

/** A local time of Monday, or of the day given. */
const at = (time: string, day = 1): number => Date.parse(`2026-06-0${day}T${time}+03:00`);

let number = 0;
/** A lead that was given to somebody when it came, and answered at once. */
function lead(to: string | null, arrivedAt: number, more: Partial<Assignment> = {}): Assignment {
  const assignedAt = to === null ? null : arrivedAt;
  return { lead: `lead-${++number}`, person: to, arrivedAt, assignedAt, firstTouchAt: assignedAt, dueAt: arrivedAt + 60_000, ...more };
}

const times = (count: number, to: string, when: number): Assignment[] => Array.from({ length: count }, () => lead(to, when));
const measures = (list: Assignment[], people = [vera, gleb]) => measure(list, people, PERIOD).measures;

describe('how evenly', () => {
  it('the worst day counts: one of three and one of two leads each', () => {
    const even = [...times(2, 'vera', at('10:00')), ...times(2, 'gleb', at('10:00'))];
    const uneven = [...times(3, 'vera', at('10:00', 2)), ...times(1, 'gleb', at('11:00', 2))];
    expect(measures([...even, ...uneven]).cv_day_max).toBe(0.5);
  });

  it('who had a free day is not compared that day', () => {
    const away = person('gleb', { days: daysOf(HOURS, '2026-06-01', 3, { from: '2026-06-01', until: '2026-06-01' }) });
    const { measures: found, days } = measure(times(4, 'vera', at('10:00')), [vera, away], PERIOD);
    expect(found.cv_day_max).toBe(0);
    expect(days[0]).toMatchObject({ date: '2026-06-01', leads: [4, null], idle: 0 });
  });

  it('over the month a day of work is compared, not a head: half the days, half the leads', () => {
    const away = person('gleb', { days: daysOf(HOURS, '2026-06-01', 3, { from: '2026-06-02', until: '2026-06-02' }) });
    const list = [...times(4, 'vera', at('10:00')), ...times(4, 'vera', at('10:00', 2)), ...times(4, 'gleb', at('10:00'))];
    expect(measures(list, [vera, away]).cv_month).toBe(0);
    expect(measures(list, [vera, gleb]).cv_month).toBeCloseTo(1 / 3);
  });

  it('what is given behind the period makes no day of it', () => {
    const { measures: found, people } = measure([lead('vera', at('10:00', 2))], [vera, gleb], { from: '2026-06-01', until: '2026-06-01' });
    expect([found.cv_day_max, found.cv_month]).toEqual([0, 0]);
    expect(people[0]).toMatchObject({ leads: 1, days: 1, perDay: 0 });
  });

  it('variation does not depend on the size of the numbers nor on their order', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 2, max: 50 }), (values, factor) => {
        expect(variation(values.map((value) => value * factor).toReversed())).toBeCloseTo(variation(values), 9);
      }),
    );
  });
});

describe('the last ten minutes', () => {
  it.each([
    ['12:49:59', 0],
    ['12:50:00', 1],
    ['12:59:59', 1],
    ['13:00:00', 0],
    ['17:50:00', 1],
  ])('before lunch or the end of the day: given at %s', (time, share) => {
    expect(measures([lead('vera', at(time))]).last10_share).toBe(share);
  });

  it('are those of the person who gets the lead', () => {
    const late = person('gleb', { days: daysOf({ ...HOURS, days: { mon: [['11:00', '20:00']] } }, '2026-06-01', 3) });
    const list = [lead('vera', at('17:55')), lead('gleb', at('17:55'))];
    expect(measures(list, [vera, late]).last10_share).toBe(0.5);
  });
});

describe('within a minute', () => {
  const waited = (arrivedAt: number, ms: number | null) =>
    lead(ms === null ? null : 'vera', arrivedAt, { assignedAt: ms === null ? null : arrivedAt + ms });

  it('a minute is in time, more is not, and nobody at all is not', () => {
    const list = [waited(at('10:00'), 0), waited(at('10:00'), 60_000), waited(at('10:00'), 60_001), waited(at('10:00'), null)];
    expect(measures(list).within_minute_share).toBe(0.5);
  });

  it('only what comes while somebody may be given it counts: not at night, not in the last ten minutes of all', () => {
    const list = [waited(at('03:00'), 6 * 3_600_000), waited(at('12:55'), 3_900_000), waited(at('10:00'), 0)];
    expect(measures(list).within_minute_share).toBe(1);
    expect(
      measures(list, [vera, person('gleb', { days: daysOf({ days: { mon: [['09:00', '10:30']] } }, '2026-06-01', 1) })]),
    ).toMatchObject({
      within_minute_share: 0.5,
    });
  });
});

describe('the first answer', () => {
  it('counts when it comes by its time; who was never answered was not answered in time', () => {
    const due = at('10:30');
    const list = [due, due + 1, null].map((firstTouchAt) => lead('vera', at('10:00'), { firstTouchAt, dueAt: due }));
    expect(measures(list).sla_share).toBeCloseTo(1 / 3);
  });
});

describe('somebody who is not there', () => {
  it('is who is not at work, and who is on a call', () => {
    const away = person('vera', { away: [{ from: at('10:00'), until: at('10:05') }] });
    const list = [lead('vera', at('10:00')), lead('vera', at('10:05')), lead('vera', at('08:59')), lead('vera', at('10:00', 3))];
    const { measures: found, people } = measure(list, [away], PERIOD);
    expect(people[0]).toMatchObject({ leads: 4, busy: 1, outside: 2, perDay: 1.5 });
    expect(found.away_share).toBe(0.75);
  });
});

it('of nothing everything is kept', () => {
  expect(measures([])).toEqual({ cv_day_max: 0, cv_month: 0, last10_share: 0, within_minute_share: 1, sla_share: 1, away_share: 0 });
});
