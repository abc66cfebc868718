/** Statistics of two or more proportions. Pure numbers; what they mean for a split is said in `verdict.ts`. */
import cdf from '@stdlib/stats-base-dists-normal-cdf';
import quantile from '@stdlib/stats-base-dists-normal-quantile';

export interface Sample {
  n: number;
  successes: number;
}

/** A number and the same in the other direction. */
type Interval = readonly [low: number, high: number];

/**
 * The z-test of two proportions with the pooled variance, without continuity correction, two-sided; z² is Pearson's χ² of the table.
 * J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd ed., Wiley 2003, section 3.2; R: `prop.test(x, n,
 * correct = FALSE)`. Where there is nothing to tell apart – an empty sample, or all results alike – z is 0 and p is 1.
 */
export function twoProportionTest(a: Sample, b: Sample): { z: number; p: number } {
  const pooled = (a.successes + b.successes) / (a.n + b.n);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n));
  if (!(error > 0) || !Number.isFinite(error)) return { z: 0, p: 1 };
  const z = (rateOf(a) - rateOf(b)) / error;
  return { z, p: 2 * cdf(-Math.abs(z), 0, 1) };
}

/**
 * A confidence interval of the difference a − b: the square-and-add of two Wilson intervals, which holds its level with small samples and
 * rates near 0 and 1, where the simple (Wald) one fails.
 * R. G. Newcombe, "Interval estimation for the difference between independent proportions: comparison of eleven methods", Statistics in
 * Medicine 17 (1998) 873–890, method 10.
 * @param confidence such as 0.95
 */
export function differenceInterval(a: Sample, b: Sample, confidence: number): Interval {
  const z = quantile((1 + confidence) / 2, 0, 1);
  const [lowA, highA] = wilsonInterval(a, z);
  const [lowB, highB] = wilsonInterval(b, z);
  const [rateA, rateB] = [rateOf(a), rateOf(b)];
  const difference = rateA - rateB;
  return [
    Math.max(-1, difference - Math.hypot(rateA - lowA, highB - rateB)),
    Math.min(1, difference + Math.hypot(highA - rateA, rateB - lowB)),
  ];
}

/**
 * P-values of several comparisons, adjusted so that they may be compared with one level.
 * S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65–70; R: `p.adjust(p, "holm")`.
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = ps.map(() => 1);
  let least = 0;
  for (const [rank, { p, i }] of ps
    .map((p, i) => ({ p, i }))
    .sort((a, b) => a.p - b.p)
    .entries()) {
    least = Math.max(least, Math.min(1, (ps.length - rank) * p));
    adjusted[i] = least;
  }
  return adjusted;
}

/** 0 for an empty sample. */
export const rateOf = ({ n, successes }: Sample): number => (n === 0 ? 0 : successes / n);

/** E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927) 209–212. */
function wilsonInterval(sample: Sample, z: number): Interval {
  const { n } = sample;
  if (n === 0) return [0, 1];
  const rate = rateOf(sample);
  const square = z ** 2 / n;
  const half = z * Math.sqrt((rate * (1 - rate) + square / 4) / n);
  return [(rate + square / 2 - half) / (1 + square), (rate + square / 2 + half) / (1 + square)];
}
