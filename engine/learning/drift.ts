/** Whether a model still fits the world: who comes now against who it has learned from, and what comes of them against what it says. */
import type { Column, Frame } from './frame.ts';

/** The usual bounds of the population stability index: below the first nothing has moved, from the second on it is another population. */
const STABILITY_BOUNDS = { moved: 0.1, shifted: 0.25 } as const;

interface Stability {
  readonly index: number;
  /** What chance alone reaches in one of a thousand cases with so many rows. */
  readonly noise: number;
  /** Never by chance alone: an index within `noise` is stable. */
  readonly verdict: 'stable' | 'moved' | 'shifted';
}

interface ColumnStability extends Stability {
  readonly column: string;
}

const GROUPS = 10;
/** Levels of fewer rows than this share of the first frame are one group. */
const RARE = 0.01;
/** Of the normal distribution: one of a thousand. */
const Z_THOUSANDTH = 3.09;

/**
 * The population stability index Σ (now − before) · ln(now / before) of two counts over the same groups. Half a row is added to each group, so that an
 * empty one is no infinity. Without drift it is (1/n + 1/m) · χ² with a degree of freedom less than there are groups (B. Yurdakul, J. Naranjo,
 * "Statistical properties of the population stability index", J. of Risk Model Validation 14, 2020); `noise` is from that, by the approximation of
 * E. Wilson and M. Hilferty.
 */
export function stabilityOf(before: ArrayLike<number>, now: ArrayLike<number>): Stability {
  const groups = before.length;
  const [n, m] = [total(before), total(now)];
  if (n === 0 || m === 0) return { index: 0, noise: Number.POSITIVE_INFINITY, verdict: 'stable' };
  let index = 0;
  for (let i = 0; i < groups; i++) {
    const a = ((before[i] ?? 0) + 0.5) / (n + groups / 2);
    const b = ((now[i] ?? 0) + 0.5) / (m + groups / 2);
    index += (b - a) * Math.log(b / a);
  }
  const degrees = Math.max(1, groups - 1);
  const noise = (1 / n + 1 / m) * degrees * (1 - 2 / (9 * degrees) + Z_THOUSANDTH * Math.sqrt(2 / (9 * degrees))) ** 3;
  const { moved, shifted } = STABILITY_BOUNDS;
  const verdict = index <= noise || index < moved ? 'stable' : index < shifted ? 'moved' : 'shifted';
  return { index, noise, verdict };
}

/** Numbers, such as scores, in groups that held equally many before; what is not known is a group of its own. */
export function numbersStability(before: Float64Array, now: Float64Array): Stability {
  const bounds = boundsOf(before);
  return countsStability(countsBetween(bounds, before), countsBetween(bounds, now));
}

/** Of two counts over the same groups; those that are empty in both say nothing. */
export const countsStability = (before: ArrayLike<number>, now: ArrayLike<number>): Stability =>
  stabilityOf(...occupied(Float64Array.from(before), Float64Array.from(now)));

/** How many values lie in each group, from the least on; what is not known is the last one. */
export function countsBetween(bounds: readonly number[], values: Float64Array): Float64Array {
  const counts = new Float64Array(bounds.length + 2);
  for (const value of values) {
    const group = Number.isNaN(value) ? bounds.length + 1 : bounds.filter((bound) => value > bound).length;
    counts[group] = (counts[group] ?? 0) + 1;
  }
  return counts;
}

/** Columns of two frames by their names, the most moved first; one that is missing now is wholly unknown. */
export function columnsStability(before: Frame, now: Frame): ColumnStability[] {
  return before.columns
    .map((column) => {
      const other = now.columns.find(({ name, kind }) => name === column.name && kind === column.kind);
      return { column: column.name, ...columnStability(column, other, now.size) };
    })
    .sort((a, b) => b.index - a.index);
}

function columnStability(before: Column, now: Column | undefined, size: number): Stability {
  if (before.kind === 'number')
    return numbersStability(before.values, now?.kind === 'number' ? now.values : new Float64Array(size).fill(Number.NaN));
  const [old, recent] = [countsOf(before), now?.kind === 'level' ? countsOf(now) : new Map([[UNKNOWN, size]])];
  const rows = before.codes.length;
  const frequent = [...old.keys()].filter((level) => (old.get(level) ?? 0) >= RARE * rows);
  const grouped = (counts: ReadonlyMap<string, number>): Float64Array => {
    const common = frequent.map((level) => counts.get(level) ?? 0);
    const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
    return Float64Array.from([...common, all - total(common)]);
  };
  return stabilityOf(...occupied(grouped(old), grouped(recent)));
}

