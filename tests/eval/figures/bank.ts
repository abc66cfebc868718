/**
 * Learning while the world drifts. A bank calls for two years, through a crisis; of a hundred calls three succeed in one month and forty-five in
 * another. For every month, a model is trained on what came before it, and its level follows the calls of the month as they end.
 */
import { driftOf } from '../../../engine/learning/drift.ts';
import { shuffle } from '../../../engine/learning/folds.ts';
import { type Frame, rowsOf, score, train } from '../../../engine/learning/index.ts';
import { followLevel } from '../../../engine/learning/level.ts';
import { seededRandom } from '../../../engine/ports/random.ts';
import { dataSet } from '../data.ts';
import { atLeast, type Evaluation, type Figure, figure } from '../figure.ts';
import { type Month, monthsOf } from '../months.ts';

const SEED = 1;
const FIRST_YEAR = 2008;
/** Smaller months say little about a share. */
const LEAST_ROWS = 300;
/** Predicted ÷ actual of a month that is right. */
const RIGHT = { from: 0.8, to: 1.25 } as const;
/** A call's outcome is known when it ends; so many others may be under way, or not be written down yet. */
const CALLS_UNDER_WAY = 50;
/** Calls before the month from which the level is learned when it begins. */
const LEVEL_ROWS = 3_000;
const TRAINED_ONCE = 0.75;

interface Calls {
  readonly frame: Frame;
  readonly outcomes: Uint8Array;
  readonly months: readonly Month[];
}

/** Names of time, not of clients: each of their values is there for some months and then never again. */
const OF_TIME = ['month', 'emp.var.rate', 'cons.price.idx', 'cons.conf.idx', 'euribor3m', 'nr.employed'];

async function readCalls(dir: string): Promise<Calls> {
  const { frame, outcomes } = await dataSet(dir, 'bank-marketing');
  const month = frame.columns.find(({ name }) => name === 'month');
  if (month?.kind !== 'level') throw new RangeError('The map has no level "month".');
  const months = monthsOf(
    Array.from(month.codes, (code) => month.levels[code] ?? ''),
    FIRST_YEAR,
  );
  return { frame: { ...frame, columns: frame.columns.filter(({ name }) => !OF_TIME.includes(name)) }, outcomes, months };
}

const rowsFrom = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
const isRight = (ratio: number): boolean => ratio >= RIGHT.from && ratio <= RIGHT.to;

/** Predicted ÷ actual of a month by the model of what came before: with the level that follows, and as the model was when the month began. */
function judgeMonth({ frame, outcomes }: Calls, { from, to }: Month): { followed: number; frozen: number } {
  const model = train(rowsOf(frame, rowsFrom(0, from)), outcomes.subarray(0, from), { seed: SEED });
  const begin = Math.max(0, from - LEVEL_ROWS);
  const scores = score(model, rowsOf(frame, rowsFrom(begin, to)));
  const followed = followLevel(scores, outcomes.subarray(begin, to), from - begin, (row) => row - CALLS_UNDER_WAY);
  const actual = mean(outcomes.subarray(from, to));
  return { followed: mean(followed) / actual, frozen: mean(scores.subarray(from - begin)) / actual };
}

/**
 * Trained once on the first three quarters: does the alarm ring by the end of each month in which that fails, and is it silent on calls among
 * those three quarters that were kept apart, in an order by chance?
 */
function judgeAlarm({ frame, outcomes, months }: Calls, say: (text: string) => void): boolean {
  const end = Math.floor(TRAINED_ONCE * frame.size);
  const order = rowsFrom(0, end);
  shuffle(order, seededRandom(SEED).next);
  const apart = Math.floor(0.1 * end);
  const [control, learned] = [order.slice(0, apart), order.slice(apart).sort()];
  const pick = (rows: Int32Array): Uint8Array => Uint8Array.from(rows, (row) => outcomes[row] ?? 0);
  const model = train(rowsOf(frame, learned), pick(learned), { seed: SEED });
  const scored = (rows: Int32Array) => {
    const some = rowsOf(frame, rows);
    return { frame: some, scores: score(model, some) };
  };
  const before = scored(learned);
  const quiet = driftOf(before, scored(control), pick(control));
  say(`kept apart: ${quiet.alarm ? 'rings' : 'silent'}`);
  let right = !quiet.alarm;
  for (const month of months.filter(({ to }) => to > end)) {
    const from = Math.max(month.from, end);
    if (month.to - from < LEAST_ROWS) continue;
    const ratio = mean(scored(rowsFrom(from, month.to)).scores) / mean(outcomes.subarray(from, month.to));
    const soFar = rowsFrom(end, month.to);
    const { alarm, calibration, at, scores } = driftOf(before, scored(soFar), pick(soFar));
    say(
      `${month.name}, trained once: predicted/actual ${ratio.toFixed(2)}, ${alarm ? 'rings' : 'silent'} (${calibration ?? 'calibrated'}${at === undefined ? '' : ` at row ${at}`}, stability of scores ${scores.index.toFixed(2)})`,
    );
    if (!isRight(ratio) && !alarm) right = false;
  }
  return right;
}

export const bank: Evaluation = {
  names: ['bank_months_ok', 'bank_months_ok_frozen', 'bank_drift_alarm'],
  async run(dir, say): Promise<Figure[]> {
    const calls = await readCalls(dir);
    // Nothing comes before the first month.
    const months = calls.months.filter(({ from, to }) => from > 0 && to - from >= LEAST_ROWS);
    const judged = months.map((month) => {
      const ratios = judgeMonth(calls, month);
      say(`${month.name}: predicted/actual ${ratios.followed.toFixed(2)}; without following ${ratios.frozen.toFixed(2)}`);
      return ratios;
    });
    const share = (of: 'followed' | 'frozen'): number => judged.filter((ratios) => isRight(ratios[of])).length / judged.length;
    return [
      figure('bank_months_ok', share('followed'), atLeast(0.7)),
      figure('bank_months_ok_frozen', share('frozen')),
      figure('bank_drift_alarm', Number(judgeAlarm(calls, say)), atLeast(1)),
    ];
  },
};
