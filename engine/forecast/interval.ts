/** From mean and variance of a sum that cannot be negative to an interval. */
import quantile from '@stdlib/stats-base-dists-normal-quantile';

export interface Amount {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** What a sum is made of. Sums of parts are sums of these, but for what parts have in common. */
export interface Moments {
  readonly mean: number;
  readonly variance: number;
  /** What comes in any case, and what can come at most. */
  readonly least: number;
  readonly most: number;
}

/**
 * The middle part of a gamma distribution of this mean and variance, which like the sum has a long tail above and none below zero; by the cube root
 * of E. B. Wilson and M. M. Hilferty, "The distribution of chi-square", PNAS 17 (1931) 684–688. Without variance it is the mean.
 * @param confidence such as 0.8
 */
export function intervalOf({ mean, variance, least, most }: Moments, confidence: number): Amount {
  if (!(variance > 0 && mean > 0)) return { expected: mean, low: mean, high: mean };
  const z = quantile((1 + confidence) / 2, 0, 1);
  const at = (deviations: number): number => {
    const spread = variance / (9 * mean ** 2);
    return mean * Math.max(0, 1 - spread + deviations * Math.sqrt(spread)) ** 3;
  };
  const [low, high] = [Math.max(least, at(-z)), Math.min(most, at(z))];
  return { expected: mean, low: Math.min(mean, low), high: Math.max(mean, high) };
}
