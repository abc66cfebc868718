/** A model of a CSV: learning it, and asking it why a row has its chance. Needs no database. */
import { type ErrorData, TaktError } from '../../../engine/errors/index.ts';
import { type Contribution, explain, type Frame, type Model, rowsOf, score, train } from '../../../engine/learning/index.ts';
import { effectInWords, isReason, unknownInWords } from '../../../nodes/score/reasons.ts';
import { checkEnough, type EvaluationResult, type Factor, factorsOf } from './evaluate.ts';
import type { Examples, Lines } from './read.ts';

export interface Trained {
  /** Rows with an outcome, and successes among them. */
  readonly rows: number;
  readonly successes: number;
  readonly kind: EvaluationResult['kind'];
  /** On rows that the training kept apart. */
  readonly quality: Model['quality'];
  readonly leftOut: Model['leftOut'];
  readonly notes: readonly ErrorData[];
  readonly factors: readonly Factor[];
}

/** A row of a file with its chance, and what moves it away from the average row. */
export interface ExplainedLine {
  readonly line: number;
  readonly probability: number;
  readonly reasons: readonly { readonly text: string; readonly column: string; readonly logOdds: number }[];
}

/** @throws TaktError TOO_LITTLE_TO_LEARN with the numbers */
export function learn({ frame, outcomes, times, notes }: Pick<Examples, 'frame' | 'outcomes' | 'times' | 'notes'>, seed: number): Model {
  checkEnough(outcomes, notes);
  return train(frame, outcomes, { seed, ...(times ? { times } : {}) });
}

export const trainedOf = (model: Model, { frame, outcomes, notes }: Examples): Trained => ({
  rows: frame.size,
  successes: outcomes.reduce((sum, one) => sum + one, 0),
  kind: model.learned.forest === undefined ? 'regression' : 'trees',
  quality: model.quality,
  leftOut: model.leftOut,
  notes: notes.map((note) => note.toData()),
  factors: factorsOf(model, frame),
});

export interface ExplainOptions {
  /** The row that begins at this line; without it, the likeliest ones. */
  readonly row: number | undefined;
  /** Rows, and reasons of each, at most. */
  readonly limit: number;
  readonly reasons: number;
  readonly locale: 'en' | 'ru';
}

/** Rows by their chance, the likeliest first. Throws TaktError EVAL_ROW where no row begins at the line, MODEL_BROKEN. */
export function explainLines(model: Model, { frame, lines }: Lines, { row, limit, reasons, locale }: ExplainOptions): ExplainedLine[] {
  const scores = score(model, frame);
  if (scores.some((one) => !(one >= 0 && one <= 1))) throw new TaktError('MODEL_BROKEN', { message: 'The model gives no probabilities.' });
  const all = Array.from(scores, (_, place) => place);
  const places =
    row === undefined
      ? all.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b).slice(0, limit)
      : all.filter((place) => lines[place] === row);
  if (row !== undefined && places.length === 0) throw new TaktError('EVAL_ROW', { message: `No row to explain begins at line ${row}.` });
  return places.map((place) => ({
    line: lines[place] ?? 0,
    probability: scores[place] ?? 0,
    reasons: explain(model, frame, place)
      .filter(({ logOdds }) => isReason(logOdds))
      .slice(0, reasons)
      .map((reason) => ({ text: inWords(reason, frame, place, locale), column: reason.column, logOdds: reason.logOdds })),
  }));
}

/** What is learned of all rows but one: a model that has seen the outcome of a row knows too much to explain it. */
export function without(
  { frame, outcomes, times, lines, notes }: Examples,
  row: number,
): Pick<Examples, 'frame' | 'outcomes' | 'times' | 'notes'> {
  const places = Int32Array.from(lines, (_, place) => place).filter((place) => lines[place] !== row);
  return {
    frame: rowsOf(frame, places),
    outcomes: Uint8Array.from(places, (place) => outcomes[place] ?? 0),
    ...(times ? { times: Float64Array.from(places, (place) => times[place] ?? 0) } : {}),
    notes,
  };
}

function inWords({ column, logOdds }: Contribution, frame: Frame, row: number, locale: 'en' | 'ru'): string {
  return `${column}: ${shown(frame, column, row, locale) ?? unknownInWords(locale)} – ${effectInWords(logOdds, locale)}`;
}

function shown(frame: Frame, name: string, row: number, locale: string): string | undefined {
  const column = frame.columns.find((one) => one.name === name);
  if (column?.kind === 'level') return column.levels[column.codes[row] ?? -1];
  const value = column?.values[row] ?? Number.NaN;
  return Number.isNaN(value) ? undefined : value.toLocaleString(locale);
}
