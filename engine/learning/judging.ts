/** Judging what is learned on rows that it has not seen. */
import type { Fold } from './folds.ts';
import { type Frame, rowsOf } from './frame.ts';

/** What learns from rows and gives what scores others: probabilities, one a row. `rows`: which of all rows these are. */
export type Learner = (frame: Frame, outcomes: Uint8Array, rows: Int32Array) => (frame: Frame) => Float64Array;

/**
 * By time, in one part more than there are folds, of equally many rows: each part is judged by what was known before it; the first one is only
 * learned from. Rows of one moment stay together, since none of them was known before the other.
 * @param times when each row became known, any unit
 */
export function rollingFolds(times: Float64Array, count: number): Fold[] {
  const order = Int32Array.from(times, (_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const bounds = Array.from({ length: count + 2 }, (_, part) => {
    let place = Math.round((part * order.length) / (count + 1));
    while (place > 0 && place < order.length && times[order[place] ?? 0] === times[order[place - 1] ?? 0]) place++;
    return place;
  });
  return bounds
    .slice(1, -1)
    .map((from, part) => ({ learn: order.slice(0, from), judge: order.slice(from, bounds[part + 2]) }))
    .filter(({ learn, judge }) => learn.length > 0 && judge.length > 0);
}

/** Each row's probability by what has not seen it; NaN where no fold judges the row. */
export function judged(learn: Learner, frame: Frame, outcomes: Uint8Array, folds: readonly Fold[]): Float64Array {
  const scores = new Float64Array(frame.size).fill(Number.NaN);
  for (const fold of folds) {
    const score = learn(rowsOf(frame, fold.learn), outcomesAt(outcomes, fold.learn), fold.learn);
    const told = score(rowsOf(frame, fold.judge));
    for (const [i, row] of fold.judge.entries()) scores[row] = told[i] ?? Number.NaN;
  }
  return scores;
}

export const outcomesAt = (outcomes: Uint8Array, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => outcomes[row] ?? 0);
