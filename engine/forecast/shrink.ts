/** Estimates of like things, drawn to their common value as far as they may differ from it by chance alone. */

export interface Estimate {
  readonly value: number;
  readonly variance: number;
}

/** How far things may lie apart is sought among these parts and multiples of what is usual, evenly by their logarithm. */
const STEPS = Array.from({ length: 61 }, (_, i) => Math.exp(-4 + (6 * i) / 60));

/**
 * Normal means drawn to 0 (empirical Bayes: C. N. Morris, "Parametric empirical Bayes inference", JASA 78 (1983) 47–55). How far they truly lie apart
 * is that which makes what is seen most likely, under a log-normal prior; with one estimate alone nothing is known of it, and what is usual holds.
 * @param seen estimates as differences from their common value; null where nothing was seen: 0, with the variance that all have
 * @param usual standard deviation of the true differences, before anything is known
 */
export function drawnTogether(seen: readonly (Estimate | null)[], usual: number): Estimate[] {
  const known = seen.filter((one) => one !== null);
  const spread = (usual * likeliest(known, usual)) ** 2;
  return seen.map((one) => {
    if (one === null) return { value: 0, variance: spread };
    const part = spread / (spread + one.variance);
    return { value: part * one.value, variance: part * one.variance };
  });
}

function likeliest(known: readonly Estimate[], usual: number): number {
  if (known.length < 2) return 1;
  // The common value was taken from the same estimates, which costs one of them.
  const weight = (known.length - 1) / known.length;
  let [best, most] = [1, Number.NEGATIVE_INFINITY];
  for (const step of STEPS) {
    let likelihood = -(Math.log(step) ** 2) / 2;
    for (const { value, variance } of known) {
      const all = (usual * step) ** 2 + variance;
      likelihood -= (weight * (Math.log(all) + value ** 2 / all)) / 2;
    }
    if (likelihood > most) [best, most] = [step, likelihood];
  }
  return best;
}

/** How often something came, and how often it was expected where all are alike. */
export interface Count {
  readonly came: number;
  readonly expected: number;
}

/**
 * The same for counts: the logarithm of came / expected, drawn to 0 by a gamma prior (N. E. Breslow, Biometrics 40 (1984) 38–44) that is as firm as they
 * lie together.
 */
export function countsDrawnTogether(counts: readonly Count[], usual: number): Estimate[] {
  const known = counts
    .filter(({ expected }) => expected > 0)
    // Half a count more keeps the logarithm finite; the variance is that of the mean of both, since a count that is small by chance looks sure.
    .map(({ came, expected }) => ({ value: Math.log((came + 0.5) / (expected + 0.5)), variance: 2 / (came + expected + 1) }));
  const firm = 1 / (usual * likeliest(known, usual)) ** 2;
  return counts.map(({ came, expected }) => ({ value: Math.log((came + firm) / (expected + firm)), variance: 1 / (came + firm) }));
}
