/**
 * Every column as a few bins: a row is in exactly one bin of each column. Numbers are cut at quantiles, rare levels share a bin, and what is
 * not known has a bin of its own, so that not knowing may say something, too.
 */
import type { Column, Frame, LevelColumn, NumberColumn } from './frame.ts';

/** Of a number: at some thousand rows 31 lose 0.0004 of the area under the curve. */
const MOST_CUTS = 63;
/** Of levels; the others are rare. */
const MOST_LEVELS = 250;
/** A level with fewer rows than that, or than this share of them, is rare. */
const RARE_ROWS = 10;
const RARE_SHARE = 0.001;

const UNKNOWN = 0;

/** The bins of one column: 0 is "not known"; then come the bins of a number in order, or the levels and behind them the rare ones. */
export type Bins =
  | { readonly kind: 'number'; readonly name: string; readonly cuts: readonly number[] }
  | { readonly kind: 'level'; readonly name: string; readonly levels: readonly string[] };

/** Rows by their bins: column → row → bin. */
export interface Binned {
  readonly size: number;
  readonly codes: readonly Uint8Array[];
}

export const binCount = (bins: Bins): number => (bins.kind === 'number' ? bins.cuts.length + 2 : bins.levels.length + 2);

/** The bins that these rows suggest. A number with few values has a bin for each. */
export const binsOf = (frame: Frame): Bins[] =>
  frame.columns.map((column) => (column.kind === 'number' ? numberBins(column) : levelBins(column, frame.size)));

/** The rows in these bins; a column that the frame does not have is not known. */
export function binned(bins: readonly Bins[], frame: Frame): Binned {
  const byName = new Map(frame.columns.map((column) => [column.name, column]));
  return { size: frame.size, codes: bins.map((one) => codesOf(one, byName.get(one.name), frame.size)) };
}

/** What a bin is, in words for a developer: `= Google`, `12 – 30`, null where it is what is not known. */
export function binName(bins: Bins, code: number): string | null {
  if (code === UNKNOWN) return null;
  if (bins.kind === 'level') return bins.levels[code - 1] ?? '…';
  const [from, to] = [bins.cuts[code - 2], bins.cuts[code - 1]];
  if (from === undefined) return to === undefined ? 'known' : `< ${to}`;
  return to === undefined ? `≥ ${from}` : `${from} – ${to}`;
}

function numberBins({ name, values }: NumberColumn): Bins {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const cuts: number[] = [];
  for (let i = 1; i <= MOST_CUTS; i++) {
    const cut = sorted[Math.floor((i / (MOST_CUTS + 1)) * sorted.length)];
    // A bin begins with its cut: one at the least value would leave nothing below it.
    if (cut !== undefined && cut > (cuts.at(-1) ?? sorted[0] ?? cut)) cuts.push(cut);
  }
  return { kind: 'number', name, cuts };
}

function levelBins({ name, levels, codes }: LevelColumn, size: number): Bins {
  const counts = new Float64Array(levels.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const least = Math.max(RARE_ROWS, size * RARE_SHARE);
  const kept = levels
    .map((level, code) => ({ level, count: counts[code] ?? 0 }))
    .filter(({ count }) => count >= least)
    .sort((a, b) => b.count - a.count || (a.level < b.level ? -1 : 1))
    .slice(0, MOST_LEVELS);
  return { kind: 'level', name, levels: kept.map(({ level }) => level) };
}

function codesOf(bins: Bins, column: Column | undefined, size: number): Uint8Array {
  if (!column) return new Uint8Array(size);
  if (bins.kind === 'number') return Uint8Array.from(numbersIn(column), (value) => numberCode(bins.cuts, value));
  const codeOf = new Map(bins.levels.map((level, i) => [level, i + 1]));
  const rare = bins.levels.length + 1;
  if (column.kind === 'number')
    return Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? UNKNOWN : (codeOf.get(String(value)) ?? rare)));
  const byLevel = column.levels.map((level) => codeOf.get(level) ?? rare);
  return Uint8Array.from(column.codes, (code) => (code < 0 ? UNKNOWN : (byLevel[code] ?? rare)));
}

/** A column of levels where numbers were learned: those of its levels that are numbers. */
function numbersIn(column: Column): Float64Array {
  if (column.kind === 'number') return column.values;
  const numbers = column.levels.map(Number);
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : (numbers[code] ?? Number.NaN)));
}

/** By halving: how many cuts are not above the value. */
function numberCode(cuts: readonly number[], value: number): number {
  if (Number.isNaN(value)) return UNKNOWN;
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle] ?? Number.POSITIVE_INFINITY) <= value) low = middle + 1;
    else high = middle;
  }
  return low + 1;
}
