/** How far whole months lie from what is expected of them, beyond what chance of single deals explains. */

/** Before anything is known a month lies within ±15 % for reasons of its own; believed as firmly as if three months had said so. */
const PRIOR = { deviation: 0.15, months: 3 };

/** A month that is over: deals won in it, and those that hazards and probabilities make of it. */
export interface PastMonth {
  readonly won: number;
  readonly expected: number;
}

/**
 * Variance of a month's own factor, by the method of moments (N. E. Breslow, "Extra-Poisson variation in log-linear models", Applied Statistics 33
 * (1984) 38–44), drawn to a prior.
 * @param fitted numbers that were learned from these months, one for each place in the season that they have
 */
export function monthSpread(months: readonly PastMonth[], fitted: number): number {
  const counted = months.filter(({ expected }) => expected > 0);
  const free = Math.max(0, counted.length - fitted);
  // Fitting has made the residuals smaller: months count as many times as there are free ones.
  const scale = counted.length === 0 ? 0 : free / counted.length;
  const found = counted.reduce((sum, { won, expected }) => sum + Math.max(0, (won / expected - 1) ** 2 - 1 / expected), 0);
  const weight = scale === 0 ? 0 : free;
  const variance = scale === 0 ? 0 : found / free;
  return (PRIOR.months * PRIOR.deviation ** 2 + weight * variance) / (PRIOR.months + weight);
}
