/** Learning who will say yes: the whole way from rows to a model that is calibrated, judged, and knows what it has left out. */
import { TaktError } from '../errors/index.ts';
import { seededRandom } from '../ports/random.ts';
import { type Binned, type Bins, binned, binnedRows, binsOf } from './binning.ts';
import { calibrate, probabilities } from './calibration.ts';
import { leftOut } from './columns.ts';
import { type Fold, foldsOf, shuffle } from './folds.ts';
import type { Frame } from './frame.ts';
import { auc, calibrationError, logLoss } from './metrics.ts';
import { contributions, type Kind, type Learned, type Model, type Quality } from './model.ts';
import { fitRegression, type Regression, regressionLogOdds } from './regression.ts';
import { addTree, type Forest, growForest, rankedOf } from './trees.ts';

export interface TrainOptions {
  /** When each row became known, milliseconds: what is learned from earlier rows is judged by later ones. */
  readonly times?: Float64Array;
  /** With `times`: after so many days a row counts half. Without it, all count alike. */
  readonly halfLifeDays?: number;
  /** What may be learned; `auto`: trees on top of the regression where that beats it alone, on rows that neither has learned from. */
  readonly kind?: 'auto' | Kind;
  readonly seed: number;
}

/** Fewer say nothing that lasts. */
export const LEAST_ROWS = 200;
export const LEAST_OF_EACH = 30;

/** Of the regression, weakest first: the next one begins where the last one ended. */
const STRENGTHS = [30, 10, 3, 1, 0.3] as const;
/** What a fit of which only the strength is to be judged may lose. */
const ROUGHLY = 1e-5;
/** Of a regression that trees are to correct: a little stiffer than one that stands alone. */
const UNDER_TREES = 10;
const MOST_TREES = 300;
/** So many trees in a row may make it worse before the growing ends. */
const PATIENCE = 40;
const DEPTHS = [3, 5, 8] as const;
const RATE = 0.05;
/** Strength and kind are chosen by at most so many rows. */
const CHOSEN_BY = 40_000;
const DAY = 86_400_000;

/**
 * Throws TOO_LITTLE_TO_LEARN where there are fewer than {@link LEAST_ROWS} rows, or than {@link LEAST_OF_EACH} of an outcome, or where no
 * column says anything.
 * @param outcomes 1 for a success, else 0
 */
export function train(whole: Frame, outcomes: Uint8Array, { times, halfLifeDays, kind = 'auto', seed }: TrainOptions): Model {
  const successes = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const fewest = Math.min(successes, outcomes.length - successes);
  if (outcomes.length < LEAST_ROWS || fewest < LEAST_OF_EACH) {
    throw new TaktError('TOO_LITTLE_TO_LEARN', {
      message: `There are ${outcomes.length} outcomes, ${fewest} of the rarer kind; ${LEAST_ROWS} and ${LEAST_OF_EACH} are needed.`,
    });
  }
  const allBins = binsOf(whole);
  const allData = binned(allBins, whole);
  const without = leftOut(allBins, allData, outcomes);
  const names = new Set(without.map(({ column }) => column));
  const bins = allBins.filter(({ name }) => !names.has(name));
  if (bins.length === 0) throw new TaktError('TOO_LITTLE_TO_LEARN', { message: 'No field says anything about the outcome.' });
  const weights = weightsOf(outcomes.length, times, halfLifeDays);
  const data: Binned = { size: whole.size, codes: allData.codes.filter((_, c) => !names.has(allBins[c]?.name ?? '')) };
  const trial = trialOf(bins, data, outcomes, times, weights, seed);
  const regression = kind === 'trees' ? undefined : tryRegression(trial);
  const trees = kind === 'regression' ? undefined : tryTrees(trial, seed);
  const [won, lost] = regression && trees && !beats(trees, regression, trial) ? [regression, trees] : [trees ?? regression, regression];
  if (!won) throw new TaktError('INTERNAL');
  const learned = won.fit(bins, data, outcomes, weights);
  const model = { learned, bins, calibration: won.calibration };
  const rival = lost && lost !== won ? { rival: { kind: lost.kind, quality: lost.quality } } : {};
  return { format: 1, ...model, ...spreadOf(model, data, seed), leftOut: without, quality: won.quality, ...rival };
}

/** Rows, and how they are parted to choose by. */
interface Trial {
  readonly bins: readonly Bins[];
  readonly outcomes: Uint8Array;
  readonly weights: Float64Array;
  readonly folds: readonly { fold: Fold; learn: Binned; judge: Binned }[];
  /** All rows that are judged in some fold. */
  readonly judged: Int32Array;
}

interface Tried {
  readonly kind: Kind;
  /** Of the judged rows, from models that have not seen them, calibrated. */
  readonly probabilities: Float64Array;
  readonly calibration: Model['calibration'];
  readonly quality: Quality;
  fit(bins: readonly Bins[], data: Binned, outcomes: Uint8Array, weights: Float64Array): Learned;
}

