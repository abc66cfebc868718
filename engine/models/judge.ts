/** Trains a version, and judges it by later rows beside the one that is live. Pure. */
import type { LearnedField, ModelDefinition } from '../../schemas/model.ts';
import { type ErrorCode, TaktError } from '../errors/index.ts';
import { curvesOf } from '../learning/curves.ts';
import {
  auc,
  brier,
  calibrationError,
  type Frame,
  frameOf,
  logLoss,
  type Model,
  reliability,
  score,
  type TrainOptions,
  train,
} from '../learning/index.ts';
import { LEAST_OF_EACH, LEAST_ROWS } from '../learning/train.ts';
import { type Population, populationOf } from './drift.ts';
import { CODES, type TrainingPiece, type TrainingRow } from './training-set.ts';
import type { Figures, JudgedCurves, LateField, Quality, Shadow, TrainingReport } from './version.ts';

/** The latest outcomes are learned from where there are more. */
const MOST_ROWS = 50_000;
/** The share of the latest rows that judge; more where one outcome is too rare among them. */
const HELD_OUT = 0.2;
const MOST_HELD_OUT = 0.5;
const LEAST_HELD_OUT = 40;
const LEAST_HELD_OUT_OF_A_CLASS = 10;
/** Rows that came after a live version's training, from which on they alone judge the two. */
const LEAST_FRESH = 50;
/** A field that was first filled after the outcome in more than this share of the records is left out. */
const MOST_LATE = 0.05;

interface LiveVersion {
  version: number;
  model: Model;
  until: number;
}

export interface Trained {
  model: Model;
  /** As it was learned: without the fields that were left out. */
  definition: ModelDefinition;
  figures: Figures;
  report: TrainingReport;
  population: Population;
}

export interface TrainVersion {
  definition: ModelDefinition;
  /** What the values of the rows are, in their order: the definition's fields, and others that the live version looks at. */
  gathered: readonly LearnedField[];
  /** The rows by the moments at which their outcomes were known. */
  set: TrainingPiece;
  live: LiveVersion | undefined;
  seed: number;
}

/**
 * Learns from the earlier rows, judges by the latest ones, then learns from all. Throws TOO_LITTLE_TO_LEARN with the numbers and what was left
 * out, MODEL_NOTHING_LEFT.
 */
export function trainVersion({ definition, gathered, set, live: kept, seed }: TrainVersion): Trained {
  const notes = notesOf(set, definition);
  const live = kept && speaks(kept, notes);
  const rows = set.rows.slice(-MOST_ROWS);
  checkEnough(rows, notes);
  const late = lateFields(set, definition);
  const mixed = definition.fields.filter(({ name }) => (set.currencies[name]?.length ?? 0) > 1);
  const fields = definition.fields.filter(
    (field) => !mixed.includes(field) && !late.some((one) => one.leftOut && one.field === field.name),
  );
  if (fields.length === 0) {
    const message = `All ${definition.fields.length} fields were first filled after the outcome, or hold several currencies.`;
    throw new TaktError('MODEL_NOTHING_LEFT', { message, errors: notes });
  }
  const columns = placesOf(gathered);
  const learn = (some: readonly TrainingRow[]): Model =>
    train(frame(some, fields, columns), outcomes(some), optionsOf(some, definition, seed));
  const cut = cutOf(rows);
  const judgement = cut === undefined ? undefined : judge({ candidate: learn(rows.slice(0, cut)), live, rows, cut, gathered, columns });
  const model = learn(rows);
  const population = populationOf(model, frame(rows, fields, columns));
  const counts = { rows: rows.length, successes: successesIn(rows), until: rows.at(-1)?.at ?? 0 };
  return {
    model,
    population,
    definition: { ...definition, fields },
    figures: { ...counts, ...(judgement?.judged ?? byItself(model, rows, live)) },
    report: {
      late,
      leftOut: [...model.leftOut],
      currencies: currenciesOf(fields, set),
      notes: notes.map((note) => note.toData()),
      ...(judgement ? { curves: judgement.curves } : {}),
    },
  };
}

