/** An evaluation in a terminal. */
import type { Io } from '../io.ts';
import { count, errorLines, showFields, showTable, showTitle, textOf } from '../show.ts';
import type { EvaluationResult, Factor } from './evaluate.ts';
import type { ExplainedLine, Trained } from './learn.ts';

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
  showFactors(io, told.factors);
  showLeftOut(io, told);
}

function showFactors(io: Io, factors: readonly Factor[]): void {
  showTitle(io, 'What moves the score');
  showTable(
    io,
    ['column', 'weight', 'values, in log-odds against the average'],
    factors.map(({ column, importance, values }) => [
      column,
      importance.toFixed(2),
      values.map(({ value, logOdds }) => `${value ?? 'not known'} ${signed(logOdds)}`).join(', '),
    ]),
    'No column says anything.',
  );
}

function showLeftOut(io: Io, { leftOut, notes }: Pick<EvaluationResult, 'leftOut' | 'notes'>): void {
  if (leftOut.length === 0 && notes.length === 0) return;
  showTitle(io, 'Left out');
  showFields(
    io,
    leftOut.map(({ column, why, as }) => [column, as === undefined ? REASONS[why] : `${REASONS[why]} ${as}`]),
  );
  for (const note of notes) for (const line of errorLines(note)) io.out(line);
}

export function showTrained(io: Io, { rows, successes, kind, quality, factors, ...left }: Trained): void {
  showFields(io, [
    ['rows', `${count(rows)}, ${percent(successes / rows)} successes`],
    ['judged', `${count(quality.rows)} that were kept apart`],
    ['model', kind],
    ['auc', digits(quality.auc)],
    ['log-loss', digits(quality.logLoss)],
    ['calibration error', digits(quality.ece)],
  ]);
  showFactors(io, factors);
  showLeftOut(io, left);
}

export function showExplained(io: Io, explained: readonly ExplainedLine[]): void {
  for (const { line, probability, reasons } of explained) {
    io.out(`Line ${line}: ${percent(probability)}`);
    for (const { text } of reasons) io.out(`  ${textOf(text)}`);
  }
  if (explained.length === 0) io.out('Every row has its outcome. To explain one of them: --row with its line.');
}
