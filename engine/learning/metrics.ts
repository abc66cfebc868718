/** How good probabilities are. Outcomes are 0 and 1. */

/**
 * The share of pairs, one of each outcome, in which the success has the higher score, ties as half: the area under the ROC curve. NaN where
 * there is only one outcome.
 */
export function auc(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let [ranks, successes] = [0, 0];
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && scores[order[end] ?? 0] === scores[order[i] ?? 0]) end++;
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) {
      if (outcomes[order[i] ?? 0] !== 1) continue;
      ranks += rank;
      successes++;
    }
  }
  const failures = order.length - successes;
  return successes === 0 || failures === 0 ? Number.NaN : (ranks - (successes * (successes + 1)) / 2) / (successes * failures);
}

/** As {@link auc}, of rows that stand together: those of a cell have the same score. */
export function aucOfCells(cells: readonly { score: number; good: number; bad: number }[]): number {
  let [pairs, goodAbove, good, bad] = [0, 0, 0, 0];
  for (const group of [...Map.groupBy(cells, ({ score }) => score)].sort(([a], [b]) => b - a).map(([, some]) => some)) {
    const [g, b] = group.reduce(([x, y], one) => [x + one.good, y + one.bad], [0, 0]);
    pairs += b * (goodAbove + g / 2);
    goodAbove += g;
    good += g;
    bad += b;
  }
  return good === 0 || bad === 0 ? Number.NaN : pairs / (good * bad);
}

/** The least probability that is counted: a sure mistake costs much, not everything. */
const LEAST = 1e-15;

/** Mean of −ln of the probability of what came. */
export function logLoss(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    const p = Math.min(1 - LEAST, Math.max(LEAST, scores[i] ?? 0));
    sum -= outcomes[i] === 1 ? Math.log(p) : Math.log(1 - p);
  }
  return sum / scores.length;
}

/** Mean of the squared distance between probability and outcome. */
export function brier(scores: ArrayLike<number>, outcomes: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += ((scores[i] ?? 0) - (outcomes[i] ?? 0)) ** 2;
  return sum / scores.length;
}

/** One group of a reliability report: rows of like probability. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability, and the share of successes. */
  readonly predicted: number;
  readonly actual: number;
}

/** Probability and what came, in groups of equal width; empty ones are left out. */
export function reliability(scores: ArrayLike<number>, outcomes: ArrayLike<number>, bins = 10): ReliabilityBin[] {
  const [count, predicted, actual] = [new Float64Array(bins), new Float64Array(bins), new Float64Array(bins)];
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    count[bin] = (count[bin] ?? 0) + 1;
    predicted[bin] = (predicted[bin] ?? 0) + score;
    actual[bin] = (actual[bin] ?? 0) + (outcomes[i] ?? 0);
  }
  return Array.from(count, (n, bin) => ({
    from: bin / bins,
    to: (bin + 1) / bins,
    count: n,
    predicted: (predicted[bin] ?? 0) / n,
    actual: (actual[bin] ?? 0) / n,
  })).filter((one) => one.count > 0);
}

/** Expected calibration error: the mean distance between probability and share in the groups of {@link reliability}, by their rows. */
export function calibrationError(scores: ArrayLike<number>, outcomes: ArrayLike<number>, bins = 10): number {
  return reliability(scores, outcomes, bins).reduce(
    (sum, { count, predicted, actual }) => sum + (count / scores.length) * Math.abs(predicted - actual),
    0,
  );
}
