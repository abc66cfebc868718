/** What has been learned, and what it says: JSON throughout, so that a version is kept as it is. */
import type { Frame } from './frame.ts';

export interface TrainOptions {
  /** When each row became known, milliseconds: later rows count more, and judge what earlier ones have taught. */
  readonly times?: Float64Array;
  /** After so many days a row counts half. Without it, all count alike. */
  readonly halfLifeDays?: number;
  /** What may be learned; `auto`: trees where they beat the regression on later rows. */
  readonly kind?: 'auto' | 'regression' | 'trees';
  readonly seed: number;
}

/** A factor of one row's score against that of the average client. */
export interface Contribution {
  readonly column: string;
  /** The row's level or number as text; null where it is not known. */
  readonly value: string | null;
  /** What it adds to the log-odds. */
  readonly logOdds: number;
}

export interface Model {
  readonly format: 1;
  readonly kind: 'regression' | 'trees';
}

export interface Learning {
  train(frame: Frame, outcomes: Uint8Array, options: TrainOptions): Model;
  /** Calibrated probabilities, one a row. Columns are found by their names; one that is missing is not known. */
  score(model: Model, frame: Frame): Float64Array;
  /** The contributions of a row, the strongest first; with the model's mean they add up to its log-odds before calibration. */
  explain(model: Model, frame: Frame, row: number): Contribution[];
}
