import { Native } from '../callable.ts';
import { Signature } from '../signature.ts';

/** A table of library functions by name, without the dollar sign. */
export type Functions = Readonly<Record<string, Native>>;

/**
 * A library function. `signature` is JSONata's notation and is checked before every call, so the implementation
 * gets what it declares, or undefined for what is missing. `arity` is what higher-order functions go by.
 */
export function define(signature: string, arity: number, implementation: (...args: never[]) => unknown): Native {
  // The signature has checked the arguments, which no static type can express.
  const call = implementation as (first?: unknown, second?: unknown, third?: unknown, fourth?: unknown) => unknown;
  return new Native((args) => call(args[0], args[1], args[2], args[3]), arity, new Signature(signature));
}

/** The same for a function of any number of arguments. */
export function defineVariadic(signature: string, implementation: (args: readonly unknown[]) => unknown): Native {
  return new Native(implementation, 0, new Signature(signature));
}