function weightsOf(size: number, times: Float64Array | undefined, halfLifeDays: number | undefined): Float64Array {
  const weights = new Float64Array(size).fill(1);
  if (!times || halfLifeDays === undefined) return weights;
  const last = times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const decayed = weights.map((_, i) => 0.5 ** ((last - (times[i] ?? last)) / (halfLifeDays * DAY)));
  // A mean of one, so that the strength of the penalty means the same.
  const mean = decayed.reduce((a, b) => a + b, 0) / size;
  return decayed.map((weight) => weight / mean);
}

/** The bins are those of all rows: they know nothing of outcomes. */
function trialOf(
  bins: readonly Bins[],
  data: Binned,
  allOutcomes: Uint8Array,
  allTimes: Float64Array | undefined,
  allWeights: Float64Array,
  seed: number,
): Trial {
  const rows = Int32Array.from({ length: data.size }, (_, i) => i);
  if (data.size > CHOSEN_BY) shuffle(rows, seededRandom(seed).next);
  const some = rows.subarray(0, CHOSEN_BY).sort();
  const pick = (list: Float64Array): Float64Array => Float64Array.from(some, (row) => list[row] ?? 0);
  const outcomes = Uint8Array.from(some, (row) => allOutcomes[row] ?? 0);
  const place = (list: Int32Array): Int32Array => list.map((row) => some[row] ?? 0);
  const folds = foldsOf(outcomes, allTimes && pick(allTimes), seed).map((fold) => ({
    fold,
    learn: binnedRows(data, place(fold.learn)),
    judge: binnedRows(data, place(fold.judge)),
  }));
  return { bins, outcomes, weights: pick(allWeights), folds, judged: Int32Array.from(folds.flatMap(({ fold }) => [...fold.judge])) };
}

const outcomesAt = ({ outcomes }: Trial, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => outcomes[row] ?? 0);
const weightsAt = ({ weights }: Trial, rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => weights[row] ?? 0);

function tryRegression(trial: Trial): Tried {
  const found = STRENGTHS.map(() => new Float64Array(trial.judged.length));
  let at = 0;
  for (const { fold, learn, judge } of trial.folds) {
    const [outcomes, weights] = [outcomesAt(trial, fold.learn), weightsAt(trial, fold.learn)];
    let fit: Regression | undefined;
    for (const [s, strength] of STRENGTHS.entries()) {
      fit = fitRegression(trial.bins, learn, outcomes, weights, strength, { start: fit, tolerance: ROUGHLY });
      found[s]?.set(regressionLogOdds(fit, judge), at);
    }
    at += fold.judge.length;
  }
  const losses = found.map((logOdds) => lossOf(trial, logOdds));
  const best = losses.indexOf(Math.min(...losses));
  const strength = STRENGTHS[best] ?? 1;
  return judgedBy(trial, found[best] ?? new Float64Array(), 'regression', (bins, data, outcomes, weights) => ({
    regression: fitRegression(bins, data, outcomes, weights, strength),
  }));
}

function tryTrees(trial: Trial, seed: number): Tried {
  const [first, ...rest] = trial.folds;
  if (!first) throw new TaktError('INTERNAL');
  const begun = DEPTHS.map((depth) => ({ depth, path: growthOf(trial, first, depth, seed) }));
  const { depth, path } = begun.reduce((a, b) => (Math.min(...b.path.losses) < Math.min(...a.path.losses) ? b : a));
  const paths = [path, ...rest.map((fold) => growthOf(trial, fold, depth, seed))];
  const count = bestLength(paths.map(({ losses }) => losses));
  const logOdds = new Float64Array(trial.judged.length);
  let at = 0;
  for (const { steps } of paths) {
    const step = steps[count - 1] ?? new Float64Array();
    logOdds.set(step, at);
    at += step.length;
  }
  return judgedBy(trial, logOdds, 'trees', (bins, data, outcomes, weights) => {
    const regression = fitRegression(bins, data, outcomes, weights, UNDER_TREES);
    const start = regressionLogOdds(regression, data);
    const trees = Math.round(count * Math.sqrt(data.size / first.learn.size));
    return { regression, forest: growForest(bins, data, outcomes, weights, start, { seed, trees, depth, rate: RATE }) };
  });
}

/** After each tree: the log-odds of the rows that judge, and their loss. */
interface Growth {
  steps: Float64Array[];
  losses: number[];
}

