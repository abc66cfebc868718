/** What may be said of a split: whether one arm is better, or why that cannot be said yet. */
import { TaktError } from '../errors/index.ts';
import { differenceInterval, holm, rateOf, type Sample, twoProportionTest } from './proportions.ts';

const DAY_MS = 86_400_000;

export interface Arm extends Sample {
  name: string;
}

export interface Experiment {
  /** At least two. */
  arms: readonly Arm[];
  /** How many each arm needs. */
  minimum: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  now: number;
  /** How long it runs at least, milliseconds: long enough for the days of the week to even out. */
  atLeastMs: number;
  /** Such as 0.95: at most 5% of splits between equal arms find a winner. */
  confidence: number;
}

/** The best arm against another one. */
interface Comparison {
  /** The other arm. */
  name: string;
  /** Rate of the best arm minus that of the other. */
  difference: number;
  /** Of the difference, at the given confidence. */
  interval: readonly [low: number, high: number];
  /** Two-sided, adjusted for the number of comparisons. */
  p: number;
}

export interface Verdict {
  state: 'too_few' | 'too_early' | 'no_difference' | 'winner';
  winner?: string;
  /** The arm with the highest rate so far; the first of equals. */
  best: string;
  /** Against the arm that is hardest to tell from the best. */
  p: number;
  interval: readonly [low: number, high: number];
  /** The best against every other arm, in their order. */
  comparisons: readonly Comparison[];
  /** The same in sentences. */
  text: readonly string[];
}

/**
 * Judges a split. A winner is told only when every arm has its minimum, the time is over, and the arm with the highest rate differs from
 * each other one at the level 1 − `confidence` (two-proportion z-test; Holm's correction with more than two arms). The test is meant for
 * one look at the end: who looks again and again until there is a winner finds one more often than the level says.
 * Throws TaktError INPUT_INVALID.
 */
export function verdict(experiment: Experiment): Verdict {
  const { arms, confidence } = experiment;
  const [best, ...others] = bestFirst(experiment);
  const adjusted = holm(others.map((other) => twoProportionTest(best, other).p));
  const comparisons = others.map((other, i) => ({
    name: other.name,
    difference: rateOf(best) - rateOf(other),
    interval: differenceInterval(best, other, confidence),
    p: adjusted[i] ?? 1,
  }));
  const closest = comparisons.reduce((a, b) => (b.p > a.p ? b : a));
  const state = stateOf(experiment, closest.p);
  return {
    state,
    ...(state === 'winner' ? { winner: best.name } : {}),
    best: best.name,
    p: closest.p,
    interval: closest.interval,
    comparisons,
    text: [arms.map(result).join(', ').concat('.'), ...explain(experiment, state, best, closest)],
  };
}

function stateOf({ arms, minimum, startedAt, now, atLeastMs, confidence }: Experiment, p: number): Verdict['state'] {
  if (arms.some(({ n }) => n < minimum)) return 'too_few';
  if (now - startedAt < atLeastMs) return 'too_early';
  return p < 1 - confidence ? 'winner' : 'no_difference';
}

function explain(experiment: Experiment, state: Verdict['state'], best: Arm, { name, p, interval }: Comparison): string[] {
  const { arms, minimum, startedAt, now, atLeastMs, confidence } = experiment;
  const measured = `p = ${p.toPrecision(2)}; the limit is ${Number((1 - confidence).toFixed(6))}`;
  switch (state) {
    case 'too_few': {
      const short = arms.filter(({ n }) => n < minimum).map((arm) => `${arm.name} has ${arm.n}`);
      return [`Too few to judge: each arm needs ${minimum}, ${short.join(', ')}.`];
    }
    case 'too_early':
      return [`Too early to judge: ${days(now - startedAt)} of ${days(atLeastMs)} days are over.`];
    case 'no_difference':
      return [
        `No arm can be said to be the best: chance alone parts equal arms as far as ${best.name} and ${name} too often (${measured}).`,
      ];
    case 'winner':
      return [
        `${best.name} is the best (${measured}).`,
        `It is ahead of ${name} by ${points(interval[0])} to ${points(interval[1])} percentage points (${percent(confidence)} confidence).`,
      ];
  }
}

const result = (arm: Arm): string => `${arm.name}: ${arm.successes} of ${arm.n} (${percent(rateOf(arm))})`;
const points = (part: number): string => (part * 100).toFixed(1);
const percent = (part: number): string => `${Number((part * 100).toFixed(1))}%`;
const days = (ms: number): string => String(Number((Math.max(0, ms) / DAY_MS).toFixed(1)));

/** The arm with the highest rate, then the others in their order. */
function bestFirst({ arms, confidence }: Experiment): [Arm, ...Arm[]] {
  const [first, ...rest] = arms;
  const counted = arms.every(({ n, successes }) => Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n);
  if (!first || rest.length === 0 || !counted || !(confidence > 0 && confidence < 1)) {
    throw new TaktError('INPUT_INVALID', {
      message: 'These are not the results of a split.',
      hint: 'Give two or more arms with whole numbers, no more successes than n, and a confidence between 0 and 1.',
    });
  }
  const best = arms.reduce((a, b) => (rateOf(b) > rateOf(a) ? b : a), first);
  return [best, ...arms.filter((arm) => arm !== best)];
}
