/** What is asked of every input: problems are gathered, so that all of them are told at once. */
import { TaktError } from '../errors/index.ts';

const MOST_MINUTES = 1440;

/** @param what such as "The probability of call" */
export function probabilityProblem(what: string, value: number, pointer: string): TaktError[] {
  if (value >= 0 && value <= 1) return [];
  return [new TaktError('PROBABILITY_INVALID', { message: `${what} is ${value}, which is no probability.`, pointer })];
}

export function minutesProblem(what: string, value: number, pointer: string): TaktError[] {
  if (value >= 0 && value <= MOST_MINUTES) return [];
  return [new TaktError('MINUTES_INVALID', { message: `${what}: ${value} minutes are not from 0 to ${MOST_MINUTES}.`, pointer })];
}

/** Throws the one problem, or all of them as errors of DECISION_INVALID. */
export function tell(problems: readonly TaktError[]): void {
  const [first, ...others] = problems;
  if (!first) return;
  if (others.length === 0) throw first;
  throw new TaktError('DECISION_INVALID', { message: `${first.message} ${others.length} more problems.`, errors: problems });
}

/** How many problems of long columns are told; the rest is alike. */
const MOST_TOLD = 10;

/** The problems of a column; of many, the first ones. */
export function columnProblems(values: ArrayLike<number>, problem: (value: number, row: number) => TaktError[]): TaktError[] {
  const found: TaktError[] = [];
  for (let row = 0; row < values.length && found.length < MOST_TOLD; row++) found.push(...problem(values[row] ?? Number.NaN, row));
  return found;
}

/** Throws DECISION_INVALID where a column is not as long as the others. */
export function checkLength(name: string, column: ArrayLike<number>, size: number): void {
  if (column.length === size) return;
  throw new TaktError('DECISION_INVALID', {
    message: `The column ${name} has ${column.length} values; ${size} are expected.`,
    pointer: `/${name}`,
    hint: 'Give every column a value for each row.',
  });
}
