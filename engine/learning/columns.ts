/** Which columns a model must not see, or need not. */
import type { Binned, Bins } from './binning.ts';
import { binCount } from './binning.ts';
import { auc } from './metrics.ts';

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
  const order = new Map<number, number>();
  // FNV-1a twice with different beginnings: 64 bits together.
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (const code of codes) {
    const place = order.get(code) ?? order.size;
    order.set(code, place);
    a = Math.imul(a ^ place, 0x01000193);
    b = Math.imul(b ^ (place + 1), 0x85ebca6b) ^ (b >>> 13);
  }
  return { text: `${order.size} ${a >>> 0} ${b >>> 0}`, bins: order.size };
}

/** How well a column alone tells the outcome, by the success of its bins in other rows. */
function aloneAuc(codes: Uint8Array, count: number, outcomes: ArrayLike<number>): number {
  const scores = new Float64Array(codes.length);
  for (let part = 0; part < PARTS; part++) {
    const [n, s] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < codes.length; i++) {
      if (i % PARTS === part) continue;
      const code = codes[i] ?? 0;
      n[code] = (n[code] ?? 0) + 1;
      s[code] = (s[code] ?? 0) + (outcomes[i] ?? 0);
    }
    for (let i = part; i < codes.length; i += PARTS) {
      const code = codes[i] ?? 0;
      scores[i] = ((s[code] ?? 0) + 0.5) / ((n[code] ?? 0) + 1);
    }
  }
  return auc(scores, outcomes);
}
