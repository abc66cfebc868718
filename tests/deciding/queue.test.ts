import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHOICES, type DayCandidates, type DayPlan, type PersonDay, planDay } from '../../engine/deciding/index.ts';
import { bestSet, type Items } from '../../engine/deciding/knapsack.ts';
import { codeOf } from './thrown.ts';

interface Row {
  record: number;
  person?: number;
  minutes: number;
  gain: number;
  perHour?: number;
}

const columns = (rows: readonly Row[]): DayCandidates => ({
  record: Int32Array.from(rows, ({ record }) => record),
  person: Int32Array.from(rows, ({ person }) => person ?? 0),
  minutes: Float64Array.from(rows, ({ minutes }) => minutes),
  gain: Float64Array.from(rows, ({ gain }) => gain),
  perHour: Float64Array.from(rows, ({ perHour }) => perHour ?? 0),
});

const whole: PersonDay = { minutes: 480, longest: 480 };
const said = ({ choices }: DayPlan) => [...choices].map((choice) => CHOICES[choice]);
const queued = ({ queues }: DayPlan) => queues.map((rows) => [...rows]);

/** Every set there is. */
function bruteForce({ minutes, gain, record }: Items, rows: readonly number[], budget: number, most: number): number {
  const go = (i: number, left: number, count: number, used: ReadonlySet<number>): number => {
    const row = rows[i];
    if (row === undefined) return 0;
    const without = go(i + 1, left, count, used);
    const [length, id] = [minutes[row] ?? 0, record[row] ?? 0];
    if (count === 0 || length > left || used.has(id)) return without;
    return Math.max(without, (gain[row] ?? 0) + go(i + 1, left - length, count - 1, new Set([...used, id])));
  };
  return go(0, budget, most, new Set());
}

