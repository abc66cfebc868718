/** Small histories of deals for the tests of forecasts. */
import type { Deal } from '../../engine/forecast/index.ts';
import { type Random, seededRandom } from '../../engine/ports/random.ts';

export const DAY = 86_400_000;
export const at = (date: string): number => Date.parse(`${date}T00:00:00Z`);

export const deal = (id: string, given: Partial<Deal> = {}): Deal => ({
  id,
  openedAt: at('2026-01-01'),
  closedAt: null,
  won: null,
  profit: 100,
  currency: 'RUB',
  team: 'north',
  channel: 'site',
  ...given,
});

/** What becomes of a deal in the end, whether anybody knows it yet or not. */
export type Whole = Deal & { readonly closedAt: number; readonly won: boolean; readonly probability: number };

export interface World {
  readonly seed: number;
  readonly days: number;
  /** Deals that begin on a day on average. */
  readonly rate: number;
  /** Days from begin to close on average; at most 200. */
  readonly lasts: number;
}

/** A shop whose deals are won exactly as often as their probability says, and close after times of exponential distribution. */
export function world({ seed, days, rate, lasts }: World, begin = at('2025-01-01')): Whole[] {
  const random = seededRandom(seed);
  const deals: Whole[] = [];
  for (let day = 0; day < days; day++) {
    for (let left = poisson(random, rate); left > 0; left--) {
      const openedAt = begin + day * DAY + Math.floor(random.next() * DAY);
      const probability = 0.1 + 0.6 * random.next();
      deals.push({
        ...deal(`d${deals.length}`, { openedAt, profit: Math.round(50 + 200 * random.next() ** 2) }),
        probability,
        team: random.next() < 0.4 ? 'north' : 'south',
        channel: ['site', 'mail', 'phone'][Math.floor(random.next() * 3)] ?? 'site',
        closedAt: openedAt + Math.floor(-lasts * Math.log(1 - random.next()) * DAY),
        won: random.next() < probability,
      });
    }
  }
  return deals;
}

/** What was known at a moment. */
export const knownAt = (deals: readonly Whole[], now: number): Deal[] =>
  deals.filter(({ openedAt }) => openedAt < now).map((one) => (one.closedAt < now ? one : { ...one, closedAt: null, won: null }));

export const wonBetween = (deals: readonly Whole[], from: number, until: number, fits: (deal: Whole) => boolean = () => true): number =>
  deals.filter((one) => one.won && one.closedAt >= from && one.closedAt < until && fits(one)).reduce((sum, { profit }) => sum + profit, 0);

/** D. E. Knuth, "The Art of Computer Programming", vol. 2, section 3.4.1. */
function poisson(random: Random, mean: number): number {
  let count = 0;
  for (let left = Math.exp(-mean), product = random.next(); product > left; product *= random.next()) count++;
  return count;
}
