/** An evaluation in a terminal. */
import type { Io } from '../io.ts';
import { count, showFields, showTable, showTitle } from '../show.ts';
import type { EvaluationResult } from './evaluate.ts';

const WAYS = {
  time: 'each part by what was known before it',
  chance: 'each part by the others',
} as const satisfies Record<EvaluationResult['judgedBy'], string>;

const REASONS = {
  leak: 'tells the outcome too well alone: it was written after it',
  same: 'says the same as',
  constant: 'says the same in every row',
} as const satisfies Record<EvaluationResult['leftOut'][number]['why'], string>;

const digits = (value: number): string => value.toFixed(3);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

export function showEvaluation(io: Io, told: EvaluationResult): void {
  const left = [told.open > 0 ? `${count(told.open)} without an outcome` : '', told.broken > 0 ? `${count(told.broken)} unreadable` : ''];
  showFields(io, [
    ['rows', `${count(told.rows)}, ${percent(told.successes / told.rows)} successes`],
    ['left out', left.filter((part) => part !== '').join(', ') || undefined],
    ['judged', `${count(told.judged)}, ${WAYS[told.judgedBy]}`],
    ['model', told.kind],
    ['auc', digits(told.auc)],
    ['log-loss', `${digits(told.logloss)} (${digits(told.baseLogloss)} for who only knows the share)`],
    ['calibration error', digits(told.ece)],
    ['brier', digits(told.brier)],
  ]);
  showTitle(io, 'Said and came');
  showTable(
    io,
    ['probability', 'rows', 'said', 'came'],
    told.reliability.map(({ from, to, count: n, predicted, actual }) => [
      `${percent(from)}–${percent(to)}`,
      n,
      percent(predicted),
      percent(actual),
    ]),
    'Nothing was judged.',
  );
  showTitle(io, 'What moves the score');
  showTable(
    io,
    ['column', 'weight', 'values, in log-odds against the average'],
    told.factors.map(({ column, importance, values }) => [
      column,
      importance.toFixed(2),
      values.map(({ value, logOdds }) => `${value ?? 'not known'} ${signed(logOdds)}`).join(', '),
    ]),
    'No column says anything.',
  );
  if (told.leftOut.length > 0) {
    showTitle(io, 'Left out');
    showFields(
      io,
      told.leftOut.map(({ column, why, as }) => [column, as === undefined ? REASONS[why] : `${REASONS[why]} ${as}`]),
    );
  }
}
