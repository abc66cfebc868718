/** How well the outcome of a CSV can be foretold: judged on rows that the model has not seen. */
import { type ErrorData, TaktError } from '../../../engine/errors/index.ts';
import { type Curves, curvesOf } from '../../../engine/learning/curves.ts';
import { randomFolds } from '../../../engine/learning/folds.ts';
import {
  auc,
  brier,
  calibrationError,
  explain,
  logLoss,
  type Model,
  reliability,
  rowsOf,
  score,
  train,
} from '../../../engine/learning/index.ts';
import { judged, outcomesAt, rollingFolds } from '../../../engine/learning/judging.ts';
import type { ReliabilityBin } from '../../../engine/learning/metrics.ts';
import { LEAST_OF_EACH, LEAST_ROWS } from '../../../engine/learning/train.ts';
import type { Examples } from './read.ts';

export interface EvaluationOptions {
  /** Parts of the rows that are judged one after the other. */
  readonly folds: number;
  readonly seed: number;
  readonly say: (text: string) => void;
}

/** A column, and how much it moves the log-odds from row to row. */
export interface Factor {
  readonly column: string;
  readonly importance: number;
  /** The values that raise the odds most, and that lower them most, against the average row; in log-odds. */
  readonly values: readonly { readonly value: string | null; readonly rows: number; readonly logOdds: number }[];
}

export interface EvaluationResult {
  /** Rows with an outcome; those without; those that could not be read. */
  readonly rows: number;
  readonly open: number;
  readonly broken: number;
  readonly successes: number;
  /** `time`: by what was known before; `chance`: by the other parts. */
  readonly judgedBy: 'time' | 'chance';
  /** Rows that were judged. */
  readonly judged: number;
  readonly auc: number;
  readonly logloss: number;
  readonly ece: number;
  readonly brier: number;
  /** Log-loss of who says the share of successes of every row: less than that, or nothing was learned. */
  readonly baseLogloss: number;
  readonly reliability: readonly ReliabilityBin[];
  /** Of the judged rows. */
  readonly curves: Curves;
  /** Of the model of all rows. */
  readonly kind: 'regression' | 'trees';
  readonly leftOut: Model['leftOut'];
  readonly factors: readonly Factor[];
  /** What else was left out, and why. */
  readonly notes: readonly ErrorData[];
}

const MOST_FACTORS = 10;
/** Rows of which the contributions are told: of a forest they take long. */
const EXPLAINED_ROWS = 1_000;
/** Values of a column that are told, with at least so many rows among the explained ones. */
const MOST_VALUES = 4;
const LEAST_OF_VALUE = 10;

/** @throws TaktError EVAL_FEW where the parts are too small, TOO_LITTLE_TO_LEARN */
export function evaluateExamples(
  { frame, outcomes, times, open, broken, notes }: Examples,
  { folds, seed, say }: EvaluationOptions,
): EvaluationResult {
  checkEnough(outcomes, notes);
  const parts = times ? rollingFolds(times, folds) : randomFolds(outcomes, folds, seed);
  if (parts.length < folds)
    throw new TaktError('EVAL_FEW', { message: `${frame.size} rows of ${new Set(times).size} moments do not make ${folds + 1} parts.` });
  let part = 0;
  const timesOf = (rows: Int32Array): { times?: Float64Array } =>
    times ? { times: Float64Array.from(rows, (row) => times[row] ?? 0) } : {};
  const scores = judged(
    (known, came, rows) => {
      say(`part ${++part} of ${parts.length}: learning from ${known.size} rows`);
      const model = train(known, came, { seed, ...timesOf(rows) });
      return (unseen) => score(model, unseen);
    },
    frame,
    outcomes,
    parts,
  );
  say('all rows, for the factors');
  const rows = Int32Array.from(scores, (_, row) => row).filter((row) => !Number.isNaN(scores[row]));
  const [foretold, came] = [Float64Array.from(rows, (row) => scores[row] ?? 0), outcomesAt(outcomes, rows)];
  const model = train(frame, outcomes, { seed, ...(times ? { times } : {}) });
  const share = came.reduce((sum, one) => sum + one, 0) / came.length;
  return {
    rows: frame.size,
    open: open.frame.size,
    broken,
    successes: outcomes.reduce((sum, one) => sum + one, 0),
    judgedBy: times ? 'time' : 'chance',
    judged: rows.length,
    auc: auc(foretold, came),
    logloss: logLoss(foretold, came),
    ece: calibrationError(foretold, came),
    brier: brier(foretold, came),
    baseLogloss: logLoss(new Float64Array(came.length).fill(share), came),
    reliability: reliability(foretold, came),
    curves: curvesOf(foretold, came, times && Float64Array.from(rows, (row) => times[row] ?? 0), 'several'),
    kind: model.learned.forest === undefined ? 'regression' : 'trees',
    leftOut: model.leftOut,
    factors: factorsOf(model, frame),
    notes: notes.map((note) => note.toData()),
  };
}

/** Throws TaktError TOO_LITTLE_TO_LEARN with the numbers, and with what was left out. */
export function checkEnough(outcomes: Uint8Array, notes: readonly TaktError[]): void {
  const successes = outcomes.reduce((sum, one) => sum + one, 0);
  const failures = outcomes.length - successes;
  if (outcomes.length >= LEAST_ROWS && Math.min(successes, failures) >= LEAST_OF_EACH) return;
  throw new TaktError('TOO_LITTLE_TO_LEARN', {
    message: `There are ${outcomes.length} outcomes, ${successes} of them successes and ${failures} failures; ${LEAST_ROWS} are needed, ${LEAST_OF_EACH} of each.`,
    errors: notes,
  });
}

/** The columns that move the score most, with what their values do. */
export function factorsOf(model: Model, frame: Examples['frame']): Factor[] {
  const every = Math.max(1, Math.ceil(frame.size / EXPLAINED_ROWS));
  const some = rowsOf(
    frame,
    Int32Array.from({ length: Math.floor(frame.size / every) }, (_, i) => i * every),
  );
  const seen = new Map<string, Map<string | null, { rows: number; sum: number }>>();
  for (let row = 0; row < some.size; row++) {
    for (const { column, value, logOdds } of explain(model, some, row)) {
      const values = seen.get(column) ?? new Map<string | null, { rows: number; sum: number }>();
      const one = values.get(value) ?? { rows: 0, sum: 0 };
      values.set(value, { rows: one.rows + 1, sum: one.sum + logOdds });
      seen.set(column, values);
    }
  }
  return model.bins
    .map(({ name }, c) => ({ column: name, importance: model.importance[c] ?? 0 }))
    .filter(({ importance }) => importance > 0)
    .sort((a, b) => b.importance - a.importance)
    .slice(0, MOST_FACTORS)
    .map(({ column, importance }) => ({ column, importance, values: strongest(seen.get(column) ?? new Map()) }));
}

function strongest(values: ReadonlyMap<string | null, { rows: number; sum: number }>): Factor['values'] {
  return [...values]
    .filter(([, { rows }]) => rows >= LEAST_OF_VALUE)
    .map(([value, { rows, sum }]) => ({ value, rows, logOdds: sum / rows }))
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds))
    .slice(0, MOST_VALUES)
    .sort((a, b) => b.logOdds - a.logOdds);
}
