import type { RunRow } from '../../engine/unit/rows.ts';
import type { Books } from './books.ts';

export interface Rule {
  rule: string;
  /** What breaks it, a line each. */
  ask(books: Books): string[];
}

/** A run in words. */
export const told = ({ id, workflowId, status, error }: RunRow): string =>
  `${workflowId} ${id} is ${status}${error ? `: ${error.code} ${error.message}` : ''}`;

/** How often each of the values occurs. */
export const tally = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(values, (value) => value)].map(([value, list]) => [value, list.length]));

/** A line where two figures differ. */
export const differs = (what: string, there: number, should: number): string[] =>
  there === should ? [] : [`${what}: ${there} instead of ${should}`];
