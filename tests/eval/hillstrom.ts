/**
 * The Hillstrom e-mail experiment: customers were sent, by chance, an e-mail of men's or of women's goods or none. Whom to send what? Policies
 * are learned on some customers and judged on others, doubly robust, by visits and spending.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { type Estimate, estimator } from '../../engine/deciding/estimates.ts';
import { fixedPolicy, type Log } from '../../engine/deciding/index.ts';
import { robustTerms, weightsOf } from '../../engine/deciding/judge.ts';
import { type ColumnSpec, type Frame, frameOf, rowsOf, score, train } from '../../engine/learning/index.ts';
import { seededRandom } from '../../engine/ports/random.ts';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly aim: string;
  readonly low?: number;
  readonly high?: number;
}

const ARMS: readonly string[] = ['No E-Mail', 'Mens E-Mail', 'Womens E-Mail'];
const NONE = 0;
const FOLDS = 5;
const SEED = 1;

const COLUMNS: readonly ColumnSpec[] = [
  { name: 'recency', kind: 'number' },
  { name: 'history', kind: 'number' },
  { name: 'mens', kind: 'level' },
  { name: 'womens', kind: 'level' },
  { name: 'zip_code', kind: 'level' },
  { name: 'newbie', kind: 'level' },
  { name: 'channel', kind: 'level' },
];

interface Experiment {
  readonly frame: Frame;
  readonly taken: Int32Array;
  readonly visit: Uint8Array;
  readonly spend: Float64Array;
  /** What was bought before: 1 women's goods, 2 men's, 3 both. */
  readonly bought: Uint8Array;
  readonly fold: Uint8Array;
}

type Row = Record<string, string>;

async function read(dir: string): Promise<Experiment> {
  const text = gunzipSync(await readFile(join(dir, 'hillstrom-email.csv.gz')));
  const rows: Row[] = parse(text, { columns: true });
  const { next } = seededRandom(SEED);
  return {
    frame: frameOf(rows, COLUMNS, (row, column) => row[column]),
    taken: Int32Array.from(rows, ({ segment = '' }) => ARMS.indexOf(segment)),
    visit: Uint8Array.from(rows, ({ visit }) => Number(visit)),
    spend: Float64Array.from(rows, ({ spend }) => Number(spend)),
    bought: Uint8Array.from(rows, ({ mens, womens }) => 2 * Number(mens) + Number(womens)),
    fold: Uint8Array.from(rows, () => Math.floor(next() * FOLDS)),
  };
}
/**
 * The figures, judged on customers whose outcomes the policy has not seen. Value: visits and spending count alike, each against its mean.
 * - `hillstrom_lift`: value per customer of the policy by what was bought before, against the arm that is best for all; `_visit` and `_spend`
 *   are its parts, `_models` is the policy that takes each customer's best arm by the learned models. What was bought before was taken of several
 *   ways to part customers, which the interval does not know.
 * - `hillstrom_treated_share`: share of customers who get an e-mail when those are left out whom it moves least, so that 95 % of the effect of the
 *   best arm on all is kept. The cut is chosen on other customers; `hillstrom_effect_kept` is what was kept where it was applied.
 */
export async function hillstrom(dir: string): Promise<Figure[]> {
  const experiment = await read(dir);
  const { taken, visit, spend } = experiment;
  const [meanVisit, meanSpend] = [meanOf(visit), meanOf(spend)];
  const value = spend.map((one, row) => ((visit[row] ?? 0) / meanVisit + one / meanSpend) / 2);
  const visits = visitPredictions(experiment);
  const predictions = valuePredictions(experiment, visits, value);
  const best = bestArms(experiment, value);
  const byType = policyByType(experiment, value, best);
  const byModels = Int32Array.from(taken, (_, row) => argmax(predictions, row));
  const lift = (name: string, policy: Int32Array, reward: Float64Array, expected: Float64Array): Figure => {
    const terms = (choices: Int32Array): Float64Array => termsOf(taken, reward, expected, choices);
    return figureOf(name, '> 1.0', estimator()(terms(policy), terms(best)));
  };
  return [
    lift('hillstrom_lift', byType, value, predictions),
    lift('hillstrom_lift_visit', byType, Float64Array.from(visit), visits),
    lift(
      'hillstrom_lift_spend',
      byType,
      spend,
      predictions.map((one) => one * meanSpend),
    ),
    lift('hillstrom_lift_models', byModels, value, predictions),
    ...treated(experiment, value, predictions, best, byType),
  ];
}

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

