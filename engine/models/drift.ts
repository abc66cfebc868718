/** Whether the live version of a model still fits: what it has said of records that were closed since, against what came of them. Pure. */
import { binCount, binned } from '../learning/binning.ts';
import { boundsOf, countsBetween, countsStability, watchCalibration } from '../learning/drift.ts';
import { type Frame, type Model, score } from '../learning/index.ts';

/** Whom a version has learned from, in counts. */
export interface Population {
  /** Its probabilities in groups that held equally many. */
  scores: { bounds: number[]; counts: number[] };
  /** Of each column of the model: rows in its bins. */
  columns: number[][];
}

interface Moved {
  index: number;
  verdict: 'stable' | 'moved' | 'shifted';
}

/** As it was last looked at. */
export interface DriftState {
  /** The version that was looked at. */
  version: number;
  /** When, milliseconds. */
  at: number;
  /** Records that were closed since its training. */
  rows: number;
  /** Mean probability of these, and their share of successes; null where there are none. */
  predicted: number | null;
  actual: number | null;
  /** `over`: it promises too much. */
  calibration: 'over' | 'under' | null;
  /** Null where nobody knows whom the version has learned from. */
  scores: Moved | null;
  /** The fields that have moved, the most moved first. */
  columns: (Moved & { column: string })[];
  /** Calibration has rung, or the scores are those of another population. */
  alarm: boolean;
  /** When the alarm was first seen, milliseconds. */
  since: number | null;
}

const MOST_COLUMNS = 10;

export function populationOf(model: Model, frame: Frame): Population {
  const scores = score(model, frame);
  const bounds = boundsOf(scores);
  return { scores: { bounds, counts: [...countsBetween(bounds, scores)] }, columns: binCounts(model, frame) };
}

/**
 * @param frame records in the order in which they were closed
 * @param before what was seen of the same version before
 */
export function driftSince(
  { version, model, population }: { version: number; model: Model; population: Population | null },
  frame: Frame,
  outcomes: Uint8Array,
  now: number,
  before: DriftState | null,
): DriftState {
  const probabilities = score(model, frame);
  const watch = watchCalibration();
  let calibration: DriftState['calibration'] = null;
  for (const [row, probability] of probabilities.entries()) calibration ??= watch.observe(probability, outcomes[row] ?? 0) ?? null;
  const rows = outcomes.length;
  const mean = (values: ArrayLike<number>): number | null => (rows === 0 ? null : Array.from(values).reduce((a, b) => a + b, 0) / rows);
  const scores = population && moved(population.scores.counts, countsBetween(population.scores.bounds, probabilities));
  const alarm = calibration !== null || scores?.verdict === 'shifted';
  const since = before?.version === version && before.alarm ? before.since : now;
  return {
    version,
    at: now,
    rows,
    predicted: mean(probabilities),
    actual: mean(outcomes),
    calibration,
    scores,
    columns: population ? movedColumns(model, population, frame) : [],
    alarm,
    since: alarm ? since : null,
  };
}

function moved(before: ArrayLike<number>, now: ArrayLike<number>): Moved {
  const { index, verdict } = countsStability(before, now);
  return { index, verdict };
}

function movedColumns(model: Model, { columns }: Population, frame: Frame): DriftState['columns'] {
  return binCounts(model, frame)
    .map((counts, c) => ({ column: model.bins[c]?.name ?? '', ...moved(columns[c] ?? counts, counts) }))
    .filter(({ verdict }) => verdict !== 'stable')
    .sort((a, b) => b.index - a.index)
    .slice(0, MOST_COLUMNS);
}

function binCounts({ bins }: Model, frame: Frame): number[][] {
  const { codes } = binned(bins, frame);
  return bins.map((one, c) => {
    const counts = new Array<number>(binCount(one)).fill(0);
    for (const code of codes[c] ?? []) counts[code] = (counts[code] ?? 0) + 1;
    return counts;
  });
}
