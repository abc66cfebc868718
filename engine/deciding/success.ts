/** How often actions succeed, learned from outcomes: where there are few, the rate stays near that of what is alike. */
import { TaktError } from '../errors/index.ts';
import { type Beta, betaQuantile, logBeta, meanOf } from './beta.ts';
import { probabilityProblem, tell } from './check.ts';

/** Outcomes of an action among the records of a segment. Fractions where older outcomes count less. */
export interface Tally {
  readonly action: string;
  readonly segment: string;
  readonly tries: number;
  readonly successes: number;
}

export interface SuccessOptions {
  /** What is believed before any outcome, and how many outcomes that belief is worth. */
  readonly start?: { readonly rate: number; readonly strength: number };
  /** Of the intervals, such as 0.95. */
  readonly confidence?: number;
}

interface SuccessRate {
  readonly belief: Beta;
  readonly rate: number;
  readonly interval: readonly [low: number, high: number];
  /** What it rests on, beside what is alike. */
  readonly tries: number;
  readonly successes: number;
}

export interface SuccessRates {
  readonly base: SuccessRate;
  /** How many outcomes the base rate counts for in an action's rate, and an action's rate in that of a segment. */
  readonly strengths: { readonly actions: number; readonly segments: number };
  /** Of an action as a whole, or in a segment. One that was never tried has the rate of what is above it, with a wide interval. */
  of(action: string, segment?: string): SuccessRate;
}

/**
 * Rates of success with shrinkage: each action's to the base rate, each action's in a segment to the action's. A rate is the mean of a Beta
 * belief, (strength × rate above + successes) / (strength + tries), so that 0 of 0 is the rate above and 3,000 of 10,000 is 0.3. How strong the
 * rate above is, is learned from how far the rates lie apart: the greatest posterior of a beta-binomial model over the strength, with the
 * diffuse prior p(strength) ∝ strength^(−3/2).
 * Source: A. Gelman and others, "Bayesian Data Analysis", 3rd ed., CRC 2013, section 5.3 (model and prior); D. A. Griffiths, Biometrics 29
 * (1973) 637–648 (likelihood). The rates above are taken as known, so that intervals are a little too narrow with few actions.
 * Throws TaktError OUTCOMES_INVALID, OUTCOMES_NONE (no outcome and no `start`), PROBABILITY_INVALID.
 */
export function learnSuccess(tallies: readonly Tally[], { start, confidence = 0.95 }: SuccessOptions = {}): SuccessRates {
  check(tallies, start, confidence);
  const total = sumOf(tallies);
  if (total.tries === 0 && !start) throw new TaktError('OUTCOMES_NONE');
  // Without a belief to start with, Jeffreys' prior: half a success and half a failure.
  const baseBelief = after(beliefAround(start?.rate ?? 0.5, start?.strength ?? 1), total);
  const base = meanOf(baseBelief);
  const byAction = new Map([...Map.groupBy(tallies, ({ action }) => action)].map(([action, own]) => [action, sumOf(own)]));
  const actionStrength = strengthOf([...byAction.values()].map((count) => ({ ...count, rate: base })));
  const actionBelief = (action: string): Beta => after(beliefAround(base, actionStrength), byAction.get(action) ?? NONE);
  const cells = Map.groupBy(tallies, ({ action, segment }) => JSON.stringify([action, segment]));
  // Only where it is asked for: most ask for actions alone, and it takes as long as all the rest.
  let known: number | undefined;
  const segmentStrength = (): number => {
    known ??= strengthOf([...cells.values()].map((cell) => ({ ...sumOf(cell), rate: meanOf(actionBelief(cell[0]?.action ?? '')) })));
    return known;
  };
  return {
    base: rateOf(baseBelief, total, confidence),
    strengths: {
      actions: actionStrength,
      get segments() {
        return segmentStrength();
      },
    },
    of(action, segment) {
      if (segment === undefined) return rateOf(actionBelief(action), byAction.get(action) ?? NONE, confidence);
      const count = sumOf(cells.get(JSON.stringify([action, segment])) ?? []);
      return rateOf(after(beliefAround(meanOf(actionBelief(action)), segmentStrength()), count), count, confidence);
    },
  };
}

