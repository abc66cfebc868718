/** What several months say together: ratios with an interval, since one month may be a lucky one. */
import { differenceInterval } from '../../../engine/experiment/proportions.ts';
import type { ComparedMonth, Figures } from './compare.ts';
import type { Order } from './plainly.ts';

export interface Ratio {
  readonly ratio: number;
  /** Of the ratio, 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Student's t, 97.5 %, for 1 to 9 degrees of freedom: M. Abramowitz and I. Stegun, "Handbook of Mathematical Functions", table 26.10. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/**
 * The geometric mean of the months' ratios with Student's interval of their logarithms: each month is one observation, whatever happens in it.
 * Throws RangeError for fewer than two months or more than ten, and for a ratio that is not positive.
 */
export function ratioOf(pairs: readonly (readonly [number, number])[]): Ratio {
  const t = T[pairs.length - 2];
  if (t === undefined) throw new RangeError('Two to ten months make an interval.');
  const logs = pairs.map(([a, b]) => Math.log(a / b));
  if (!logs.every(Number.isFinite)) throw new RangeError('A ratio that is not positive has no logarithm.');
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  const variance = logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (logs.length - 1);
  const half = t * Math.sqrt(variance / logs.length);
  return { ratio: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** Sums of the months. */
export function together(months: readonly Figures[]): Figures {
  const sum = (of: (one: Figures) => number): number => months.reduce((total, one) => total + of(one), 0);
  return {
    profit: sum(({ profit }) => profit),
    hours: sum(({ hours }) => hours),
    actions: sum(({ actions }) => actions),
    gained: sum(({ gained }) => gained),
  };
}

export const perHour = ({ profit, hours }: Figures): number => profit / hours;
export const gainedPerHour = ({ gained, hours }: Figures): number => gained / hours;

/** With Takt against an order, in as many hours: of the profit per hour. */
export const against = (months: readonly ComparedMonth[], order: Order): Ratio =>
  ratioOf(months.map(({ guided, plain }) => [perHour(guided), perHour(plain[order])]));

export interface HeldOut {
  /** Shares of 1. */
  readonly lift: number;
  readonly low: number;
  readonly high: number;
  readonly heldOut: number;
  /** What was truly added. */
  readonly truly: number;
}

/** What the held-out share says of all months; null where none has enough outcomes on both sides. */
export function liftOf(months: readonly ComparedMonth[]): HeldOut | null {
  const known = months.flatMap(({ lift }) => lift ?? []);
  const sum = (of: (one: (typeof known)[number]) => number): number => known.reduce((total, one) => total + of(one), 0);
  const treated = { n: sum(({ records }) => records), successes: sum(({ won }) => won) };
  const heldOut = { n: sum((one) => one.heldOut), successes: sum(({ heldOutWon }) => heldOutWon) };
  if (treated.n === 0 || heldOut.n === 0) return null;
  const [low, high] = differenceInterval(treated, heldOut, 0.95);
  const truly = months.reduce((total, one) => total + one.trueLift, 0) / months.length;
  return { lift: treated.successes / treated.n - heldOut.successes / heldOut.n, low, high, heldOut: heldOut.n, truly };
}
