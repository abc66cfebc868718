/** What a page tells of a model: where it comes from – a version of the workspace, or a CSV – no longer matters. */
import type { ErrorData } from '../../engine/errors/index.ts';
import type { Curves } from '../../engine/learning/curves.ts';
import type { ReliabilityBin } from '../../engine/learning/metrics.ts';
import type { Model } from '../../engine/learning/model.ts';

/** A field or column with its weight: how much its contribution differs from row to row, in log-odds. */
interface Weight {
  readonly column: string;
  readonly importance: number;
  /** What some of its values add to the log-odds of the average, where that is known. */
  readonly values: readonly { readonly value: string | null; readonly logOdds: number }[];
}

export interface Judgement {
  readonly title: string;
  /** What was judged: a file, or a version of a model. */
  readonly of: string;
  /** Outcomes, and successes among them. */
  readonly rows: number;
  readonly successes: number;
  readonly judged: number;
  /** `latest`: the latest outcomes, by what was known before; `time`: parts one after the other; `chance`: parts by chance; `training`: what the training kept apart. */
  readonly judgedBy: 'latest' | 'time' | 'chance' | 'training';
  readonly kind: 'regression' | 'trees';
  readonly auc: number;
  readonly logLoss: number;
  readonly ece: number;
  /** Log-loss of who says the share of successes of every row. */
  readonly baseLogLoss: number | undefined;
  readonly brier: number | undefined;
  /** Undefined where a version was trained when they were not kept, or had too few outcomes. */
  readonly reliability: readonly ReliabilityBin[] | undefined;
  readonly curves: Curves | undefined;
  /** Are times moments, or places of rows? */
  readonly times: 'moments' | 'order';
  readonly factors: readonly Weight[];
  readonly leftOut: Model['leftOut'];
  /** Fields that were written after the outcome. */
  readonly late: readonly { readonly field: string; readonly late: number; readonly filled: number; readonly leftOut: boolean }[];
  readonly open: number;
  readonly broken: number;
  readonly notes: readonly ErrorData[];
}
