/** What probabilities become in a month: what came beside what was told, as a shift of the log-odds for each place in the season. */
import { drawnTogether, type Estimate } from './shrink.ts';

/** A closed deal: the place of the month in which it closed, what was told of it, and what came. */
export interface Told {
  readonly place: number;
  readonly probability: number;
  readonly won: boolean;
}

export interface Shift {
  readonly logOdds: number;
  readonly variance: number;
}

/** Standard deviation of a shift before anything is known: odds that halve or double are usual, four times as many are not. */
const USUAL = 0.7;
/** So little is known of a single shift that a deal of each outcome says more. */
const VAGUE = 3;
/** Beyond that a probability is taken for sure, and nothing shifts it. */
const SURE = 1e-9;
const ROUNDS = 20;

/** A deal that is sure stays so. */
export function shifted(probability: number, logOdds: number): number {
  if (probability <= SURE || probability >= 1 - SURE) return probability;
  return 1 / (1 + Math.exp(-logOdds) * (1 / probability - 1));
}

/** The shift of each place beside that of all; a place without a closed deal has the latter, and the variance says how little that means. */
export function learnShifts(told: readonly Told[], places: number): Shift[] {
  const all = shiftOf(told, 0, USUAL);
  if (places === 1) return [{ logOdds: all.value, variance: all.variance }];
  const own = Array.from({ length: places }, (_, place) => {
    const some = told.filter((one) => one.place === place);
    return some.length === 0 ? null : shiftOf(some, all.value, VAGUE);
  });
  return drawnTogether(own, USUAL).map(({ value, variance }) => ({ logOdds: all.value + value, variance: all.variance + variance }));
}

/**
 * The most likely shift of the log-odds beside `offset` under a normal prior, by Newton's method, and its variance from the curvature (recalibration
 * in the large: D. R. Cox, "Two further applications of a model for binary regression", Biometrika 45 (1958) 562–565; with a prior as in
 * A. Gelman and others, "Bayesian Data Analysis", 3rd ed., section 16.3).
 */
function shiftOf(told: readonly Told[], offset: number, prior: number): Estimate {
  let shift = 0;
  let information = 1 / prior ** 2;
  for (let round = 0; round < ROUNDS; round++) {
    let slope = -shift / prior ** 2;
    information = 1 / prior ** 2;
    for (const { probability, won } of told) {
      const p = shifted(probability, offset + shift);
      // What was sure is not moved, and so teaches nothing here.
      if (p <= SURE || p >= 1 - SURE) continue;
      slope += Number(won) - p;
      information += p * (1 - p);
    }
    const step = slope / information;
    shift += Math.max(-1, Math.min(1, step));
    if (Math.abs(step) < 1e-9) break;
  }
  return { value: shift, variance: 1 / information };
}
