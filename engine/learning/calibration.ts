import { minimise } from './minimise.ts';

/** Log-odds as they are, made into log-odds that can be trusted: `slope` × them + `shift`. */
export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

/**
 * Platt's scaling: the two numbers for which the outcomes are likeliest, with his targets that keep a perfect separation finite (Platt,
 * Probabilistic outputs for support vector machines, 1999). The log-odds must be of rows that the model has not learned from.
 */
export function calibrate(logOdds: Float64Array, outcomes: ArrayLike<number>, weights: Float64Array): Calibration {
  let [good, bad] = [0, 0];
  for (let i = 0; i < logOdds.length; i++) {
    if (outcomes[i] === 1) good += weights[i] ?? 0;
    else bad += weights[i] ?? 0;
  }
  const [high, low] = [(good + 1) / (good + 2), 1 / (bad + 2)];
  const found = Float64Array.of(1, 0);
  minimise(
    (at, slope) => {
      const [a = 1, b = 0] = at;
      let [loss, da, db] = [0, 0, 0];
      for (let i = 0; i < logOdds.length; i++) {
        const z = a * (logOdds[i] ?? 0) + b;
        const target = outcomes[i] === 1 ? high : low;
        const weight = weights[i] ?? 0;
        const e = Math.exp(-Math.abs(z));
        loss += weight * (Math.max(z, 0) - target * z + Math.log1p(e));
        const residual = weight * ((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - target);
        da += residual * (logOdds[i] ?? 0);
        db += residual;
      }
      slope[0] = da;
      slope[1] = db;
      return loss;
    },
    found,
    { steps: 100, tolerance: 1e-10 },
  );
  const [slope = 1, shift = 0] = found;
  // Scores that say the contrary of what comes are no scores: then the mean is left.
  return slope > 0 ? { slope, shift } : { slope: 0, shift: Math.log(good / bad) };
}

export const probabilities = ({ slope, shift }: Calibration, logOdds: Float64Array): Float64Array =>
  logOdds.map((z) => 1 / (1 + Math.exp(-(slope * z + shift))));
