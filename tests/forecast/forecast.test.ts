import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Deal, forecast } from '../../engine/forecast/index.ts';
import { at, DAY, deal, knownAt, type Whole, wonBetween, world } from './support.ts';

const now = at('2026-01-01');
const shop = (seed: number): Whole[] => world({ seed, days: 395, rate: 4, lasts: 25 });
const sumOf = (parts: readonly { expected: number }[]): number => parts.reduce((sum, { expected }) => sum + expected, 0);

describe('a forecast', () => {
  it('adds up: teams to the month, channels to the month, open deals and those to come to the month', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('none', 'quarter', 'year'),
        (seed, months, season) => {
          const said = forecast(knownAt(world({ seed, days: 200, rate: 1, lasts: 20 }), at('2025-07-01')), {
            now: at('2025-07-01'),
            months,
            season,
          });
          expect(said.months).toHaveLength(months);
          for (const { total, teams, channels, open, coming } of said.months) {
            expect(sumOf(teams)).toBeCloseTo(total.expected, 6);
            expect(sumOf(channels)).toBeCloseTo(total.expected, 6);
            expect(open + coming).toBeCloseTo(total.expected, 6);
            for (const { expected, low, high } of [total, ...teams, ...channels]) {
              expect(low).toBeGreaterThanOrEqual(0);
              expect(low).toBeLessThanOrEqual(expected);
              expect(high).toBeGreaterThanOrEqual(expected);
            }
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives every open deal away once: what comes in the months and later is Σ profit × probability', () => {
    const known = knownAt(shop(3), now).map((one) => ({
      ...one,
      probability: one.won === null ? (one.probability ?? 0) : Number(one.won),
    }));
    const said = forecast(known, { now, months: 12 });
    const open = known.filter(({ won }) => won === null).reduce((sum, { profit, probability }) => sum + profit * probability, 0);
    expect(said.months.reduce((sum, month) => sum + month.open, 0) + said.later).toBeCloseTo(open, 6);
  });

  it('counts a certain deal whole, and one that cannot be won not at all', () => {
    const past = knownAt(shop(4), now).filter(({ closedAt }) => closedAt !== null);
    const openDeal = (probability: number): Deal => deal('it', { openedAt: now - 5 * DAY, profit: 7_000, probability });
    const brings = (probability: number): number => {
      const { months, later } = forecast([...past, openDeal(probability)], { now, months: 6, season: 'quarter' });
      return months.reduce((sum, { open }) => sum + open, 0) + later;
    };
    expect(brings(1)).toBeCloseTo(7_000, 6);
    expect(brings(0)).toBe(0);
  });

  it('has what came in its interval of 80 % about as often as it says, by month and by team', () => {
    let [hits, teamHits, runs, teamRuns] = [0, 0, 0, 0];
    for (let seed = 1; seed <= 150; seed++) {
      const deals = shop(seed);
      const [month] = forecast(knownAt(deals, now), { now, months: 1 }).months;
      if (month === undefined) throw new Error('A forecast without a month.');
      const until = at('2026-02-01');
      runs++;
      const came = wonBetween(deals, now, until);
      hits += Number(came >= month.total.low && came <= month.total.high);
      for (const { name, low, high } of month.teams) {
        const theirs = wonBetween(deals, now, until, ({ team }) => team === name);
        teamRuns++;
        teamHits += Number(theirs >= low && theirs <= high);
      }
    }
    // These worlds have no month with a factor of its own, which the interval allows for: it is wide for them.
    expect(hits / runs).toBeGreaterThan(0.78);
    expect(hits / runs).toBeLessThan(0.98);
    expect(teamHits / teamRuns).toBeGreaterThan(0.78);
    expect(teamHits / teamRuns).toBeLessThan(0.97);
  });

  it('is right on average', () => {
    let [said, came] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const deals = shop(seed + 500);
      said += forecast(knownAt(deals, now), { now, months: 1 }).months[0]?.total.expected ?? 0;
      came += wonBetween(deals, now, at('2026-02-01'));
    }
    expect(said / came).toBeGreaterThan(0.97);
    expect(said / came).toBeLessThan(1.03);
  });

  it('does not see what comes after its moment', () => {
    const deals = shop(9);
    const other = deals.map((one) => (one.closedAt >= now ? { ...one, won: !one.won, closedAt: one.closedAt + 40 * DAY } : one));
    expect(forecast(knownAt(other, now), { now, months: 3 })).toEqual(forecast(knownAt(deals, now), { now, months: 3 }));
  });

  it('does not care in which order deals are given', () => {
    const known = knownAt(shop(10), now);
    const [a, b] = [known, known.toReversed()].map((deals) => forecast(deals, { now, months: 2, season: 'quarter' }));
    expect(b?.months[1]?.total.expected).toBeCloseTo(a?.months[1]?.total.expected ?? 0, 6);
    expect(b?.months[1]?.total.high).toBeCloseTo(a?.months[1]?.total.high ?? 0, 6);
  });

  it('is in the unit of its profits', () => {
    const known = knownAt(shop(11), now);
    const [month] = forecast(known, { now, months: 1 }).months;
    const [tenfold] = forecast(
      known.map((one) => ({ ...one, profit: 10 * one.profit })),
      { now, months: 1 },
    ).months;
    expect(tenfold?.total.expected).toBeCloseTo(10 * (month?.total.expected ?? 0), 4);
    expect(tenfold?.total.low).toBeCloseTo(10 * (month?.total.low ?? 0), 4);
  });
});

describe('the place in the season', () => {
  /** Deals that take 40 days; in the last month of a quarter four of five are won, else one of five. */
  function seasonal(): Whole[] {
    return world({ seed: 21, days: 900, rate: 6, lasts: 40 }, at('2023-07-01')).map((one, i) => {
      const last = new Date(one.closedAt).getUTCMonth() % 3 === 2;
      return { ...one, probability: 0.4, won: i % 5 < (last ? 4 : 1) };
    });
  }

  it('is learned: more at the end of a quarter', () => {
    const deals = seasonal();
    const said = forecast(knownAt(deals, at('2025-10-01')), { now: at('2025-10-01'), months: 3, season: 'quarter' });
    const [october, november, december] = said.months.map(({ total }) => total.expected);
    expect(december).toBeGreaterThan(2 * (october ?? 0));
    expect(december).toBeGreaterThan(2 * (november ?? 0));
    expect(said.months.every(({ seasonKnown }) => seasonKnown)).toBe(true);
  });

  it('that nobody has seen is said to be so, and its interval is wider', () => {
    const begun = at('2024-01-01');
    const deals = seasonal().filter(({ openedAt }) => openedAt >= begun);
    const at2 = (season: 'none' | 'quarter') =>
      forecast(knownAt(deals, at('2024-03-01')), { now: at('2024-03-01'), months: 1, season }).months[0];
    const [blind, seasonOf] = [at2('none'), at2('quarter')];
    expect(seasonOf?.seasonKnown).toBe(false);
    const width = (month: typeof blind): number => ((month?.total.high ?? 0) - (month?.total.low ?? 0)) / (month?.total.expected ?? 1);
    expect(width(seasonOf)).toBeGreaterThan(1.5 * width(blind));
  });
});

describe('a month', () => {
  it('begins in the zone that is asked for', () => {
    const evening = now - 2 * 3_600_000;
    const known = knownAt(shop(12), evening);
    const month = (timezone: string): string | undefined => forecast(known, { now: evening, months: 1, timezone }).months[0]?.month;
    expect(month('UTC')).toBe('2025-12');
    expect(month('Europe/Moscow')).toBe('2026-01');
  });
});
