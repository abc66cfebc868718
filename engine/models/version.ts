/** What is told of a trained version: figures of rows that it had not seen, and what its training has left out. */
import type { ErrorData } from '../errors/index.ts';
import type { Curves } from '../learning/curves.ts';
import type { ReliabilityBin } from '../learning/metrics.ts';
import type { Model } from '../learning/model.ts';

/** How good probabilities were on rows of which the model knew no outcome. */
export interface Quality {
  /** Area under the ROC curve. */
  auc: number;
  /** Mean of −ln of the probability of what came. */
  logLoss: number;
  /** Expected calibration error. */
  ece: number;
}

/** A comparison on the same rows. */
export interface Shadow {
  /** The version that was live; null: none, and the comparison is with the share of successes alone. */
  against: number | null;
  /** The rows on which both were asked. */
  rows: number;
  candidate: Quality;
  /** Without a live version: of the share of successes among the rows that were learned from; its AUC is 0.5. */
  other: Quality;
  /** By how much less the candidate's log-loss is, in the mean of the rows, and the standard error of that. */
  gain: number;
  gainError: number;
}

export interface Figures extends Quality {
  /** Rows in all, and successes among them. */
  rows: number;
  successes: number;
  /** The latest of them, which judged; `auc`, `logLoss` and `ece` are theirs. */
  heldOut: number;
  /** When the latest outcome was known, milliseconds. */
  until: number;
  /** Null where too few outcomes are there to hold some out: then the figures are of what the training held out for itself. */
  shadow: Shadow | null;
  /** Is it better than what it was compared with? */
  better: boolean;
}

/** A field that was first filled at or after the outcome. */
export interface LateField {
  field: string;
  /** Closed records in which that was so, of those in which the field was ever filled. */
  late: number;
  filled: number;
  /** Too many: nothing is learned from the field. */
  leftOut: boolean;
}

export interface JudgedCurves extends Curves {
  reliability: ReliabilityBin[];
  brier: number;
  /** Log-loss of who says their share of successes of every row. */
  baseLogLoss: number;
}

export interface TrainingReport {
  late: LateField[];
  /** What the training left out by itself: what tells the outcome too well alone, says what another field says, or nothing. */
  leftOut: Model['leftOut'][number][];
  /** Of fields with money: the currency in which it was learned. */
  currencies: Record<string, string>;
  /** Of the rows that judged; absent where there were too few to hold some out, and in versions from before they were kept. */
  curves?: JudgedCurves;
  /** Why records were left out, each with its code and number. */
  notes: ErrorData[];
}
