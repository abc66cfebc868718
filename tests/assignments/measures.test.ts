import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Given, grouped, measure, missedAims, passedOn } from '../../engine/assignments/measures.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;
const START = Date.parse('2027-03-01T09:00:00Z');

let number = 0;
const given = (more: Partial<Given> = {}): Given => ({
  recordId: `r${++number}`,
  at: START,
  to: 'olga',
  first: true,
  createdAt: START,
  method: 'round_robin',
  pool: 'Sales',
  able: ['olga', 'ivan'],
  inTime: null,
  outcome: 'open',
  ...more,
});
const figures = (...list: Given[]) => measure(list, passedOn(list), 'UTC');

describe('the time until a record has an owner', () => {
  it('is that of first owners: a minute is in time, the median and 95 % are by nearest rank', () => {
    const waits = [0, 30, 60, 61, 3_600].map((seconds) => given({ createdAt: START - seconds * SECOND }));
    const later = given({ first: false, createdAt: START - DAY });
    expect(figures(...waits, later)).toMatchObject({
      given: 6,
      records: 5,
      withinMinute: 0.6,
      medianMs: 60 * SECOND,
      p95Ms: 3_600 * SECOND,
    });
  });
});

describe('evenness', () => {
  it('is the coefficient of variation over those who could have taken one, also who got none', () => {
    const three = ['olga', 'ivan', 'anna'];
    const list = [4, 2, 0].flatMap((count, i) => Array.from({ length: count }, () => given({ to: three[i] ?? '', able: three })));
    const found = figures(...list);
    expect(found.people).toBe(3);
    // Mean 2, deviations 2, 0 and 2.
    expect(found.variation).toBeCloseTo(Math.sqrt(8 / 3) / 2, 12);
    expect(found.dayVariation).toBeCloseTo(Math.sqrt(8 / 3) / 2, 12);
  });

  it('of a day is asked of those who could take something then, and the days’ median is told', () => {
    const on = (day: number, to: string, able: string[]): Given => given({ at: START + day * DAY, to, able });
    const uneven = [on(0, 'olga', ['olga', 'ivan']), on(1, 'ivan', ['ivan'])];
    const even = [2, 3].flatMap((day) => ['olga', 'ivan'].map((to) => on(day, to, ['olga', 'ivan'])));
    // The second day has one person and says nothing; of the other three the median is even.
    expect(figures(...uneven, ...even)).toMatchObject({ variation: 0, dayVariation: 0 });
    expect(figures(...uneven)).toMatchObject({ variation: 0, dayVariation: 1 });
  });

  it('says nothing of what was given by hand, and nothing of one person', () => {
    expect(figures(given({ able: [], method: 'by_hand' }), given({ able: [], to: 'ivan' }))).toMatchObject({ people: 0, variation: null });
    expect(figures(given({ able: ['olga'] }))).toMatchObject({ people: 1, variation: null, dayVariation: null });
  });
});

describe('what came of it', () => {
  it('a record that goes to somebody else was reassigned, one that comes back to its first owner was not', () => {
    const first = given({ recordId: 'a' });
    const moved = given({ recordId: 'b' });
    const list = [
      first,
      moved,
      given({ recordId: 'a', first: false }),
      given({ recordId: 'b', first: false, to: 'ivan' }),
      given({ recordId: 'old', first: false, to: 'ivan' }),
    ];
    expect(figures(...list)).toMatchObject({ given: 5, records: 2, reassigned: 0.5 });
  });

  it('promises without a due date, or due later, say nothing', () => {
    const list = [true, true, false, null].map((inTime) => given({ inTime }));
    expect(figures(...list)).toMatchObject({ promised: 3, inTime: 2 / 3 });
    expect(figures(given())).toMatchObject({ promised: 0, inTime: null });
  });

  it('conversion is won of all, not of those that have ended', () => {
    const outcomes = ['won', 'lost', 'open', 'open'] as const;
    expect(figures(...outcomes.map((outcome) => given({ outcome })))).toMatchObject({ won: 1, lost: 1, conversion: 0.25 });
  });
});

describe('the aims', () => {
  it('are missed beyond their bound, not at it, and not where nothing is known', () => {
    const none = figures();
    expect([none.records, none.medianMs, missedAims(none)]).toEqual([0, null, []]);
    const at = { ...none, p95Ms: 60_000, variation: 0.2, dayVariation: 0.2, reassigned: 0.1, inTime: 0.95 };
    expect(missedAims(at)).toEqual([]);
    const beyond = { ...none, p95Ms: 60_001, variation: 0.21, dayVariation: 0.21, reassigned: 0.11, inTime: 0.94 };
    expect(missedAims(beyond)).toEqual(['p95Ms', 'variation', 'dayVariation', 'reassigned', 'inTime']);
  });
});

describe('groups', () => {
  const keys = (by: Parameters<typeof grouped>[1], zone: string, ...list: Given[]) =>
    grouped(list, by, zone).map(([key, { length }]) => [key, length]);

  it('come with the most given first, days in order, on the clock of the zone', () => {
    const list = [
      given({ at: START + DAY, to: 'ivan' }),
      given({ at: Date.parse('2027-03-01T22:00:00Z'), pool: null, method: 'by_hand' }),
      given({ method: 'least' }),
      given({ method: 'least' }),
    ];
    expect(keys('method', 'UTC', ...list)).toEqual([
      ['least', 2],
      ['by_hand', 1],
      ['round_robin', 1],
    ]);
    expect(keys('team', 'UTC', ...list)).toEqual([
      ['Sales', 3],
      [null, 1],
    ]);
    expect(keys('person', 'UTC', ...list)).toEqual([
      ['olga', 3],
      ['ivan', 1],
    ]);
    expect(keys('day', 'UTC', ...list)).toEqual([
      ['2027-03-01', 3],
      ['2027-03-02', 1],
    ]);
    expect(keys('day', 'Europe/Moscow', ...list)).toEqual([
      ['2027-03-01', 2],
      ['2027-03-02', 2],
    ]);
  });

  it('come to the whole together', () => {
    const person = fc.constantFrom('olga', 'ivan', 'anna');
    const arbitrary = fc.record({
      recordId: fc.uuid(),
      at: fc.integer({ min: START, max: START + 20 * DAY }),
      to: person,
      first: fc.boolean(),
      createdAt: fc.constant(START),
      method: fc.constantFrom('round_robin', 'least', 'by_hand'),
      pool: fc.constantFrom('Sales', 'Top', null),
      able: fc.uniqueArray(person),
      inTime: fc.constantFrom(true, false, null),
      outcome: fc.constantFrom('won' as const, 'lost' as const, 'open' as const),
    });
    fc.assert(
      fc.property(
        fc.array(arbitrary, { maxLength: 40 }),
        fc.constantFrom('method' as const, 'team' as const, 'person' as const, 'day' as const),
        (list, by) => {
          const passed = passedOn(list);
          const parts = grouped(list, by, 'Asia/Kolkata').map(([, part]) => measure(part, passed, 'Asia/Kolkata'));
          const whole = measure(list, passed, 'Asia/Kolkata');
          for (const name of ['given', 'records', 'promised', 'won', 'lost'] as const)
            expect(parts.reduce((sum, part) => sum + part[name], 0)).toBe(whole[name]);
        },
      ),
    );
  });
});
