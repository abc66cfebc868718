/** Six days of three people with and without next best action: what each way does, and what the figures are made of. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runScenarioFiles } from '../../../api/cli/simulate/scenarios.ts';
import { type ComparedMonth, comparedMonth, figuresOf, inputOf } from '../../../examples/welding-shop/nba/compare.ts';
import { dayOf, timetables } from '../../../examples/welding-shop/nba/days.ts';
import { dealsOf, outcomeOf } from '../../../examples/welding-shop/nba/deals.ts';
import { type Guided, guidedMonth } from '../../../examples/welding-shop/nba/guided.ts';
import { morningList } from '../../../examples/welding-shop/nba/morning.ts';
import { plainMonth } from '../../../examples/welding-shop/nba/plainly.ts';
import { ratioOf } from '../../../examples/welding-shop/nba/several.ts';
import { ACTIONS, MINUTES, type Treated, trueChance } from '../../../examples/welding-shop/nba/truth.ts';
import { readShop } from '../../../examples/welding-shop/people.ts';

const DAYS = 6;
const MINUTE = 60_000;
const whole = readShop();
const shop = { ...whole, people: whole.people.filter(({ as }) => ['vera', 'nina', 'daria'].includes(as)) };
const size = { perMonth: 300, days: DAYS, shop };
const input = inputOf(18, size);
const byId = new Map(input.deals.map((deal) => [deal.id, deal]));
const minutesOf = (done: ReadonlyMap<string, Treated>): number => [...done.values()].reduce((sum, { action }) => sum + MINUTES[action], 0);

describe('the deals', () => {
  it('are the same for their seed, and the chance of each is its own', () => {
    const people = shop.people.map(({ as }) => as);
    expect(dealsOf(18, people, 300, DAYS)).toEqual(input.deals);
    const shorter = dealsOf(18, people, 300, 3);
    expect(input.deals.slice(0, shorter.length)).toEqual(shorter);
  });

  it('are won as often as their true chance says, and whoever has a better one never loses what the other wins', () => {
    const many = inputOf(3, { perMonth: 900, days: 30, shop: whole }).deals;
    let [won, expected] = [0, 0];
    for (const deal of many) {
      const call: Treated = { action: 'call', person: deal.person, at: deal.arrivedAt };
      expected += trueChance(deal, call);
      won += Number(outcomeOf(3, deal, call).won);
      for (const action of ACTIONS) {
        const other: Treated = { ...call, action };
        if (trueChance(deal, other) >= trueChance(deal, call))
          expect(outcomeOf(3, deal, other).won).toBeOneOf([true, outcomeOf(3, deal, call).won]);
      }
    }
    expect(Math.abs(won - expected)).toBeLessThan(4 * Math.sqrt(many.length / 4));
  });

  it('cannot be moved while the client is on holiday, and less each day that they wait', () => {
    const deal = input.deals.find(({ holiday }) => holiday === null);
    if (!deal) throw new Error('Everybody is on holiday.');
    const at = (days: number): Treated => ({ action: 'visit', person: deal.person, at: deal.arrivedAt + days * 24 * 60 * MINUTE });
    expect(trueChance(deal, at(0))).toBeGreaterThan(trueChance(deal, at(3)));
    const away = { ...deal, holiday: { from: deal.arrivedAt, until: deal.arrivedAt + MINUTE } };
    expect(trueChance(away, at(0))).toBe(trueChance(deal, null));
  });
});

describe('without Takt', () => {
  it('people work in their free time alone, one thing after the other, and each deal once', () => {
    const done = plainMonth(input.deals, input.tables, 'budget_first');
    expect(done.size).toBeGreaterThan(20);
    for (const { person, free } of timetables(18, shop.people, DAYS)) {
      const spans = [...done.values()].filter((one) => one.person === person.as).sort((a, b) => a.at - b.at);
      let last = 0;
      for (const { action, at } of spans) {
        const from = at - MINUTES[action] * MINUTE;
        expect(from).toBeGreaterThanOrEqual(last);
        expect(free.some((stretch) => from >= stretch.from && at <= stretch.until)).toBe(true);
        last = at;
      }
    }
  });

  it('no more minutes are worked than the limit gives', () => {
    const done = plainMonth(input.deals, input.tables, 'newest_first', () => 30);
    const worked = Map.groupBy(done.values(), ({ person }) => person);
    const days = Map.groupBy(
      input.tables.flatMap(({ person, free }) => free.map(({ from }) => `${person.as} ${dayOf(from)}`)),
      (key) => key.split(' ')[0],
    );
    for (const [person, list] of worked) {
      const minutes = list.reduce((sum, { action }) => sum + MINUTES[action], 0);
      expect(minutes).toBeLessThanOrEqual(30 * new Set(days.get(person)).size);
    }
  });
});

describe('with Takt', () => {
  let guided: Guided;
  let month: ComparedMonth;
  beforeAll(async () => {
    guided = await guidedMonth(input);
    month = await comparedMonth(18, size);
  }, 120_000);

  it('people work their lists in their free time, and leave alone what is held out', () => {
    expect(guided.done.size).toBeGreaterThan(20);
    for (const [id, { person, action, at }] of guided.done) {
      const free = input.tables.find((table) => table.person.as === person)?.free ?? [];
      expect(free.some((stretch) => at - MINUTES[action] * MINUTE >= stretch.from && at <= stretch.until)).toBe(true);
      expect(byId.get(id)?.person).toBe(person);
      expect(guided.heldOut.has(id)).toBe(false);
    }
  });

  it('nobody is told more than ten new things a day, and most of what is told is taken up', () => {
    const { told, adopted, declined } = guided.measures;
    expect(told).toBeLessThanOrEqual(10 * DAYS * shop.people.length);
    expect(adopted).toBe(guided.done.size);
    expect(adopted / told).toBeGreaterThan(0.5);
    expect(declined).toBeGreaterThan(0);
  });

  it('outcomes reach the recommendations', () => {
    expect(guided.measures.outcomes).toBeGreaterThan(10);
    expect(guided.measures.earned.RUB).toBeGreaterThan(0);
  });

  it('the comparison is of the same deals in no more hours, and the same when it is done again', () => {
    expect(month.guided).toEqual(figuresOf(18, input.deals, guided.done));
    expect(month.guided.hours).toBeCloseTo(minutesOf(guided.done) / 60);
    for (const { hours } of Object.values(month.plain)) expect(hours).toBeLessThanOrEqual(month.guided.hours);
    expect(month.told).toBe(guided.measures.told);
  });

  it('the morning list is the same in English and Russian, line by line', async () => {
    const { en, ru, at } = await morningList(input);
    const [english, russian] = [en.split('\n'), ru.split('\n')];
    expect(at).toBe('2026-06-04T05:00:00.000Z');
    expect(english.length).toBeGreaterThan(2);
    expect(russian).toHaveLength(english.length);
    expect(english[0]).toMatch(/^Today: \d+, of the \d+ minutes that you have\.$/);
    expect(russian[0]).toMatch(/^На сегодня: \d+, из ваших \d+ мин\.$/);
    const recordIn = (line: string | undefined): string | undefined => / [–—] ([^(]+) \(/.exec(line ?? '')?.[1];
    expect(english.map(recordIn)).toEqual(russian.map(recordIn));
    expect(russian.some((line) => /Позвонить|Съездить|Написать предложение/.test(line))).toBe(true);
  }, 60_000);
});

describe('several months', () => {
  it('make a ratio with an interval that is wider where they differ', () => {
    const alike = ratioOf([
      [12, 10],
      [24, 20],
      [6, 5],
    ]);
    expect([alike.ratio, alike.low, alike.high].map((one) => one.toFixed(6))).toEqual(['1.200000', '1.200000', '1.200000']);
    // By hand: the logarithms have the mean 0.2047 and the deviation 0.1220; 4.303 × 0.1220 / √3 = 0.3034.
    const { ratio, low, high } = ratioOf([
      [11, 10],
      [12, 10],
      [14, 10],
    ]);
    expect(ratio).toBeCloseTo((1.1 * 1.2 * 1.4) ** (1 / 3), 10);
    expect([low, high].map((one) => one.toFixed(3))).toEqual(['0.906', '1.662']);
  });

  it('fewer than two say nothing', () => {
    expect(() => ratioOf([[2, 1]])).toThrow(RangeError);
  });
});

it('the scenarios of the workflow hold', async () => {
  const path = fileURLToPath(new URL('../../../examples/welding-shop/workflows/next-best-action.scenario.json', import.meta.url));
  const files = await runScenarioFiles([path], [], () => {});
  const results = files.flatMap(({ scenarios }) => scenarios);
  expect(results.map(({ name, passed }) => [name, passed])).toEqual(results.map(({ name }) => [name, true]));
  expect(results.length).toBeGreaterThan(2);
});
