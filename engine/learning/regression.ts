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
  data: Binned,
  outcomes: ArrayLike<number>,
  weights: Float64Array,
  strength: number,
  { start, tolerance = 1e-7 }: { start?: Regression | undefined; tolerance?: number } = {},
): Regression {
  const { size } = data;
  const offsets = offsetsOf(bins);
  const total = offsets.at(-1) ?? 1;
  const beta = new Float64Array(total);
  if (start) {
    beta[0] = start.intercept;
    for (const [c, list] of start.weights.entries()) beta.set(list, offsets[c] ?? 0);
  }
  const columns = unusualOf(data, offsets);
  const logOdds = new Float64Array(size);
  const residuals = new Float64Array(size);
  minimise(
    (at, slope) => {
      slope.fill(0);
      logOdds.fill(columns.reduce((all, { usual }) => all + (at[usual] ?? 0), at[0] ?? 0));
      for (const column of columns) addWeights(column, at, logOdds);
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
      for (const column of columns) addSlopes(column, residuals, sum, slope);
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

/**
 * A column by the rows that are not in its most frequent bin: of 300 columns that are empty nearly everywhere, a thirtieth of the work. `weights`
 * are the places of the rows' bins among all weights.
 */
interface Unusual {
  readonly usual: number;
  readonly rows: Int32Array;
  readonly weights: Int32Array;
}

/** The same rows are learned from with several strengths. */
const known = new WeakMap<Binned, readonly Unusual[]>();

function unusualOf(data: Binned, offsets: readonly number[]): readonly Unusual[] {
  const there = known.get(data);
  if (there) return there;
  const columns = data.codes.map((column, c) => unusual(column, offsets[c] ?? 0));
  known.set(data, columns);
  return columns;
}

function unusual(codes: Uint8Array, offset: number): Unusual {
  const counts = new Int32Array(256);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const usual = counts.indexOf(counts.reduce((a, b) => Math.max(a, b), 0));
  const rows = new Int32Array(codes.length - (counts[usual] ?? 0));
  const weights = new Int32Array(rows.length);
  let at = 0;
  for (let row = 0; row < codes.length; row++) {
    if (codes[row] === usual) continue;
    rows[at] = row;
    weights[at++] = offset + (codes[row] ?? 0);
  }
  return { usual: offset + usual, rows, weights };
}

/** The usual bin's weight is there already. */
function addWeights({ usual, rows, weights }: Unusual, at: Float64Array, logOdds: Float64Array): void {
  const there = at[usual] ?? 0;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] ?? 0;
    logOdds[row] = (logOdds[row] ?? 0) + (at[weights[k] ?? 0] ?? 0) - there;
  }
}

/** @param sum of all residuals: what the unusual rows leave of it is the usual bin's */
function addSlopes({ usual, rows, weights }: Unusual, residuals: Float64Array, sum: number, slope: Float64Array): void {
  let rest = sum;
  for (let k = 0; k < rows.length; k++) {
    const residual = residuals[rows[k] ?? 0] ?? 0;
    const place = weights[k] ?? 0;
    slope[place] = (slope[place] ?? 0) + residual;
    rest -= residual;
  }
  slope[usual] = (slope[usual] ?? 0) + rest;
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