/**
 * The probability of a record if an action is done: what is known of the record, moved by what the action does in general. The odds of the
 * record are multiplied by the odds of the action's rate against those of the base rate.
 */
export function withAction(record: number, action: number, base: number): number {
  tell([
    ...probabilityProblem('The probability of the record', record, '/record'),
    ...probabilityProblem('The rate of the action', action, '/action'),
    ...probabilityProblem('The base rate', base, '/base'),
  ]);
  // What is certain stays certain; and a base rate of 0 or 1 says nothing of what an action does.
  if (record === 0 || record === 1 || base === 0 || base === 1) return record;
  return 1 / (1 + Math.exp(-(logOdds(record) + logOdds(action) - logOdds(base))));
}

const logOdds = (probability: number): number => Math.log(probability) - Math.log1p(-probability);

interface Count {
  readonly tries: number;
  readonly successes: number;
}

const NONE: Count = { tries: 0, successes: 0 };

const sumOf = (counts: readonly Count[]): Count =>
  counts.reduce((sum, { tries, successes }) => ({ tries: sum.tries + tries, successes: sum.successes + successes }), NONE);

/** A rate of exactly 0 or 1 would be no distribution. */
const LEAST_RATE = 1e-6;

/** The belief with this mean that counts for so many outcomes. */
export function beliefAround(rate: number, strength: number): Beta {
  const inside = Math.min(1 - LEAST_RATE, Math.max(LEAST_RATE, rate));
  return { alpha: inside * strength, beta: (1 - inside) * strength };
}

const after = ({ alpha, beta }: Beta, { tries, successes }: Count): Beta => ({ alpha: alpha + successes, beta: beta + tries - successes });

function rateOf(belief: Beta, { tries, successes }: Count, confidence: number): SuccessRate {
  const tail = (1 - confidence) / 2;
  return { belief, rate: meanOf(belief), interval: [betaQuantile(belief, tail), betaQuantile(belief, 1 - tail)], tries, successes };
}

/** Strengths that are looked at: 1 … 10,000, in steps of a tenth. */
const STRENGTHS = Array.from({ length: 97 }, (_, i) => 1.1 ** i).filter((strength) => strength <= 10_000);

const COARSE = 8;

/** The strength with the greatest posterior. */
function strengthOf(counts: readonly (Count & { readonly rate: number })[]): number {
  const posterior = (strength: number): number => {
    // As a density of ln(strength), in which the steps are equal: one power of the strength more.
    let sum = -0.5 * Math.log(strength);
    for (const count of counts) {
      const prior = beliefAround(count.rate, strength);
      const { alpha, beta } = after(prior, count);
      sum += logBeta(alpha, beta) - logBeta(prior.alpha, prior.beta);
    }
    return sum;
  };
  // It is smooth in ln(strength): every eighth step, then the steps around the best of them.
  let best = { at: 0, value: Number.NEGATIVE_INFINITY };
  const look = (at: number): void => {
    const strength = STRENGTHS[at];
    if (strength === undefined) return;
    const value = posterior(strength);
    if (value > best.value) best = { at, value };
  };
  for (let at = 0; at < STRENGTHS.length; at += COARSE) look(at);
  const middle = best.at;
  for (let at = middle - COARSE + 1; at < middle + COARSE; at++) look(at);
  return STRENGTHS[best.at] ?? 1;
}

function check(tallies: readonly Tally[], start: SuccessOptions['start'], confidence: number): void {
  const problems = tallies.flatMap(({ action, segment, tries, successes }, i) => {
    if (Number.isFinite(tries) && successes >= 0 && successes <= tries) return [];
    const message = `${action} in ${segment}: ${successes} successes of ${tries} tries.`;
    return [new TaktError('OUTCOMES_INVALID', { message, pointer: `/tallies/${i}` })];
  });
  problems.push(...probabilityProblem('The confidence', confidence, '/confidence'));
  if (start) {
    problems.push(...probabilityProblem('The rate to start with', start.rate, '/start/rate'));
    if (!(start.strength > 0) || !Number.isFinite(start.strength)) {
      const message = `The rate to start with counts for ${start.strength} outcomes; more than 0 are expected.`;
      problems.push(new TaktError('OUTCOMES_INVALID', { message, pointer: '/start/strength' }));
    }
  }
  tell(problems);
}