const figureOf = (name: string, aim: string, { value, interval: [low, high] }: Estimate): Figure => ({ name, value, aim, low, high });

/** Doubly robust, of each row; every arm had a third. */
function termsOf(taken: Int32Array, reward: Float64Array, predictions: Float64Array, choices: Int32Array): Float64Array {
  const log: Log = { actions: ARMS.length, taken, reward, propensities: new Float64Array(predictions.length).fill(1 / ARMS.length) };
  const policy = fixedPolicy(choices, ARMS.length);
  return robustTerms(log, policy, weightsOf(log, policy), predictions);
}

const rowsWhere = ({ taken }: Experiment, wanted: (row: number) => boolean): Int32Array => Int32Array.from(taken.keys()).filter(wanted);

/** The probability of a visit by each arm, row by row, from a model of the arm that has not seen the row's fold. */
function visitPredictions(experiment: Experiment): Float64Array {
  const { frame, taken, visit, fold } = experiment;
  const predictions = new Float64Array(taken.length * ARMS.length);
  for (let k = 0; k < FOLDS; k++) {
    const judged = rowsWhere(experiment, (row) => fold[row] === k);
    const held = rowsOf(frame, judged);
    for (const arm of ARMS.keys()) {
      const learned = rowsWhere(experiment, (row) => fold[row] !== k && taken[row] === arm);
      const model = train(
        rowsOf(frame, learned),
        Uint8Array.from(learned, (row) => visit[row] ?? 0),
        { kind: 'regression', seed: SEED },
      );
      const scores = score(model, held);
      for (const [i, row] of judged.entries()) predictions[row * ARMS.length + arm] = scores[i] ?? 0;
    }
  }
  return predictions;
}

/** Value by each arm: visits × the value of a visit in that arm, on other folds. */
function valuePredictions({ taken, visit, fold }: Experiment, visits: Float64Array, value: Float64Array): Float64Array {
  const perVisit = Array.from({ length: FOLDS }, (_, k) =>
    ARMS.map((_, arm) => {
      let [sum, count] = [0, 0];
      for (let row = 0; row < taken.length; row++) {
        if (fold[row] === k || taken[row] !== arm) continue;
        sum += value[row] ?? 0;
        count += visit[row] ?? 0;
      }
      return sum / count;
    }),
  );
  return visits.map((visit, i) => visit * (perVisit[fold[Math.floor(i / ARMS.length)] ?? 0]?.[i % ARMS.length] ?? 0));
}

function argmax(predictions: Float64Array, row: number): number {
  const own = predictions.subarray(row * ARMS.length, (row + 1) * ARMS.length);
  return own.indexOf(Math.max(...own));
}

interface Mean {
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
}

/** Of each arm among the customers of other folds who are meant. */
function meansOf({ taken, fold }: Experiment, value: Float64Array, k: number, meant: (row: number) => boolean): Mean[] {
  return ARMS.map((_, arm) => {
    const values = value.filter((_, row) => fold[row] !== k && taken[row] === arm && meant(row));
    const mean = meanOf(values);
    return { mean, variance: meanOf(values.map((one) => (one - mean) ** 2)) / values.length };
  });
}

/** For each row the arm that is best for all customers of the other folds. */
function bestArms(experiment: Experiment, value: Float64Array): Int32Array {
  const byFold = Array.from({ length: FOLDS }, (_, k) => {
    const means = meansOf(experiment, value, k, () => true).map(({ mean }) => mean);
    return means.indexOf(Math.max(...means));
  });
  return Int32Array.from(experiment.fold, (k) => byFold[k] ?? 0);
}

const TYPES = [1, 2, 3] as const;

/**
 * For each row the arm that is best for those who have bought the same. What an arm does more than the best one among them is shrunk to what it
 * does more among all (normal means, moments by weights: R. DerSimonian, N. Laird, Controlled Clinical Trials 7, 1986, 177–188).
 */
