import type { ValidateFunction } from 'ajv';
import { createAjv } from './ajv.ts';
import { type Problem, problemsOf } from './problems.ts';

/** Whether a value fits a schema; fills the defaults in. */
export interface Check<T> {
  (value: unknown): value is T;
  /** Where the value that was checked last does not fit. */
  problems(): Problem[];
  /** Throws where the schema is none. */
  checkSchema(): void;
}

/**
 * A check against a schema of our own making. It is compiled when the first value comes: a schema takes 3 to 20 ms, and all of them
 * together took 600 ms of each start. Each has an Ajv of its own, since one would not take two schemas of one `$id`, such as a segment's and that
 * of a scenario which has segments.
 * @param allErrors false stops at the first one, which bounds the work on data of any size
 */
export function checker<T>(schema: () => object, { allErrors = true } = {}): Check<T> {
  let compiled: ValidateFunction<T> | undefined;
  const ready = (): ValidateFunction<T> => (compiled ??= createAjv({ allErrors }).compile<T>(schema()));
  const check = (value: unknown): value is T => ready()(value);
  return Object.assign(check, {
    problems: () => problemsOf(compiled?.errors ?? []),
    checkSchema() {
      // Throws; some faults show only as the code is made.
      void createAjv().validateSchema(schema(), true);
      ready();
    },
  });
}
