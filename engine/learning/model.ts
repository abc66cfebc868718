/** What has been learned, and what it says: JSON throughout, so that a version is kept as it is. */
import { type Binned, type Bins, binName, binned } from './binning.ts';
import { type Calibration, probabilities } from './calibration.ts';
import type { LeftOut } from './columns.ts';
import type { Frame } from './frame.ts';
import { type Regression, regressionLogOdds } from './regression.ts';
import { expectedLogOdds, shapley } from './shapley.ts';
import { addForest, type Forest } from './trees.ts';

/** How good it was on rows that it had not learned from. */
export interface Quality {
  readonly rows: number;
  readonly successes: number;
  readonly auc: number;
  readonly logLoss: number;
  /** Expected calibration error, of ten groups. */
  readonly ece: number;
}

/** A regression, and, where they have beaten it, trees that correct it. */
export interface Learned {
  readonly regression: Regression;
  readonly forest?: Forest;
}

export type Kind = 'regression' | 'trees';

export interface Model {
  readonly format: 1;
  readonly learned: Learned;
  readonly bins: readonly Bins[];
  readonly calibration: Calibration;
  /** Column → its mean contribution to the log-odds: the average client. */
  readonly means: readonly number[];
  /** Column → how much its contribution differs from row to row: the standard deviation, in log-odds. */
  readonly importance: readonly number[];
  readonly leftOut: readonly LeftOut[];
  readonly quality: Quality;
  /** Of the other kind, where it was tried. */
  readonly rival?: { readonly kind: Kind; readonly quality: Quality };
}

/** A factor of one row's score against that of the average client. */
export interface Contribution {
  readonly column: string;
  /** The row's level, or the range in which its number lies; null where it is not known. */
  readonly value: string | null;
  /** What it adds to the log-odds, after calibration. */
  readonly logOdds: number;
}

/** Calibrated probabilities, one a row. Columns are found by their names; one that the frame does not have is not known. */
export function score(model: Model, frame: Frame): Float64Array {
  return probabilities(model.calibration, logOddsOf(model, binned(model.bins, frame)));
}

/**
 * What each column adds to a row's log-odds, against the average client, the strongest first: exact, so that with {@link averageLogOdds} they
 * add up to the log-odds of its probability.
 */
export function explain(model: Model, frame: Frame, row: number): Contribution[] {
  const data = binned(model.bins, frame);
  const { slope } = model.calibration;
  return contributions(model, data, row)
    .map((raw, c): Contribution => {
      const bins = model.bins[c];
      return {
        column: bins?.name ?? '',
        value: bins ? binName(bins, data.codes[c]?.[row] ?? 0) : null,
        logOdds: slope * (raw - (model.means[c] ?? 0)),
      };
    })
    .sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
}

/** The log-odds of the average client. */
export function averageLogOdds({ learned, means, calibration: { slope, shift } }: Model): number {
  const own = learned.regression.intercept + (learned.forest ? expectedLogOdds(learned.forest) : 0);
  return shift + slope * means.reduce((sum, mean) => sum + mean, own);
}

/** Before calibration. */
function logOddsOf({ learned: { regression, forest } }: Pick<Model, 'learned'>, data: Binned): Float64Array {
  const logOdds = regressionLogOdds(regression, data);
  if (forest) addForest(forest, data, logOdds);
  return logOdds;
}

/** Column → what it adds to the log-odds of a row, before calibration; of the trees against their mean. */
export function contributions({ learned: { regression, forest } }: Pick<Model, 'learned'>, data: Binned, row: number): number[] {
  const ofTrees = forest && shapley(forest, data, row);
  return data.codes.map((codes, c) => (regression.weights[c]?.[codes[row] ?? 0] ?? 0) + (ofTrees?.[c] ?? 0));
}
