/** What was promised, mended by what came: probabilities that are given are believed until outcomes say otherwise. */
import type { Beta } from './beta.ts';
import { beliefAround, learnSuccess, type SuccessRates, type Tally, withAction } from './success.ts';

/** Outcomes of a group – an action's in a segment, a person's – beside what had been promised for the same records. */
export interface Kept extends Pick<Tally, 'tries' | 'successes'> {
  readonly group: string;
  /** Sum of the probabilities that were promised. */
  readonly expected: number;
}

export interface Mended {
  readonly probability: number;
  /** How sure that is: its mean is the probability. */
  readonly belief: Beta;
}

/**
 * The odds that are promised, times the odds of what came in the group against those of what had been promised there. So a promise of the
 * record's own stays one: only its level is mended. A group with few outcomes is drawn to all groups, and those to the promise.
 * @param strength how many outcomes the promise counts for
 * @param relative only by how much the group is better than all of them: for people, beside what is mended by action
 * Throws TaktError OUTCOMES_INVALID, PROBABILITY_INVALID.
 */
export function mend(promised: number, kept: readonly Kept[], group: string, strength: number, relative = false): Mended {
  const total = sumOf(kept);
  if (total.tries === 0) return { probability: promised, belief: beliefAround(promised, strength) };
  const expected = total.expected / total.tries;
  const tallies = kept.map((one): Tally => ({ action: one.group, segment: '', tries: one.tries, successes: one.successes }));
  const rates = learnSuccess(tallies, { start: { rate: expected, strength } });
  const base = rates.base.rate;
  const own = sumOf(kept.filter((one) => one.group === group));
  const share = drawnBy(kept, strength, rates);
  const rate = (share * base + own.successes) / (share + own.tries);
  // Drawn to what is promised in all groups as the rate is drawn to theirs, or a group of few would be compared with itself.
  const promisedHere = (share * expected + own.expected) / (share + own.tries);
  const level = withAction(promised, rate, promisedHere);
  const probability = relative ? withAction(level, expected, base) : level;
  return { probability, belief: beliefAround(probability, Math.min(share, total.tries - own.tries + strength) + own.tries) };
}

/**
 * How far groups differ is learned from three and more of them; of two it is taken that they do, and one says nothing of others. A promise counts
 * for `strength` outcomes at least: of three groups with an outcome each the likeliest strength is the least there is, and one success
 * would make 70 % of 40 %.
 */
function drawnBy(kept: readonly Kept[], strength: number, { strengths }: SuccessRates): number {
  const groups = new Set(kept.filter(({ tries }) => tries > 0).map(({ group }) => group)).size;
  if (groups === 1) return Number.MAX_SAFE_INTEGER;
  return groups === 2 ? strength : Math.max(strength, strengths.actions);
}

const sumOf = (kept: readonly Kept[]): { tries: number; successes: number; expected: number } =>
  kept.reduce(
    (sum, one) => ({
      tries: sum.tries + one.tries,
      successes: sum.successes + one.successes,
      expected: sum.expected + one.expected,
    }),
    { tries: 0, successes: 0, expected: 0 },
  );
