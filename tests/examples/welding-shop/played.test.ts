/** A small month goes through Takt as a user would send it through. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenarioFiles } from '../../../api/cli/simulate/scenarios.ts';
import { type Assignment, measure } from '../../../examples/welding-shop/measures.ts';
import { makeMonth } from '../../../examples/welding-shop/month/month.ts';
import { readShop } from '../../../examples/welding-shop/people.ts';
import { shown } from '../../../examples/welding-shop/show.ts';
import { assignmentsOf, writeMonth } from '../../../examples/welding-shop/simulated.ts';
import { type Folder, temporary } from '../../cli/support.ts';

const COUNT = 240;
const month = makeMonth(readShop(), 18, COUNT);
let folder: Folder;
let list: Assignment[];
beforeAll(async () => {
  folder = await temporary();
  await writeMonth(folder.path, month);
  list = await assignmentsOf(folder.path, month, 'round-robin.json');
});
afterAll(() => folder.remove());

describe('one after the other', () => {
  it('each of the eight gets the same number, each lead at once', () => {
    const { people, measures } = measure(list, month.timetables, month.period);
    expect(people.map(({ person, leads }) => [person, leads])).toEqual(month.timetables.map(({ person }) => [person, COUNT / 8]));
    expect(list.every(({ arrivedAt, assignedAt }) => arrivedAt === assignedAt)).toBe(true);
    expect(measures.within_minute_share).toBe(1);
  });

  it('nobody asks who is there: leads of the night, of free days and of leave wait for their owner', () => {
    const { measures } = measure(list, month.timetables, month.period);
    expect(measures.away_share).toBeGreaterThan(0.3);
    expect(measures.sla_share).toBeLessThan(0.9);
    expect(measures.cv_month).toBeGreaterThan(0.2);
  });
});

it('whoever has a lead answers it in their own hours; only leave of two weeks leaves one without an answer', () => {
  const hours = new Map(month.timetables.map((plan) => [plan.person, plan.days.flatMap(({ work }) => work)]));
  const answered = list.flatMap(({ lead, person, assignedAt, firstTouchAt }) => {
    if (firstTouchAt === null) return [];
    // The timeline tells whole seconds.
    const inHours = (hours.get(person ?? '') ?? []).some(({ from, until }) => firstTouchAt >= from && firstTouchAt <= until);
    return [[lead, firstTouchAt > (assignedAt ?? 0), inHours]];
  });
  expect(answered).toEqual(answered.map(([lead]) => [lead, true, true]));
  expect(answered.length).toBeGreaterThan(COUNT - 5);
  expect(new Set(list.filter(({ firstTouchAt }) => firstTouchAt === null).map(({ person }) => person))).toEqual(new Set(['pavel']));
});

it('the report has a row for each person and each day', () => {
  const report = { title: 'one after the other', seconds: 1, ...measure(list, month.timetables, month.period) };
  const text = shown([report], ['Vera Sokolova', 'Gleb', 'Nina', 'Pavel', 'Daria', 'Rinat', 'Timur', 'Alina']);
  expect(text).toMatch(/^given in the last 10 minutes +none +\d+\.\d %$/m);
  expect(text).toMatch(/^Vera Sokolova +\d+ +30 /m);
  expect(text.match(/^2026-06-\d\d /gm)).toHaveLength(30);
});

it('the scenarios of its workflows hold', async () => {
  const path = fileURLToPath(new URL('../../../examples/welding-shop/workflows/first-answer.scenario.json', import.meta.url));
  const [file] = await runScenarioFiles([path], [], () => {});
  expect(file?.scenarios.map(({ name, passed }) => [name, passed])).toEqual(file?.scenarios.map(({ name }) => [name, true]));
});
