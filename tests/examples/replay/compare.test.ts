/** A small log is replayed, and both are measured in the same way. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Comparison, compare } from '../../../examples/replay/compare.ts';
import { type Given, measure, variationOfDays } from '../../../examples/replay/measures.ts';
import type { Person } from '../../../examples/replay/people.ts';
import { headline, rows } from '../../../examples/replay/show.ts';
import { Chance } from '../../../examples/welding-shop/chance.ts';
import { type Folder, temporary } from '../../cli/support.ts';
import { at, logOf, ticket, written } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Twelve days of a desk of three and a network group of two. On the desk Ann takes six of ten, an hour after a ticket has come; every fourth is
 * passed on to the network group, where Dan and Eva take turns.
 */
function smallLog(): string {
  const chance = new Chance(1, 'log');
  const tickets = Array.from({ length: 12 * 24 }, (_, i) => {
    const came = at('2016-03-01T09:00') + Math.floor(i / 24) * DAY + (i % 24) * 15 * MINUTE;
    const person = chance.weighted([
      { name: 'Ann', weight: 6 },
      { name: 'Bob', weight: 2 },
      { name: 'Cid', weight: 2 },
    ]).name;
    const desk = [
      [written(came), 'New', 'Desk', '?', written(came)],
      [written(came + HOUR), 'Active', 'Desk', person, '?'],
    ] as const;
    const end = [written(came + 3 * HOUR), 'Resolved', 'Desk', person, '?'] as const;
    const passed = [
      [written(came + 2 * HOUR), 'Active', 'Network', '?', '?'],
      [written(came + 2 * HOUR + 5 * MINUTE), 'Active', 'Network', i % 8 === 0 ? 'Dan' : 'Eva', '?'],
      [written(came + 3 * HOUR), 'Resolved', 'Network', i % 8 === 0 ? 'Dan' : 'Eva', '?'],
    ] as const;
    return ticket(`T${i}`, written(came), i % 4 === 0 ? [...desk, ...passed] : [...desk, end]);
  });
  return logOf(tickets);
}

describe('a log that is replayed', () => {
  let folder: Folder;
  let comparison: Comparison;
  const heard: string[] = [];
  beforeAll(async () => {
    folder = await temporary();
    const path = await folder.write('log.csv.gz', gzipSync(smallLog()));
    comparison = await compare(path, (what) => void heard.push(what));
  });
  afterAll(() => folder.remove());

  it('has the same tickets, people, groups and visits', () => {
    expect(comparison).toMatchObject({ tickets: 288, people: 5, groups: 2, visits: { all: 360, replayed: 360, kept: 0, without_name: 0 } });
    expect(comparison.group_days).toBe(24);
    expect([comparison.real.passed_on, comparison.takt.passed_on]).toEqual([72, 72]);
  });

  it('was as it is written', () => {
    expect(comparison.real).toMatchObject({
      opened_median_minutes: 60,
      wait_median_minutes: 60,
      wait_p95_minutes: 60,
      without_name: 0,
      reassigned: 0,
    });
    expect(comparison.real.cv_group_day_mean).toBeGreaterThan(0.3);
  });

  it('is given at once and evenly by Takt', () => {
    expect(comparison.takt).toMatchObject({ wait_median_minutes: 0, without_name: 0 });
    expect(comparison.takt.within_minute_share).toBeGreaterThan(0.7);
    expect(comparison.takt.cv_group_day_mean).toBeLessThan(comparison.real.cv_group_day_mean / 2);
  });

  it('is shown, and tells how far it is', () => {
    expect([...new Set(heard)]).toEqual(['reading', 'replaying']);
    expect(headline(comparison)).toContain('288 tickets, 5 people, 2 groups.');
    expect(rows(comparison)[2]).toEqual(['until a name is on it, median', '60 min', '0 min']);
  });
});

describe('measures', () => {
  const day = Math.floor(at('2016-03-01T00:00') / DAY);
  const person = (name: string, days: readonly number[]): Person => ({ name, days, from: 540, until: 1_020, capacity: 9 });
  const groups = [{ name: 'Desk', members: ['Ann', 'Bob'] }];
  const given = (name: string | null, waited = 0, on = day): Given => {
    const arrivedAt = on * DAY + 10 * HOUR;
    return {
      ticket: `T${arrivedAt}`,
      group: 'Desk',
      arrivedAt,
      given: name === null ? null : { person: name, at: arrivedAt + waited * MINUTE },
    };
  };

  it('waiting is told of those that have got a name', () => {
    const list = [given('Ann', 1), given('Ann', 2), given('Bob', 30), given(null)];
    expect(measure(list, new Map(), [person('Ann', [day]), person('Bob', [day])], groups)).toMatchObject({
      wait_median_minutes: 2,
      wait_p95_minutes: 30,
      within_minute_share: 0.25,
      without_name: 1,
    });
  });

  it('a ticket waits from being opened until the first name, in whatever group that was', () => {
    const arrivedAt = at('2016-03-01T10:00');
    const visit = { ticket: 'T', group: 'Desk', arrivedAt };
    const list: Given[] = [
      { ...visit, given: { person: 'Bob', at: arrivedAt + 90 * MINUTE } },
      { ...visit, given: { person: 'Ann', at: arrivedAt + 30 * MINUTE } },
    ];
    const opened = new Map([['T', arrivedAt - 10 * MINUTE]]);
    expect(measure(list, opened, [], groups)).toMatchObject({ opened_median_minutes: 40, opened_p95_minutes: 40 });
  });

  it('a day counts where two were at work and two tickets came for each: three and one is half', () => {
    const list = [given('Ann'), given('Ann'), given('Ann'), given('Bob')];
    expect(variationOfDays(list, [person('Ann', [day]), person('Bob', [day])], groups)).toEqual([0.5]);
    expect(variationOfDays(list, [person('Ann', [day]), person('Bob', [day + 1])], groups)).toEqual([]);
    expect(variationOfDays(list.slice(1), [person('Ann', [day]), person('Bob', [day])], groups)).toEqual([]);
  });

  it('over the whole time a day at work is compared, of who was there for ten', () => {
    const ten = Array.from({ length: 10 }, (_, i) => day + i);
    const twenty = Array.from({ length: 20 }, (_, i) => day + i);
    const list = [...ten.map((on) => given('Ann', 0, on)), ...twenty.map((on) => given('Bob', 0, on))];
    const people = [person('Ann', ten), person('Bob', twenty), person('Cid', [day])];
    expect(measure(list, new Map(), people, groups).cv_people).toBe(0);
    expect(measure(list.slice(5), new Map(), people, groups).cv_people).toBeCloseTo(1 / 3);
  });
});
