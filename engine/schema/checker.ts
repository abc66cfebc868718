import type { Ajv, ValidateFunction } from 'ajv';
import { createAjv } from './ajv.ts';
import { type Problem, problemsOf } from './problems.ts';

/** Whether a value fits a schema; fills the defaults in. */
export interface Check<T> {
  (value: unknown): value is T;
  /** Where the value that was checked last does not fit. */
  problems(): Problem[];
  /** Makes it ready now instead of with the first value. Throws where the schema itself is wrong. */
  compile(): void;
}

/** One for all schemas: each of its own would compile the schema of schemas again, 40 ms. */
const shared = new Map<boolean, Ajv>();

function sharedAjv(allErrors: boolean): Ajv {
  const known = shared.get(allErrors);
  if (known) return known;
  const ajv = createAjv({ allErrors });
  shared.set(allErrors, ajv);
  return ajv;
}

/**
 * A check against a schema of our own making. It is compiled when the first value comes: a schema takes 5 to 60 ms, and all of them
 * together took 600 ms of each start.
 * @param allErrors false stops at the first one, which bounds the work on data of any size
 */
export function checker<T>(schema: () => object, { allErrors = true } = {}): Check<T> {
  let compiled: ValidateFunction<T> | undefined;
  const ready = (): ValidateFunction<T> => (compiled ??= sharedAjv(allErrors).compile<T>(schema()));
  const check = (value: unknown): value is T => ready()(value);
  return Object.assign(check, { problems: () => problemsOf(compiled?.errors ?? []), compile: () => void ready() });
}
