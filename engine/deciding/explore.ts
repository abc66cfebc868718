/** Trying what may be better than it seems, in a set share of decisions, with the probabilities of every choice. */
import { TaktError } from '../errors/index.ts';
import { type Beta, betaCdf, deviationOf, logBeta, meanOf } from './beta.ts';
import { probabilityProblem, tell } from './check.ts';

/** What may be done. Its value is rate × worth − cost. */
export interface Arm {
  /** Of the rate of success: a belief, or a rate that is taken as certain. */
  readonly rate: Beta | number;
  readonly worth: number;
  readonly cost: number;
}

export interface Exploration {
  /** Of each arm to be chosen; they add up to 1. To be kept with the decision. */
  readonly probabilities: Float64Array;
  /** The arm with the greatest value, the first of equals. */
  readonly best: number;
  /** How far a probability may at most be from that of exact Thompson sampling; the choice itself follows `probabilities` exactly. */
  readonly error: number;
}

/** Of decisions, where no other share is set. */
const EXPLORED_SHARE = 0.1;

/**
 * The probabilities with which each arm is chosen: the best one, but in a share of decisions by Thompson sampling (W. R. Thompson, Biometrika 25,
 * 1933, 285–294; D. Russo and others, "A Tutorial on Thompson Sampling", 2018), where an arm's chance is the probability that it is the
 * best. That is ∫ f_i ∏_{j≠i} F_j, taken over cells of the value: in a cell the product lies between its values at the ends, which bounds
 * the error strictly. Cells are halved until the bound is 0.002 or there are 8,192. Equal certain values share their chance; the bound says nothing then.
 * With eight beliefs it takes about a millisecond in a share of 0.1.
 * Throws TaktError PROBABILITY_INVALID, DECISION_INVALID.
 */
export function explore(arms: readonly Arm[], share = EXPLORED_SHARE): Exploration {
  check(arms, share);
  const means = arms.map(({ rate, worth, cost }) => (typeof rate === 'number' ? rate : meanOf(rate)) * worth - cost);
  const best = means.indexOf(Math.max(...means));
  const { chances, error } = share === 0 ? { chances: new Float64Array(arms.length), error: 0 } : thompson(arms, ENOUGH / share);
  const probabilities = chances.map((chance, i) => share * chance + (i === best ? 1 - share : 0));
  return { probabilities, best, error: share * error };
}

/** Draws an arm by these probabilities, so that the probability which is kept is the one that it had. */
export function draw(probabilities: Float64Array, random: () => number): number {
  let left = random();
  for (let i = 0; i < probabilities.length; i++) {
    left -= probabilities[i] ?? 0;
    if (left < 0) return i;
  }
  // Rounding may leave the very end uncovered.
  return probabilities.findLastIndex((probability) => probability > 0);
}

const FEWEST_CELLS = 64;
const MOST_CELLS = 8192;
const ENOUGH = 0.002;

function thompson(arms: readonly Arm[], enough: number): { chances: Float64Array; error: number } {
  for (let cells = FEWEST_CELLS; ; cells *= 2) {
    const found = integrate(arms, cells);
    if (found.error <= enough || cells >= MOST_CELLS) return found;
  }
}

/** The chances on a grid of the value, normalised; the error is the greatest distance to a bound. */
function integrate(arms: readonly Arm[], cells: number): { chances: Float64Array; error: number } {
  const grid = gridOf(arms, cells);
  const cdfs = arms.map((arm) => grid.map(cdfOf(arm)));
  const [low, high] = [new Float64Array(arms.length), new Float64Array(arms.length)];
  for (let k = 1; k < grid.length; k++) {
    for (let i = 0; i < arms.length; i++) {
      const mass = (cdfs[i]?.[k] ?? 0) - (cdfs[i]?.[k - 1] ?? 0);
      if (mass <= 0) continue;
      low[i] = (low[i] ?? 0) + mass * othersBelow(cdfs, i, k - 1);
      high[i] = (high[i] ?? 0) + mass * othersBelow(cdfs, i, k);
    }
  }
  const middle = low.map((value, i) => (value + (high[i] ?? 0)) / 2);
  const sum = middle.reduce((total, value) => total + value, 0);
  const chances = middle.map((value) => value / sum);
  const error = chances.reduce((most, chance, i) => Math.max(most, (high[i] ?? 0) - chance, chance - (low[i] ?? 0)), 0);
  return { chances, error };
}

function othersBelow(cdfs: readonly Float64Array[], i: number, k: number): number {
  let product = 1;
  for (let j = 0; j < cdfs.length; j++) if (j !== i) product *= cdfs[j]?.[k] ?? 0;
  return product;
}

/** P(value of the arm ≤ x). */
function cdfOf({ rate, worth, cost }: Arm): (x: number) => number {
  if (typeof rate === 'number' || worth === 0) {
    const value = typeof rate === 'number' ? rate * worth - cost : -cost;
    return (x) => (x >= value ? 1 : 0);
  }
  const logB = logBeta(rate.alpha, rate.beta);
  return (x) => betaCdf(rate, (x + cost) / worth, logB);
}

/** Beyond so many deviations there is nothing that shows; the two outer cells hold what is there. */
const DEVIATIONS = 8;

/** Ends of cells over all that is likely, those of certain values among them. */
function gridOf(arms: readonly Arm[], cells: number): Float64Array {
  const spans = arms.map(({ rate, worth, cost }) => {
    if (typeof rate === 'number') return [rate * worth - cost, rate * worth - cost] as const;
    const [mean, reach] = [meanOf(rate), DEVIATIONS * deviationOf(rate)];
    return [Math.max(0, mean - reach) * worth - cost, Math.min(1, mean + reach) * worth - cost] as const;
  });
  const low = Math.min(...spans.map(([from]) => from));
  const high = Math.max(...spans.map(([, to]) => to));
  const points = Array.from({ length: cells + 1 }, (_, k) => low + ((high - low) * k) / cells);
  const certain = spans.flatMap(([from, to]) => (from === to ? [from] : []));
  return Float64Array.from([Number.NEGATIVE_INFINITY, ...points, ...certain, Number.POSITIVE_INFINITY]).sort();
}

function check(arms: readonly Arm[], share: number): void {
  if (arms.length === 0) throw new TaktError('DECISION_INVALID', { message: 'There is nothing to choose from.', pointer: '/arms' });
  const problems = arms.flatMap(({ rate, worth, cost }, i) => {
    const numbers = typeof rate === 'number' ? probabilityProblem(`The rate of arm ${i}`, rate, `/arms/${i}/rate`) : beliefProblem(rate, i);
    if (worth >= 0 && Number.isFinite(worth) && cost >= 0 && Number.isFinite(cost)) return numbers;
    const message = `Arm ${i} has the worth ${worth} and the cost ${cost}; numbers of 0 or more are expected.`;
    return [...numbers, new TaktError('WORTH_INVALID', { message, pointer: `/arms/${i}` })];
  });
  tell([...probabilityProblem('The share that is explored', share, '/share'), ...problems]);
}

function beliefProblem({ alpha, beta }: Beta, i: number): TaktError[] {
  if (alpha > 0 && beta > 0 && Number.isFinite(alpha + beta)) return [];
  const message = `The belief of arm ${i} has alpha ${alpha} and beta ${beta}; numbers above 0 are expected.`;
  return [new TaktError('DECISION_INVALID', { message, pointer: `/arms/${i}/rate` })];
}