function growthOf(trial: Trial, { fold, learn, judge }: Trial['folds'][number], depth: number, seed: number): Growth {
  const [learned, learnedWeights] = [outcomesAt(trial, fold.learn), weightsAt(trial, fold.learn)];
  const regression = fitRegression(trial.bins, learn, learned, learnedWeights, UNDER_TREES);
  const begun = regressionLogOdds(regression, judge);
  const [outcomes, weights] = [outcomesAt(trial, fold.judge), weightsAt(trial, fold.judge)];
  const growth: Growth = { steps: [], losses: [] };
  let least = 0;
  let ranked: Binned | undefined;
  const watch = ({ ranks, trees }: Forest): boolean => {
    ranked ??= rankedOf({ ranks }, judge);
    const sum = (growth.steps.at(-1) ?? begun).slice();
    const tree = trees.at(-1);
    if (tree) addTree(tree, ranked, sum);
    growth.steps.push(sum);
    const loss = weightedLoss(sum, outcomes, weights);
    growth.losses.push(loss);
    if (loss < (growth.losses[least] ?? 0)) least = growth.losses.length - 1;
    return growth.losses.length - least < PATIENCE;
  };
  const options = { seed, trees: MOST_TREES, depth, rate: RATE };
  growForest(trial.bins, learn, learned, learnedWeights, regressionLogOdds(regression, learn), options, watch);
  return growth;
}

/** The same number of trees in all folds. On all rows somewhat more are grown: the more there is to learn from, the later it turns to noise. */
function bestLength(losses: readonly (readonly number[])[]): number {
  const length = Math.min(...losses.map((list) => list.length));
  const sums = Array.from({ length }, (_, t) => losses.reduce((sum, list) => sum + (list[t] ?? 0), 0));
  return sums.indexOf(Math.min(...sums)) + 1;
}

function weightedLoss(logOdds: Float64Array, outcomes: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < logOdds.length; i++) {
    const z = logOdds[i] ?? 0;
    sum += (weights[i] ?? 0) * (Math.max(z, 0) - (outcomes[i] ?? 0) * z + Math.log1p(Math.exp(-Math.abs(z))));
  }
  return sum;
}

const lossOf = (trial: Trial, logOdds: Float64Array): number =>
  weightedLoss(logOdds, outcomesAt(trial, trial.judged), weightsAt(trial, trial.judged));

function judgedBy(trial: Trial, logOdds: Float64Array, kind: Tried['kind'], fit: Tried['fit']): Tried {
  const outcomes = outcomesAt(trial, trial.judged);
  const calibration = calibrate(logOdds, outcomes, weightsAt(trial, trial.judged));
  const p = probabilities(calibration, logOdds);
  const successes = outcomes.reduce((sum, outcome) => sum + outcome, 0);
  const quality = { rows: p.length, successes, auc: auc(p, outcomes), logLoss: logLoss(p, outcomes), ece: calibrationError(p, outcomes) };
  return { kind, probabilities: p, calibration, quality, fit };
}

/** By more than two standard errors of the difference: what is simpler and explained by one table stays otherwise. */
function beats(one: Tried, other: Tried, trial: Trial): boolean {
  const outcomes = outcomesAt(trial, trial.judged);
  const of = (tried: Tried, i: number): number => {
    const p = tried.probabilities[i] ?? 0.5;
    return -Math.log(Math.max(1e-15, outcomes[i] === 1 ? p : 1 - p));
  };
  const gains = Float64Array.from(outcomes, (_, i) => of(other, i) - of(one, i));
  const mean = gains.reduce((a, b) => a + b, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return mean > 2 * Math.sqrt(variance / gains.length);
}

/** Exact contributions in a forest take long: of so many rows. */
const SPREAD_ROWS = 500;

function spreadOf({ learned }: Pick<Model, 'learned'>, data: Binned, seed: number): Pick<Model, 'means' | 'importance'> {
  const spread = learned.forest
    ? spreadOfRows(learned, data, seed)
    : data.codes.map((codes, c) => spreadOfBins(codes, learned.regression.weights[c] ?? []));
  return { means: spread.map(({ mean }) => mean), importance: spread.map(({ deviation }) => deviation) };
}

interface Spread {
  mean: number;
  deviation: number;
}

/** Of a regression the bins tell it all. */
function spreadOfBins(codes: Uint8Array, weights: readonly number[]): Spread {
  const counts = new Float64Array(weights.length);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const meanOf = (value: (weight: number) => number): number =>
    weights.reduce((sum, weight, code) => sum + value(weight) * (counts[code] ?? 0), 0) / codes.length;
  const mean = meanOf((weight) => weight);
  return { mean, deviation: Math.sqrt(meanOf((weight) => (weight - mean) ** 2)) };
}

function spreadOfRows(learned: Learned, data: Binned, seed: number): Spread[] {
  const rows = Int32Array.from({ length: data.size }, (_, i) => i);
  shuffle(rows, seededRandom(seed).next);
  const found = Array.from(rows.subarray(0, SPREAD_ROWS), (row) => contributions({ learned }, data, row));
  return data.codes.map((_, c) => {
    const mean = found.reduce((sum, one) => sum + (one[c] ?? 0), 0) / found.length;
    return { mean, deviation: Math.sqrt(found.reduce((sum, one) => sum + ((one[c] ?? 0) - mean) ** 2, 0) / found.length) };
  });
}
