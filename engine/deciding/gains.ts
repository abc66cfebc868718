/** What actions on many records gain: the same as `value.ts`, in columns, for thousands of records at once. */
import { TaktError } from '../errors/index.ts';
import { checkLength, columnProblems, minutesProblem, probabilityProblem, tell } from './check.ts';
import { amountProblem } from './worth.ts';

/** A row is an action on a record. */
export interface ActionColumns {
  /** The row of the record in {@link RecordColumns}. */
  readonly record: Int32Array;
  readonly probability: Float64Array;
  readonly minutes: Float64Array;
}

/** A row is a record; all amounts are in one currency. */
export interface RecordColumns {
  readonly worth: Float64Array;
  /** The probability of success if nothing is done. */
  readonly nothing: Float64Array;
}

/**
 * Of each action (probability − probability of doing nothing) × worth − minutes × cost per minute; below 0 where doing nothing is better.
 * Throws as `rank` does; of many problems, the first ten of a column are told.
 */
export function gains(actions: ActionColumns, records: RecordColumns, costPerMinute: number): Float64Array {
  check(actions, records, costPerMinute);
  const { record, probability, minutes } = actions;
  const gain = new Float64Array(record.length);
  for (let i = 0; i < gain.length; i++) {
    const row = record[i] ?? 0;
    const more = (probability[i] ?? 0) - (records.nothing[row] ?? 0);
    gain[i] = more * (records.worth[row] ?? 0) - (minutes[i] ?? 0) * costPerMinute;
  }
  return gain;
}

function check({ record, probability, minutes }: ActionColumns, { worth, nothing }: RecordColumns, costPerMinute: number): void {
  checkLength('probability', probability, record.length);
  checkLength('minutes', minutes, record.length);
  checkLength('nothing', nothing, worth.length);
  tell([
    ...amountProblem('The cost of a minute', costPerMinute, '/costPerMinute'),
    ...columnProblems(worth, (value, i) => amountProblem(`The worth of record ${i}`, value, `/worth/${i}`)),
    ...columnProblems(nothing, (value, i) => probabilityProblem(`The probability of record ${i} without action`, value, `/nothing/${i}`)),
    ...columnProblems(probability, (value, i) => probabilityProblem(`The probability of action ${i}`, value, `/probability/${i}`)),
    ...columnProblems(minutes, (value, i) => minutesProblem(`Action ${i}`, value, `/minutes/${i}`)),
    ...columnProblems(record, (row, i) => recordProblem(row, i, worth.length)),
  ]);
}

function recordProblem(row: number, i: number, size: number): TaktError[] {
  if (row >= 0 && row < size) return [];
  return [new TaktError('DECISION_INVALID', { message: `Action ${i} is about record ${row} of ${size}.`, pointer: `/record/${i}` })];
}
