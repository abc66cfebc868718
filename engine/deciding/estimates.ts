/** Means and ratios of rows, with their intervals. */
import quantile from '@stdlib/stats-base-dists-normal-quantile';
import { probabilityProblem, tell } from './check.ts';

export interface Estimate {
  readonly value: number;
  /** Standard error. */
  readonly error: number;
  readonly interval: readonly [low: number, high: number];
}

export interface EstimateOptions {
  /** Of the intervals; 0.95 without it. */
  readonly confidence?: number;
  /** Intervals from so many repetitions of drawing the rows anew instead of the normal distribution. */
  readonly bootstrap?: { readonly rounds: number; readonly random: () => number };
}

/** An estimate is the mean of the terms, or their sum over that of the weights. */
export type Estimator = (terms: Float64Array, weights?: Float64Array) => Estimate;

export function estimator({ confidence = 0.95, bootstrap }: EstimateOptions = {}): Estimator {
  tell(probabilityProblem('The confidence', confidence, '/confidence'));
  const z = quantile((1 + confidence) / 2, 0, 1);
  return (terms, weights) => {
    if (bootstrap) return resampled(terms, weights, confidence, bootstrap);
    if (!weights) return normal(terms, z);
    const whole = weights.reduce((a, b) => a + b, 0);
    const value = terms.reduce((a, b) => a + b, 0) / whole;
    // The delta method: the ratio moves by the residuals over the mean weight.
    const residuals = terms.map((term, row) => ((term - value * (weights[row] ?? 0)) * terms.length) / whole);
    const { error } = normal(residuals, z);
    return { value, error, interval: [value - z * error, value + z * error] };
  };
}

export function normal(terms: Float64Array, z: number): Estimate {
  const value = terms.reduce((a, b) => a + b, 0) / terms.length;
  const squares = terms.reduce((sum, term) => sum + (term - value) ** 2, 0);
  const error = Math.sqrt(squares / (terms.length - 1) / terms.length);
  return { value, error, interval: [value - z * error, value + z * error] };
}

/** Percentiles of the estimate over draws of the rows with putting back: B. Efron, Annals of Statistics 7 (1979) 1–26. */
function resampled(
  terms: Float64Array,
  weights: Float64Array | undefined,
  confidence: number,
  { rounds, random }: NonNullable<EstimateOptions['bootstrap']>,
): Estimate {
  const { length } = terms;
  const value = terms.reduce((a, b) => a + b, 0) / (weights?.reduce((a, b) => a + b, 0) ?? length);
  const values = Float64Array.from({ length: rounds }, () => {
    let [above, below] = [0, 0];
    for (let i = 0; i < length; i++) {
      const row = Math.floor(random() * length);
      above += terms[row] ?? 0;
      below += weights ? (weights[row] ?? 0) : 1;
    }
    return above / below;
  }).sort();
  const at = (p: number): number => values[Math.min(rounds - 1, Math.floor(p * rounds))] ?? Number.NaN;
  const mean = values.reduce((a, b) => a + b, 0) / rounds;
  const error = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (rounds - 1));
  return { value, error, interval: [at((1 - confidence) / 2), at((1 + confidence) / 2)] };
}