/** One that was written by an earlier Takt may be past asking: it is told, and what is new need not be better than it. */
function speaks(live: LiveVersion, notes: TaktError[]): LiveVersion | undefined {
  try {
    if ((score(live.model, frame([{ at: 0, success: 0, values: [] }], [], new Map()))[0] ?? Number.NaN) >= 0) return live;
  } catch {
    // Told below.
  }
  notes.push(new TaktError('MODEL_BROKEN', { message: `Version ${live.version}, which is live, cannot be asked any more.` }));
  return undefined;
}

type Judged = Omit<Figures, 'rows' | 'successes' | 'until'>;

/**
 * Where too few rows would be left to learn from without the latest: by what the training held out for itself. That says whether the model is
 * better than none, not whether it is better than a live one.
 */
function byItself({ quality }: Model, rows: readonly TrainingRow[], live: LiveVersion | undefined): Judged {
  const share = successesIn(rows) / rows.length;
  const known = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
  const { auc, logLoss, ece } = quality;
  return { heldOut: quality.rows, auc, logLoss, ece, shadow: null, better: live === undefined && logLoss < known };
}

/** What was left out and why, each with its number. */
function notesOf({ left, currencies }: TrainingPiece, { entity, fields }: ModelDefinition): TaktError[] {
  const records = CODES.flatMap((code) => {
    const one = left[code];
    if (!one) return [];
    return [new TaktError(code, { message: `${one.count} records of ${entity} ${WHY[code]}, such as ${one.records.join(', ')}.` })];
  });
  const mixed = fields.flatMap(({ name }) => {
    const met = currencies[name] ?? [];
    if (met.length < 2) return [];
    return [new TaktError('MODEL_CURRENCIES', { message: `"${name}" holds amounts in ${[...met].sort().join(', ')}.`, field: name })];
  });
  return [...records, ...mixed];
}

const WHY: Readonly<Record<(typeof CODES)[number], string>> = {
  MODEL_OUTCOME_FUTURE: 'have an outcome in the future',
  MODEL_OUTCOME_BOTH: 'have ended well and badly at once',
  MODEL_OUTCOME_FAILED: 'make the condition of their outcome fail',
  MODEL_OUTCOME_EARLY: 'had their outcome before they were looked at',
  MODEL_OUTCOME_UNDATED: 'do not say when their outcome was known',
  MODEL_CLOSED_AT_CREATION: 'had their outcome when they came in',
} satisfies Partial<Record<ErrorCode, string>>;

/** Of the fields that are learned from: the one currency of each that holds money. */
function currenciesOf(fields: readonly LearnedField[], { currencies }: TrainingPiece): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const [currency] = currencies[name] ?? [];
      return currency === undefined ? [] : [[name, currency]];
    }),
  );
}

function checkEnough(rows: readonly TrainingRow[], notes: readonly TaktError[]): void {
  const successes = successesIn(rows);
  const failures = rows.length - successes;
  if (rows.length >= LEAST_ROWS && Math.min(successes, failures) >= LEAST_OF_EACH) return;
  const message = `There are ${rows.length} outcomes, ${successes} of them successes and ${failures} failures; ${LEAST_ROWS} are needed, ${LEAST_OF_EACH} of each.`;
  throw new TaktError('TOO_LITTLE_TO_LEARN', { message, errors: notes });
}

function lateFields({ filled }: TrainingPiece, { fields }: ModelDefinition): LateField[] {
  return fields.flatMap(({ name }) => {
    const one = filled[name];
    if (!one || one.late === 0) return [];
    return [{ field: name, late: one.late, filled: one.filled, leftOut: one.late > MOST_LATE * one.filled }];
  });
}

