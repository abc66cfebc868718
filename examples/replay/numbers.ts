/** A few numbers about many. */
const DAY = 86_400_000;

/** The day of a moment, by its number since 1970-01-01, UTC. */
export const dayOf = (at: number): number => Math.floor(at / DAY);

/** The value that so much of the list, 0 to 1, does not exceed; 0 of nothing. @param sorted ascending */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

/** The coefficient of variation: the standard deviation of all of them, not of a sample, beside their mean; 0 where there is nothing. */
export function variation(values: readonly number[]): number {
  const average = mean(values);
  if (!(average > 0)) return 0;
  return Math.sqrt(mean(values.map((value) => (value - average) ** 2))) / average;
}

/** Not a number of nothing. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