describe('the best set for some minutes', () => {
  it('gains as much as the best of all sets, keeps to the minutes and the number, and takes a record once', () => {
    const item = fc.record({ record: fc.nat(6), minutes: fc.nat(30), gain: fc.integer({ min: -3, max: 40 }) });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 13 }), fc.nat(70), fc.nat(5), (rows, budget, most) => {
        const items = columns(rows);
        const all = rows.map((_, i) => i);
        const chosen = bestSet(items, all, budget, most);
        const total = (of: (row: Row) => number): number =>
          chosen.reduce((sum, row) => sum + of(rows[row] ?? { record: 0, minutes: 0, gain: 0 }), 0);
        expect(total(({ gain }) => gain)).toBe(bruteForce(items, all, budget, most));
        expect(total(({ minutes }) => minutes)).toBeLessThanOrEqual(budget);
        expect(chosen.length).toBeLessThanOrEqual(most);
        expect(new Set(chosen.map((row) => rows[row]?.record)).size).toBe(chosen.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('prefers the first of equals', () => {
    const rows = Array.from({ length: 30 }, (_, record) => ({ record, minutes: 15, gain: 100 }));
    expect(
      bestSet(
        columns(rows),
        rows.map((_, i) => i),
        45,
        10,
      ),
    ).toEqual([0, 1, 2]);
  });
});

describe('the day', () => {
  it('takes two short actions before a long one that gains less than both', () => {
    const plan = planDay(
      columns([
        { record: 0, minutes: 60, gain: 100 },
        { record: 1, minutes: 30, gain: 60 },
        { record: 2, minutes: 30, gain: 60 },
      ]),
      [{ minutes: 60, longest: 60 }],
    );
    expect(queued(plan)).toEqual([[1, 2]]);
    expect(said(plan)).toEqual(['no_minutes', 'chosen', 'chosen']);
  });

  it('never has more than ten, the rest waits', () => {
    const plan = planDay(columns(Array.from({ length: 14 }, (_, record) => ({ record, minutes: 5, gain: 100 - record }))), [whole]);
    expect(queued(plan)).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    expect(said(plan).slice(10)).toEqual(Array.from({ length: 4 }, () => 'list_full'));
  });

  it('has one action on a record, and none that is no better than nothing', () => {
    const plan = planDay(
      columns([
        { record: 0, minutes: 15, gain: 125_000 },
        { record: 0, minutes: 5, gain: 25_000 },
        { record: 1, minutes: 5, gain: 0 },
        { record: 2, minutes: 5, gain: -10 },
      ]),
      [whole],
    );
    expect(said(plan)).toEqual(['chosen', 'other_action', 'not_worth', 'not_worth']);
  });

  it('has only short actions where meetings leave short stretches', () => {
    const rows = [
      { record: 0, minutes: 45, gain: 1000 },
      { record: 1, minutes: 10, gain: 10 },
      { record: 2, minutes: 15, gain: 20 },
    ];
    const plan = planDay(columns(rows), [{ minutes: 120, longest: 20 }]);
    expect(queued(plan)).toEqual([[2, 1]]);
    expect(said(plan)[0]).toBe('too_long');
  });

  it('begins with what loses most by waiting for each minute of work, then with what gains most', () => {
    const plan = planDay(
      columns([
        { record: 0, minutes: 10, gain: 1000 },
        { record: 1, minutes: 30, gain: 300, perHour: 60 },
        { record: 2, minutes: 10, gain: 100, perHour: 50 },
        { record: 3, minutes: 10, gain: 2000 },
      ]),
      [whole],
    );
    expect(queued(plan)).toEqual([[2, 1, 3, 0]]);
  });

  it('gives a record of two people to whom it gains more with, and plans the other one again', () => {
    const plan = planDay(
      columns([
        { record: 0, person: 0, minutes: 30, gain: 50 },
        { record: 0, person: 1, minutes: 30, gain: 100 },
        { record: 1, person: 0, minutes: 30, gain: 40 },
      ]),
      [
        { minutes: 30, longest: 30 },
        { minutes: 30, longest: 30 },
      ],
    );
    expect(queued(plan)).toEqual([[2], [1]]);
    expect(said(plan)).toEqual(['other_person', 'chosen', 'chosen']);
  });

  it('keeps to what each person may still get, and has nothing for who has no minutes', () => {
    const rows = [0, 1, 2].flatMap((record) => [0, 1].map((person) => ({ record: record + 3 * person, person, minutes: 5, gain: 5 })));
    const plan = planDay(columns(rows), [
      { ...whole, most: 2 },
      { minutes: 0, longest: 0 },
    ]);
    expect(plan.queues.map(({ length }) => length)).toEqual([2, 0]);
    expect(said(plan)).toEqual(['chosen', 'too_long', 'chosen', 'too_long', 'list_full', 'too_long']);
  });

  it('is the same again, and holds its promises for any candidates', () => {
    const row = fc.record({
      record: fc.nat(8),
      person: fc.nat(2),
      minutes: fc.double({ min: 0, max: 60, noNaN: true }),
      gain: fc.double({ min: -5, max: 50, noNaN: true }),
      perHour: fc.double({ min: 0, max: 5, noNaN: true }),
    });
    const days = fc.array(fc.record({ minutes: fc.nat(200), longest: fc.nat(200), most: fc.nat(10) }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 40 }), days, (rows, people) => {
        const plan = planDay(columns(rows), people);
        expect(planDay(columns(rows), people)).toEqual(plan);
        const chosen = plan.queues.flatMap((queue) => [...queue]);
        expect(new Set(chosen.map((i) => rows[i]?.record)).size).toBe(chosen.length);
        expect(chosen.length).toBe(said(plan).filter((one) => one === 'chosen').length);
        for (const [person, queue] of plan.queues.entries()) {
          expect([...queue].every((i) => rows[i]?.person === person)).toBe(true);
          expect(queue.length).toBeLessThanOrEqual(people[person]?.most ?? 0);
          const minutes = [...queue].reduce((sum, i) => sum + (rows[i]?.minutes ?? 0), 0);
          expect(minutes).toBeLessThanOrEqual(people[person]?.minutes ?? 0);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, Row[], PersonDay[]]>([
    ['DECISION_INVALID', [{ record: 0, person: 1, minutes: 5, gain: 5 }], [whole]],
    ['DECISION_INVALID', [{ record: 0, minutes: 5, gain: Number.NaN }], [whole]],
    ['MINUTES_INVALID', [{ record: 0, minutes: Number.NaN, gain: 5 }], [whole]],
    ['MINUTES_INVALID', [], [{ minutes: -1, longest: 5 }]],
    ['DECISION_INVALID', [], [{ ...whole, most: 11 }]],
  ])('refuses bad input with %s', (code, rows, people) => {
    expect(codeOf(() => planDay(columns(rows), people))).toBe(code);
  });
});
