/** Decisions that were made, with the probabilities that they had, and policies over the same rows. */
import { TaktError } from '../errors/index.ts';
import { checkLength, columnProblems, probabilityProblem, tell } from './check.ts';

/** A row is a decision that was made and what came of it. */
export interface Log {
  /** How many actions there are. */
  readonly actions: number;
  /** The action that was taken, from 0. */
  readonly taken: Int32Array;
  readonly reward: Float64Array;
  /** The probability that each action had then: `actions` numbers a row, one row after the other. */
  readonly propensities: Float64Array;
}

/** The probability with which a policy takes each action, laid out like {@link Log.propensities}. */
export type Policy = Float64Array;

/** The policy that takes one action in each row. */
export function fixedPolicy(choices: ArrayLike<number>, actions: number): Policy {
  const policy = new Float64Array(choices.length * actions);
  for (let row = 0; row < choices.length; row++) policy[row * actions + (choices[row] ?? 0)] = 1;
  return policy;
}

const ROUNDING = 1e-6;

/** Throws TaktError LOGS_INVALID, DECISION_INVALID or PROBABILITY_INVALID. */
export function checkLog(log: Log, policy: Policy, predictions: Float64Array | undefined): void {
  const { actions, taken, reward, propensities } = log;
  const rows = taken.length;
  if (rows < 2)
    throw new TaktError('LOGS_INVALID', { message: `The log has ${rows} decisions; at least 2 are needed.`, pointer: '/taken' });
  checkLength('reward', reward, rows);
  for (const [name, column] of Object.entries({ propensities, policy, ...(predictions ? { predictions } : {}) })) {
    checkLength(name, column, rows * actions);
  }
  const finite = (what: string) => (value: number, i: number) =>
    Number.isFinite(value) ? [] : [new TaktError('LOGS_INVALID', { message: `The ${what} ${i} is ${value}.`, pointer: `/${what}/${i}` })];
  tell([
    ...columnProblems(reward, finite('reward')),
    ...columnProblems(predictions ?? [], finite('predictions')),
    ...columnProblems(propensities, (value, i) => probabilityProblem(`The propensity ${i}`, value, `/propensities/${i}`)),
    ...columnProblems(policy, (value, i) => probabilityProblem(`The probability ${i} of the policy`, value, `/policy/${i}`)),
    ...columnProblems(taken, (action, row) => takenProblem(log, action, row)),
  ]);
  tell([...sumProblems('propensities', propensities, rows, actions), ...sumProblems('policy', policy, rows, actions)]);
}

function takenProblem({ actions, propensities }: Log, action: number, row: number): TaktError[] {
  const pointer = `/taken/${row}`;
  if (action < 0 || action >= actions) {
    return [new TaktError('LOGS_INVALID', { message: `Decision ${row} took action ${action} of ${actions}.`, pointer })];
  }
  if ((propensities[row * actions + action] ?? 0) > 0) return [];
  return [new TaktError('LOGS_INVALID', { message: `Decision ${row} took action ${action}, whose propensity is 0.`, pointer })];
}

function sumProblems(name: string, values: Float64Array, rows: number, actions: number): TaktError[] {
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let k = row * actions; k < (row + 1) * actions; k++) sum += values[k] ?? 0;
    if (Math.abs(sum - 1) <= ROUNDING) continue;
    const message = `The probabilities of decision ${row} (${name}) add up to ${sum}, not to 1.`;
    return [new TaktError('LOGS_INVALID', { message, pointer: `/${name}/${row * actions}` })];
  }
  return [];
}