/** Where the rows that judge begin; undefined where too few would be left to learn from, or to judge by. */
function cutOf(rows: readonly TrainingRow[]): number | undefined {
  const earliest = Math.max(LEAST_ROWS, Math.floor(rows.length * (1 - MOST_HELD_OUT)));
  for (let cut = Math.max(earliest, Math.floor(rows.length * (1 - HELD_OUT))); cut >= earliest; cut--) {
    if (rows.length - cut < LEAST_HELD_OUT || rarerIn(rows.slice(cut)) < LEAST_HELD_OUT_OF_A_CLASS) continue;
    return rarerIn(rows.slice(0, cut)) < LEAST_OF_EACH ? undefined : cut;
  }
  return undefined;
}

interface Comparison {
  /** Has learned from the rows before `cut`. */
  candidate: Model;
  live: LiveVersion | undefined;
  rows: readonly TrainingRow[];
  cut: number;
  gathered: readonly LearnedField[];
  columns: ReadonlyMap<string, number>;
}

function judge(comparison: Comparison): { judged: Judged; curves: JudgedCurves } {
  const judging = comparison.rows.slice(comparison.cut);
  const scores = score(comparison.candidate, frame(judging, comparison.gathered, comparison.columns));
  const truth = outcomes(judging);
  const shadow = compare(comparison, judging);
  return {
    judged: { heldOut: judging.length, ...qualityOf(scores, truth), shadow, better: shadow.gain > shadow.gainError },
    curves: {
      ...curvesOf(
        scores,
        truth,
        Float64Array.from(judging, (row) => row.at),
      ),
      reliability: reliability(scores, truth),
      brier: brier(scores, truth),
      baseLogLoss: logLoss(new Float64Array(truth.length).fill(successesIn(judging) / judging.length), truth),
    },
  };
}

/**
 * The candidate and what is there, on the same rows. Where enough of them came after the live version's training, those alone: it has learned
 * from the others, and would look better than it is.
 */
function compare({ candidate, live, rows, cut, gathered, columns }: Comparison, judging: readonly TrainingRow[]): Shadow {
  const fresh = live ? judging.filter((row) => row.at > live.until) : judging;
  const some = fresh.length >= LEAST_FRESH && rarerIn(fresh) > 0 ? fresh : judging;
  const all = frame(some, gathered, columns);
  const truth = outcomes(some);
  const scores = score(candidate, all);
  const others = live ? score(live.model, all) : new Float64Array(some.length).fill(successesIn(rows.slice(0, cut)) / cut);
  const gains = Float64Array.from(truth, (outcome, i) => lossOf(others[i], outcome) - lossOf(scores[i], outcome));
  const gain = mean(gains);
  return {
    against: live?.version ?? null,
    rows: some.length,
    candidate: qualityOf(scores, truth),
    other: qualityOf(others, truth),
    gain,
    gainError: Math.sqrt(mean(gains.map((one) => (one - gain) ** 2)) / gains.length),
  };
}

const qualityOf = (scores: Float64Array, truth: Uint8Array): Quality => ({
  auc: auc(scores, truth),
  logLoss: logLoss(scores, truth),
  ece: calibrationError(scores, truth),
});

const lossOf = (score: number | undefined, outcome: number): number => logLoss([score ?? Number.NaN], [outcome]);

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function optionsOf(rows: readonly TrainingRow[], { halfLifeDays }: ModelDefinition, seed: number): TrainOptions {
  const times = Float64Array.from(rows, (row) => row.at);
  return { times, seed, ...(halfLifeDays === undefined ? {} : { halfLifeDays }) };
}

const placesOf = (gathered: readonly LearnedField[]): ReadonlyMap<string, number> => new Map(gathered.map(({ name }, i) => [name, i]));

function frame(rows: readonly TrainingRow[], fields: readonly LearnedField[], columns: ReadonlyMap<string, number>): Frame {
  return frameOf(rows, fields, (row, column) => row.values[columns.get(column) ?? -1]);
}

const outcomes = (rows: readonly TrainingRow[]): Uint8Array => Uint8Array.from(rows, (row) => row.success);

const successesIn = (rows: readonly TrainingRow[]): number => rows.reduce((sum, row) => sum + row.success, 0);

function rarerIn(rows: readonly TrainingRow[]): number {
  const successes = successesIn(rows);
  return Math.min(successes, rows.length - successes);
}
