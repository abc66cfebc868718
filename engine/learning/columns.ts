/** Which columns a model must not see, or need not. */
import type { Binned, Bins } from './binning.ts';
import { binCount } from './binning.ts';
import { aucOfCells } from './metrics.ts';

export interface LeftOut {
  readonly column: string;
  /** `leak`: alone it tells the outcome too well; `same`: it says what another column says; `constant`: it says nothing. */
  readonly why: 'leak' | 'same' | 'constant';
  /** Of `same`: the other column; of `leak`: how well it tells the outcome alone. */
  readonly as?: string;
  readonly auc?: number;
}

/** A column that alone parts successes from failures so well has been written after the outcome: nothing that is known before does. */
const TOO_GOOD = 0.95;
/** In that many parts of the rows, each told from the others. */
const PARTS = 5;

/** Which columns to leave out, in their order. A leak needs some outcomes to be one. */
export function leftOut(bins: readonly Bins[], data: Binned, outcomes: ArrayLike<number>): LeftOut[] {
  const seen = new Map<string, string>();
  return bins.flatMap((one, c): LeftOut[] => {
    const codes = data.codes[c] ?? new Uint8Array();
    const form = partitionOf(codes);
    if (form.bins < 2) return [{ column: one.name, why: 'constant' }];
    const same = seen.get(form.text);
    if (same !== undefined) return [{ column: one.name, why: 'same', as: same }];
    seen.set(form.text, one.name);
    const alone = aloneAuc(codes, binCount(one), outcomes);
    return alone > TOO_GOOD ? [{ column: one.name, why: 'leak', auc: alone }] : [];
  });
}

/**
 * Which rows stand together, whatever their bins are called: two columns with the same text part the rows in the same way. Twice in a model,
 * a factor would count more than once.
 */
function partitionOf(codes: Uint8Array): { text: string; bins: number } {
  const order = new Int16Array(256).fill(-1);
  let bins = 0;
  // FNV-1a twice with different beginnings: 64 bits together.
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (order[code] === -1) order[code] = bins++;
    const place = order[code] ?? 0;
    a = Math.imul(a ^ place, 0x01000193);
    b = Math.imul(b ^ (place + 1), 0x85ebca6b) ^ (b >>> 13);
  }
  return { text: `${bins} ${a >>> 0} ${b >>> 0}`, bins };
}

/** How well a column alone tells the outcome, by the success of its bins in the other parts of the rows. */
function aloneAuc(codes: Uint8Array, count: number, outcomes: ArrayLike<number>): number {
  const [n, s] = [new Float64Array(count * PARTS), new Float64Array(count * PARTS)];
  for (let i = 0; i < codes.length; i++) {
    const cell = (codes[i] ?? 0) * PARTS + (i % PARTS);
    n[cell] = (n[cell] ?? 0) + 1;
    s[cell] = (s[cell] ?? 0) + (outcomes[i] ?? 0);
  }
  const cells = Array.from(n, (rows, cell) => {
    const bin = cell - (cell % PARTS);
    const sum = (of: Float64Array): number => of.subarray(bin, bin + PARTS).reduce((a, b) => a + b, 0) - (of[cell] ?? 0);
    return { score: (sum(s) + 0.5) / (sum(n) + 1), good: s[cell] ?? 0, bad: rows - (s[cell] ?? 0) };
  });
  return aucOfCells(cells);
}