/** No level is so long. */
const UNKNOWN = '\u0000'.repeat(101);

function countsOf(column: Extract<Column, { kind: 'level' }>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const code of column.codes) {
    const level = column.levels[code] ?? UNKNOWN;
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts;
}

/** The values that part the known ones into groups of equally many; fewer where values repeat. */
export function boundsOf(values: Float64Array): number[] {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const bounds = Array.from({ length: GROUPS - 1 }, (_, i) => known[Math.floor(((i + 1) * known.length) / GROUPS)]);
  return [...new Set(bounds.filter((bound) => bound !== undefined))];
}

/** Groups that are empty in both say nothing. */
function occupied(before: Float64Array, now: Float64Array): [Float64Array, Float64Array] {
  const used = (_: number, i: number): boolean => (before[i] ?? 0) + (now[i] ?? 0) > 0;
  return [before.filter(used), now.filter(used)];
}

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, one) => sum + one, 0);

/** The odds of success against those foretold that the watch looks for: half as many again, or as few. */
const ODDS = 1.5;
/** Sums of likelihood this high come by chance once in e^h rows on the average or less often (G. Lorden, Annals of Mathematical Statistics 42, 1971). */
const FALSE_ALARM_ROWS = 100_000;
const HEIGHT = Math.log(FALSE_ALARM_ROWS);

/** `over`: the model promises too much. */
type CalibrationAlarm = 'over' | 'under';

interface CalibrationWatch {
  /** @returns what rings from this row on; an alarm stays until {@link reset} */
  observe(probability: number, outcome: number): CalibrationAlarm | undefined;
  reset(): void;
}

/**
 * Watches predicted against actual, row by row: two risk-adjusted CUSUM charts (S. Steiner, R. Cook, V. Farewell, T. Treasure, "Monitoring surgical
 * performance using risk-adjusted cumulative sum charts", Biostatistics 1, 2000), one for each direction.
 */
export function watchCalibration(): CalibrationWatch {
  let [under, over] = [0, 0];
  let alarm: CalibrationAlarm | undefined;
  return {
    observe(probability, outcome) {
      under = Math.max(0, under + evidence(probability, outcome, ODDS));
      over = Math.max(0, over + evidence(probability, outcome, 1 / ODDS));
      if (alarm === undefined && under > HEIGHT) alarm = 'under';
      if (alarm === undefined && over > HEIGHT) alarm = 'over';
      return alarm;
    },
    reset() {
      [under, over] = [0, 0];
      alarm = undefined;
    },
  };
}

/** The log-likelihood of an outcome when the odds are so many times those of the probability, against the probability itself. */
const evidence = (probability: number, outcome: number, odds: number): number =>
  (outcome === 1 ? Math.log(odds) : 0) - Math.log(1 - probability + odds * probability);

export interface DriftReport {
  /** Has the model to be looked at, or trained anew? */
  readonly alarm: boolean;
  readonly calibration: CalibrationAlarm | undefined;
  /** Row of `now` at which calibration rang. */
  readonly at: number | undefined;
  readonly scores: Stability;
  /** The columns that have moved or shifted, the most moved first: where to look for the reason. */
  readonly columns: readonly ColumnStability[];
}

/** What a model has learned from or scored, and what it says of that. */
export interface Scored {
  readonly frame: Frame;
  readonly scores: Float64Array;
}

/**
 * It rings when calibration does, or the scores are those of another population. Columns alone do not ring: one that the model makes little of may
 * move without harm.
 * @param now in the order of time, with outcomes as far as they are known (the first rows)
 */
export function driftOf(before: Scored, now: Scored, outcomes: ArrayLike<number>): DriftReport {
  const watch = watchCalibration();
  let at: number | undefined;
  let calibration: CalibrationAlarm | undefined;
  for (let row = 0; row < outcomes.length && calibration === undefined; row++) {
    calibration = watch.observe(now.scores[row] ?? 0, outcomes[row] ?? 0);
    if (calibration !== undefined) at = row;
  }
  const scores = numbersStability(before.scores, now.scores);
  const columns = columnsStability(before.frame, now.frame).filter(({ verdict }) => verdict !== 'stable');
  return { alarm: calibration !== undefined || scores.verdict === 'shifted', calibration, at, scores, columns };
}
