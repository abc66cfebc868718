/** A small month goes through Takt as a user would send it through. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScenarioFiles } from '../../../api/cli/simulate/scenarios.ts';
import { spanAt } from '../../../examples/welding-shop/hours.ts';
import { type Assignment, measure } from '../../../examples/welding-shop/measures.ts';
import { makeMonth } from '../../../examples/welding-shop/month/month.ts';
import { readShop } from '../../../examples/welding-shop/people.ts';
import { shown } from '../../../examples/welding-shop/show.ts';
import { assignmentsOf, writeMonth } from '../../../examples/welding-shop/simulated.ts';
import { type Folder, temporary } from '../../cli/support.ts';

const COUNT = 240;
const shop = readShop();
const month = makeMonth(shop, 18, COUNT);
let folder: Folder;
let list: Assignment[];
let byRules: Assignment[];
beforeAll(async () => {
  folder = await temporary();
  await writeMonth(folder.path, month);
  [list, byRules] = await Promise.all([
    assignmentsOf(folder.path, month, 'round-robin.json'),
    assignmentsOf(folder.path, month, 'distribution.json'),
  ]);
});
afterAll(() => folder.remove());

describe('one after the other', () => {
  it('each of the eight gets the same number, each lead at once; who is on leave for half of the month gets half', () => {
    const { people, measures } = measure(list, month.timetables, month.period);
    const others = people.filter(({ person }) => person !== 'pavel').map(({ leads }) => leads);
    const [leave] = people.filter(({ person }) => person === 'pavel').map(({ leads }) => leads);
    expect(Math.max(...others) - Math.min(...others)).toBeLessThanOrEqual(1);
    expect(leave).toBeGreaterThan(0.4 * (others[0] ?? 0));
    expect(leave).toBeLessThan(0.6 * (others[0] ?? 0));
    expect(list.every(({ arrivedAt, assignedAt }) => arrivedAt === assignedAt)).toBe(true);
    expect(measures.within_minute_share).toBe(1);
  });

  it('nobody asks who is there: leads of the night and of free days wait for their owner', () => {
    const { measures } = measure(list, month.timetables, month.period);
    expect(measures.away_share).toBeGreaterThan(0.3);
    expect(measures.sla_share).toBeLessThan(0.9);
  });
});

describe('by the rules of the shop', () => {
  it('a lead is never given to who is not there, nor in the last ten minutes, and none is lost', () => {
    const { measures } = measure(byRules, month.timetables, month.period);
    expect([measures.away_share, measures.last10_share]).toEqual([0, 0]);
    expect(byRules.filter(({ person }) => person === null)).toEqual([]);
  });

  it('within the minute while somebody works, else when somebody does again; and answered in time', () => {
    const { measures } = measure(byRules, month.timetables, month.period);
    expect(measures.within_minute_share).toBeGreaterThan(0.98);
    expect(measures.sla_share).toBeGreaterThan(0.93);
    const night = byRules.filter(({ arrivedAt }) =>
      month.timetables.every(({ days }) => !spanAt(spanAt(days, arrivedAt)?.work ?? [], arrivedAt)),
    );
    const begins = new Set(month.timetables.flatMap(({ days }) => days.flatMap(({ work }) => work.map(({ from }) => from))));
    expect(night.length).toBeGreaterThan(20);
    expect(night.filter(({ assignedAt }) => begins.has(assignedAt ?? 0)).length).toBeGreaterThan(0.8 * night.length);
  });

  it('large deals and special ones go to who makes them, unless nobody of those is there', () => {
    const skills = new Map(shop.people.map(({ as, skills }) => [as, skills.map((skill) => skill.toLowerCase())]));
    const leads = new Map(month.leads.map((lead) => [lead.as, lead]));
    const fitting = byRules.flatMap(({ lead, person }) => {
      const { data, group } = leads.get(lead) ?? {};
      const industry = String(data?.industry).toLowerCase();
      const needs = ['gas power stations', 'large compressors'].includes(industry) ? industry : group === 'large' ? 'large deals' : null;
      return needs === null ? [] : [skills.get(person ?? '')?.includes(needs) === true];
    });
    expect(fitting.length).toBeGreaterThan(20);
    expect(fitting.filter(Boolean).length / fitting.length).toBeGreaterThan(0.75);
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
  expect(text).toMatch(/^Vera Sokolova +21 +3\d /m);
  expect(text.match(/^2026-06-\d\d /gm)).toHaveLength(30);
});

it('the scenarios of its workflows hold', async () => {
  const path = (name: string): string =>
    fileURLToPath(new URL(`../../../examples/welding-shop/workflows/${name}.scenario.json`, import.meta.url));
  const files = await runScenarioFiles([path('first-answer'), path('distribution')], [], () => {});
  const results = files.flatMap(({ scenarios }) => scenarios);
  expect(results.map(({ name, passed }) => [name, passed])).toEqual(results.map(({ name }) => [name, true]));
  expect(results.length).toBeGreaterThan(10);
});
