/** Learning who will say yes: the whole way from rows to a model that is calibrated, judged, and knows what it has left out. */
import { TaktError } from '../errors/index.ts';
import { seededRandom } from '../ports/random.ts';
import { type Binned, type Bins, binned, binsOf } from './binning.ts';
import { calibrate, probabilities } from './calibration.ts';
import { leftOut } from './columns.ts';
import { type Fold, foldsOf, shuffle } from './folds.ts';
import { type Frame, rowsOf } from './frame.ts';
import { auc, calibrationError, logLoss } from './metrics.ts';
import { contributions, type Model, type Quality } from './model.ts';
import { fitRegression, type Regression, regressionLogOdds } from './regression.ts';
import { addTree, type Forest, growForest, rankedOf } from './trees.ts';

export interface TrainOptions {
  /** When each row became known, milliseconds: what is learned from earlier rows is judged by later ones. */
  readonly times?: Float64Array;
  /** With `times`: after so many days a row counts half. Without it, all count alike. */
  readonly halfLifeDays?: number;
  /** What may be learned; `auto`: trees where they beat the regression on rows that neither has learned from. */
  readonly kind?: 'auto' | 'regression' | 'trees';
  readonly seed: number;
}

/** Fewer say nothing that lasts. */
export const LEAST_ROWS = 200;
export const LEAST_OF_EACH = 30;

/** Of the regression, weakest first: the next one begins where the last one ended. */
const STRENGTHS = [30, 10, 3, 1, 0.3] as const;
const MOST_TREES = 400;
/** So many trees in a row may make it worse before the growing ends. */
const PATIENCE = 40;
const DEPTHS = [2, 4] as const;
const RATE = 0.05;
/** Strength and kind are chosen by at most so many rows. */
const CHOSEN_BY = 20_000;
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
  const without = leftOut(allBins, binned(allBins, whole), outcomes);
  const names = new Set(without.map(({ column }) => column));
  const frame: Frame = { ...whole, columns: whole.columns.filter(({ name }) => !names.has(name)) };
  const bins = allBins.filter(({ name }) => !names.has(name));
  if (bins.length === 0) throw new TaktError('TOO_LITTLE_TO_LEARN', { message: 'No field says anything about the outcome.' });
  const weights = weightsOf(outcomes.length, times, halfLifeDays);
  const trial = trialOf(frame, outcomes, times, weights, seed);
  const regression = kind === 'trees' ? undefined : tryRegression(trial);
  const trees = kind === 'regression' ? undefined : tryTrees(trial, seed);
  const [won, lost] = regression && trees && !beats(trees, regression, trial) ? [regression, trees] : [trees ?? regression, regression];
  if (!won) throw new TaktError('INTERNAL');
  const data = binned(bins, frame);
  const learned = won.fit(bins, data, outcomes, weights);
  const model = { learned, bins, calibration: won.calibration };
  const rival = lost && lost !== won ? { rival: { kind: lost.kind, quality: lost.quality } } : {};
  return { format: 1, ...model, ...spreadOf(model, data, seed), leftOut: without, quality: won.quality, ...rival };
}

/** Rows, and how they are parted to choose by. */
interface Trial {
  readonly frame: Frame;
  readonly outcomes: Uint8Array;
  readonly weights: Float64Array;
  readonly folds: readonly { fold: Fold; bins: Bins[]; learn: Binned; judge: Binned }[];
  /** All rows that are judged in some fold. */
  readonly judged: Int32Array;
}