function policyByType(experiment: Experiment, value: Float64Array, best: Int32Array): Int32Array {
  const { bought, fold } = experiment;
  const choices = Array.from({ length: FOLDS }, (_, k) => {
    const bestArm = best[fold.indexOf(k)] ?? 0;
    const cells = TYPES.map((type) => meansOf(experiment, value, k, (row) => bought[row] === type));
    const shrunk = ARMS.map((_, arm) =>
      arm === bestArm ? TYPES.map(() => 0) : shrink(cells.map((cell) => difference(cell[arm], cell[bestArm]))),
    );
    return TYPES.map((_, t) => {
      const gains = shrunk.map((byType) => byType[t] ?? 0);
      return Math.max(...gains) > 0 ? gains.indexOf(Math.max(...gains)) : bestArm;
    });
  });
  return Int32Array.from(bought, (type, row) => choices[fold[row] ?? 0]?.[type - 1] ?? best[row] ?? 0);
}

const difference = (a: Mean | undefined, b: Mean | undefined): Mean => ({
  mean: (a?.mean ?? 0) - (b?.mean ?? 0),
  variance: (a?.variance ?? 0) + (b?.variance ?? 0),
});

function shrink(means: readonly Mean[]): number[] {
  const sum = (of: (one: Mean) => number): number => means.reduce((total, one) => total + of(one), 0);
  const weight = sum(({ variance }) => 1 / variance);
  const common = sum(({ mean, variance }) => mean / variance) / weight;
  const spread = sum(({ mean, variance }) => (mean - common) ** 2 / variance) - (means.length - 1);
  const between = Math.max(0, spread / (weight - sum(({ variance }) => variance ** -2) / weight));
  return means.map(({ mean, variance }) => common + ((mean - common) * between) / (between + variance));
}

const KEPT = 0.95;
const ROUNDS = 200;

/** Whom the e-mail moves least is left out. */
function treated(experiment: Experiment, value: Float64Array, predictions: Float64Array, best: Int32Array, policy: Int32Array): Figure[] {
  const { taken, fold } = experiment;
  const terms = (choices: Int32Array): Float64Array => termsOf(taken, value, predictions, choices);
  const without = terms(new Int32Array(taken.length).fill(NONE));
  const more = (choices: Int32Array): Float64Array => terms(choices).map((term, row) => term - (without[row] ?? 0));
  const [effect, aim] = [more(policy), more(best)];
  const moved = Float64Array.from(
    policy,
    (arm, row) => (predictions[row * ARMS.length + arm] ?? 0) - (predictions[row * ARMS.length] ?? 0),
  );
  const order = Int32Array.from(moved.keys()).sort((a, b) => (moved[b] ?? 0) - (moved[a] ?? 0));
  const cuts = Array.from(
    { length: FOLDS },
    (_, k) =>
      moved[
        cutOf(
          order,
          effect,
          aim,
          fold.map((f) => Number(f !== k)),
        )
      ] ?? 0,
  );
  const mails = Float64Array.from(moved, (one, row) => Number(one >= (cuts[fold[row] ?? 0] ?? 0)));
  const kept = estimator()(
    effect.map((one, row) => one * (mails[row] ?? 0)),
    aim,
  );
  const { next } = seededRandom(SEED);
  const shares = Float64Array.from({ length: ROUNDS }, () => {
    const times = new Uint8Array(taken.length);
    for (let i = 0; i < taken.length; i++) {
      const row = Math.floor(next() * taken.length);
      times[row] = (times[row] ?? 0) + 1;
    }
    const last = moved[cutOf(order, effect, aim, times)] ?? 0;
    return moved.reduce((sum, one, row) => sum + (one >= last ? (times[row] ?? 0) : 0), 0) / taken.length;
  }).sort();
  return [
    {
      name: 'hillstrom_treated_share',
      value: meanOf(mails),
      aim: '< 1',
      low: shares[0.025 * ROUNDS] ?? 0,
      high: shares[0.975 * ROUNDS - 1] ?? 1,
    },
    figureOf('hillstrom_effect_kept', `${KEPT} within the interval`, kept),
  ];
}

/** The row down to which e-mails are sent: from there on, however many more get one, the share of the effect is kept. @param times how often a row counts */
function cutOf(order: Int32Array, effect: Float64Array, aim: Float64Array, times: Uint8Array): number {
  const whole = aim.reduce((sum, one, row) => sum + one * (times[row] ?? 0), 0);
  let sum = effect.reduce((total, one, row) => total + one * (times[row] ?? 0), 0);
  for (let i = order.length - 1; i > 0; i--) {
    const row = order[i] ?? 0;
    sum -= (effect[row] ?? 0) * (times[row] ?? 0);
    if (sum < KEPT * whole) return row;
  }
  return order[0] ?? 0;
}
