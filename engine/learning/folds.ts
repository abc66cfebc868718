import { seededRandom } from '../ports/random.ts';

/** Rows to learn from, and others to judge by. */
export interface Fold {
  readonly learn: Int32Array;
  readonly judge: Int32Array;
}

const RANDOM_FOLDS = 4;
/** Shares of the rows, in time, up to which is learned; what follows, up to the next, is judged. */
const TIMES = [0.6, 0.8, 1] as const;

/**
 * With times: what comes later judges what was learned earlier, as it will be in use. Without: each quarter judges what the others have
 * taught, equal parts of successes in each.
 */
export function foldsOf(outcomes: ArrayLike<number>, times: Float64Array | undefined, seed: number): Fold[] {
  return times ? timeFolds(times) : randomFolds(outcomes, RANDOM_FOLDS, seed);
}

/** @param count of folds */
export function randomFolds(outcomes: ArrayLike<number>, count: number, seed: number): Fold[] {
  const random = seededRandom(seed);
  const fold = new Uint8Array(outcomes.length);
  for (const outcome of [0, 1]) {
    const rows = Int32Array.from(
      Array.from({ length: outcomes.length }, (_, i) => i).filter((i) => (outcomes[i] === 1 ? 1 : 0) === outcome),
    );
    shuffle(rows, random.next);
    for (const [k, row] of rows.entries()) fold[row] = k % count;
  }
  return Array.from({ length: count }, (_, k) => ({ learn: where(fold, (f) => f !== k), judge: where(fold, (f) => f === k) }));
}

function timeFolds(times: Float64Array): Fold[] {
  const order = Int32Array.from(times, (_, i) => i).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const at = TIMES.map((share) => Math.floor(share * order.length));
  return at.slice(1).map((to, k) => ({ learn: order.slice(0, at[k]).sort(), judge: order.slice(at[k], to).sort() }));
}

function where(fold: Uint8Array, wanted: (fold: number) => boolean): Int32Array {
  return Int32Array.from(Array.from(fold, (_, i) => i).filter((i) => wanted(fold[i] ?? 0)));
}

/** Fisher and Yates. */
export function shuffle(list: Int32Array, random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const here = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = here;
  }
}