interface Tried {
  readonly kind: 'regression' | 'trees';
  /** Of the judged rows, from models that have not seen them, calibrated. */
  readonly probabilities: Float64Array;
  readonly calibration: Model['calibration'];
  readonly quality: Quality;
  fit(bins: readonly Bins[], data: Binned, outcomes: Uint8Array, weights: Float64Array): Model['learned'];
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

function trialOf(all: Frame, allOutcomes: Uint8Array, allTimes: Float64Array | undefined, allWeights: Float64Array, seed: number): Trial {
  const rows = Int32Array.from({ length: all.size }, (_, i) => i);
  if (all.size > CHOSEN_BY) shuffle(rows, seededRandom(seed).next);
  const some = rows.subarray(0, CHOSEN_BY).sort();
  const pick = (list: Float64Array): Float64Array => Float64Array.from(some, (row) => list[row] ?? 0);
  const frame = some.length === all.size ? all : rowsOf(all, some);
  const outcomes = Uint8Array.from(some, (row) => allOutcomes[row] ?? 0);
  const folds = foldsOf(outcomes, allTimes && pick(allTimes), seed).map((fold) => {
    const learn = rowsOf(frame, fold.learn);
    const bins = binsOf(learn);
    return { fold, bins, learn: binned(bins, learn), judge: binned(bins, rowsOf(frame, fold.judge)) };
  });
  return { frame, outcomes, weights: pick(allWeights), folds, judged: Int32Array.from(folds.flatMap(({ fold }) => [...fold.judge])) };
}

const outcomesAt = ({ outcomes }: Trial, rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => outcomes[row] ?? 0);
const weightsAt = ({ weights }: Trial, rows: Int32Array): Float64Array => Float64Array.from(rows, (row) => weights[row] ?? 0);

function tryRegression(trial: Trial): Tried {
  const found = STRENGTHS.map(() => new Float64Array(trial.judged.length));
  let at = 0;
  for (const { fold, bins, learn, judge } of trial.folds) {
    const [outcomes, weights] = [outcomesAt(trial, fold.learn), weightsAt(trial, fold.learn)];
    let fit: Regression | undefined;
    for (const [s, strength] of STRENGTHS.entries()) {
      fit = fitRegression(bins, learn, outcomes, weights, strength, fit);
      found[s]?.set(regressionLogOdds(fit, judge), at);
    }
    at += fold.judge.length;
  }
  const losses = found.map((logOdds) => lossOf(trial, logOdds));
  const best = losses.indexOf(Math.min(...losses));
  const strength = STRENGTHS[best] ?? 1;
  return judgedBy(trial, found[best] ?? new Float64Array(), 'regression', (bins, data, outcomes, weights) => ({
    kind: 'regression',
    ...fitRegression(bins, data, outcomes, weights, strength),
  }));
}

function tryTrees(trial: Trial, seed: number): Tried {
  const tries = DEPTHS.map((depth) => treesOfDepth(trial, depth, seed));
  const best = tries.reduce((a, b) => (b.loss < a.loss ? b : a));
  const { depth, count } = best;
  return judgedBy(trial, best.logOdds, 'trees', (bins, data, outcomes, weights) => ({
    kind: 'trees',
    ...growForest(bins, data, outcomes, weights, { seed, trees: count, depth, rate: RATE }),
  }));
}

interface Grown {
  depth: number;
  count: number;
  loss: number;
  logOdds: Float64Array;
}

/** How many trees of a depth are best: the same number in all folds, so that it can be grown on all rows. */
function treesOfDepth(trial: Trial, depth: number, seed: number): Grown {
  const paths = trial.folds.map(({ fold, bins, learn, judge }) => {
    const [outcomes, weights] = [outcomesAt(trial, fold.judge), weightsAt(trial, fold.judge)];
    const steps: Float64Array[] = [];
    const losses: number[] = [];
    let [sum, ranked, least]: [Float64Array, Binned | undefined, number] = [new Float64Array(judge.size), undefined, 0];
    const watch = (forest: Forest): boolean => {
      ranked ??= rankedOf(forest, judge);
      sum = steps.length === 0 ? new Float64Array(judge.size).fill(forest.base) : sum.slice();
      const tree = forest.trees.at(-1);
      if (tree) addTree(tree, ranked, sum);
      steps.push(sum);
      losses.push(weightedLoss(sum, outcomes, weights));
      if ((losses.at(-1) ?? 0) < (losses[least] ?? 0)) least = losses.length - 1;
      return losses.length - least < PATIENCE;
    };
    growForest(
      bins,
      learn,
      outcomesAt(trial, fold.learn),
      weightsAt(trial, fold.learn),
      { seed, trees: MOST_TREES, depth, rate: RATE },
      watch,
    );
    return { steps, losses };
  });
  const length = Math.min(...paths.map(({ losses }) => losses.length));
  const sums = Array.from({ length }, (_, t) => paths.reduce((all, { losses }) => all + (losses[t] ?? 0), 0));
  const best = sums.indexOf(Math.min(...sums));
  const logOdds = new Float64Array(trial.judged.length);
  let at = 0;
  for (const { steps } of paths) {
    const step = steps[best] ?? new Float64Array();
    logOdds.set(step, at);
    at += step.length;
  }
  return { depth, count: best + 1, loss: lossOf(trial, logOdds), logOdds };
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

/** By more than the standard error of the difference: what is simpler and explained by one table stays otherwise. */
function beats(one: Tried, other: Tried, trial: Trial): boolean {
  const outcomes = outcomesAt(trial, trial.judged);
  const of = (tried: Tried, i: number): number => {
    const p = tried.probabilities[i] ?? 0.5;
    return -Math.log(Math.max(1e-15, outcomes[i] === 1 ? p : 1 - p));
  };
  const gains = Float64Array.from(outcomes, (_, i) => of(other, i) - of(one, i));
  const mean = gains.reduce((a, b) => a + b, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (gains.length - 1);
  return mean > Math.sqrt(variance / gains.length);
}

/** Exact contributions in a forest take long: of so many rows. */
const SPREAD_ROWS = 500;

function spreadOf(model: Pick<Model, 'learned'>, data: Binned, seed: number): Pick<Model, 'means' | 'importance'> {
  const rows = Int32Array.from({ length: data.size }, (_, i) => i);
  if (model.learned.kind === 'trees') shuffle(rows, seededRandom(seed).next);
  const some = model.learned.kind === 'trees' ? rows.subarray(0, SPREAD_ROWS) : rows;
  const count = data.codes.length;
  const [sums, squares] = [new Float64Array(count), new Float64Array(count)];
  for (const row of some) {
    for (const [c, value] of contributions(model, data, row).entries()) {
      sums[c] = (sums[c] ?? 0) + value;
      squares[c] = (squares[c] ?? 0) + value * value;
    }
  }
  const means = Array.from(sums, (sum) => sum / some.length);
  const importance = means.map((mean, c) => Math.sqrt(Math.max(0, (squares[c] ?? 0) / some.length - mean * mean)));
  return { means, importance };
}
