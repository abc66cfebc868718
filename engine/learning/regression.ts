/** Logistic regression on bins: the log-odds of a row are the sum of one weight a column. */
import type { Binned, Bins } from './binning.ts';
import { binCount } from './binning.ts';
import { minimise } from './minimise.ts';

/** Column → bin → weight, and what all rows have. */
export interface Regression {
  readonly intercept: number;
  readonly weights: readonly (readonly number[])[];
}

/** How much a bin of a number may differ from its neighbours, beside how much any bin may differ from nought: neighbours are alike. */
const APART = 4;

/**
 * Minimises Σ wᵢ · log-loss + strength · (Σ over bins β² + of numbers {@link APART} · Σ of neighbours (βₖ − βₖ₋₁)²) / 2: ridge, and for numbers a
 * smooth course.
 * @param weights of the rows; @param options `start`: where the search begins, a fit of other strength; `tolerance`: as in `minimise`
 */
export function fitRegression(
  bins: readonly Bins[],
  { codes, size }: Binned,
  outcomes: ArrayLike<number>,
  weights: Float64Array,
  strength: number,
  { start, tolerance = 1e-7 }: { start?: Regression | undefined; tolerance?: number } = {},
): Regression {
  const offsets = offsetsOf(bins);
  const total = offsets.at(-1) ?? 1;
  const beta = new Float64Array(total);
  if (start) {
    beta[0] = start.intercept;
    for (const [c, list] of start.weights.entries()) beta.set(list, offsets[c] ?? 0);
  }
  const logOdds = new Float64Array(size);
  const residuals = new Float64Array(size);
  minimise(
    (at, slope) => {
      slope.fill(0);
      logOdds.fill(at[0] ?? 0);
      for (let c = 0; c < codes.length; c++) {
        const column = codes[c] ?? new Uint8Array();
        const offset = offsets[c] ?? 0;
        for (let i = 0; i < size; i++) logOdds[i] = (logOdds[i] ?? 0) + (at[offset + (column[i] ?? 0)] ?? 0);
      }
      let loss = 0;
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const z = logOdds[i] ?? 0;
        const y = outcomes[i] ?? 0;
        const weight = weights[i] ?? 0;
        // log(1 + e^z) without overflow.
        const e = Math.exp(-Math.abs(z));
        loss += weight * (Math.max(z, 0) - y * z + Math.log1p(e));
        const residual = weight * ((z >= 0 ? 1 / (1 + e) : e / (1 + e)) - y);
        residuals[i] = residual;
        sum += residual;
      }
      slope[0] = sum;
      for (let c = 0; c < codes.length; c++) {
        const column = codes[c] ?? new Uint8Array();
        const offset = offsets[c] ?? 0;
        for (let i = 0; i < size; i++) {
          const k = offset + (column[i] ?? 0);
          slope[k] = (slope[k] ?? 0) + (residuals[i] ?? 0);
        }
      }
      return loss + penalty(bins, offsets, at, slope, strength);
    },
    beta,
    { tolerance },
  );
  return {
    intercept: beta[0] ?? 0,
    weights: bins.map((one, c) => Array.from(beta.subarray(offsets[c], (offsets[c] ?? 0) + binCount(one)))),
  };
}

/** Log-odds of the rows. */
export function regressionLogOdds({ intercept, weights }: Regression, { codes, size }: Binned): Float64Array {
  const sum = new Float64Array(size).fill(intercept);
  for (const [c, column] of codes.entries()) {
    const list = weights[c] ?? [];
    for (let i = 0; i < size; i++) sum[i] = (sum[i] ?? 0) + (list[column[i] ?? 0] ?? 0);
  }
  return sum;
}

/** The intercept stands at 0, then the bins of each column; last, where all ends. */
function offsetsOf(bins: readonly Bins[]): number[] {
  const offsets = [1];
  for (const one of bins) offsets.push((offsets.at(-1) ?? 0) + binCount(one));
  return offsets;
}

function penalty(bins: readonly Bins[], offsets: readonly number[], at: Float64Array, slope: Float64Array, strength: number): number {
  let sum = 0;
  for (const [c, one] of bins.entries()) {
    const offset = offsets[c] ?? 0;
    const count = binCount(one);
    for (let k = offset; k < offset + count; k++) {
      const b = at[k] ?? 0;
      sum += (strength / 2) * b * b;
      slope[k] = (slope[k] ?? 0) + strength * b;
      // Bin 0 is what is not known: nobody's neighbour.
      if (one.kind !== 'number' || k < offset + 2) continue;
      const apart = b - (at[k - 1] ?? 0);
      sum += (strength / 2) * APART * apart * apart;
      slope[k] = (slope[k] ?? 0) + strength * APART * apart;
      slope[k - 1] = (slope[k - 1] ?? 0) - strength * APART * apart;
    }
  }
  return sum;
}
