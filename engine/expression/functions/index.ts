import type { Native } from '../callable.ts';
import { arrayFunctions } from './array.ts';
import { crmFunctions } from './crm.ts';
import { dateFunctions } from './date.ts';
import { higherOrderFunctions } from './higher-order.ts';
import { matchFunctions } from './match.ts';
import { numberFunctions } from './number.ts';
import { objectFunctions } from './object.ts';
import { stringFunctions } from './string.ts';

/** Every function that an expression can call without defining it. */
export const library: ReadonlyMap<string, Native> = new Map(
  Object.entries({
    ...stringFunctions,
    ...matchFunctions,
    ...numberFunctions,
    ...arrayFunctions,
    ...objectFunctions,
    ...higherOrderFunctions,
    ...dateFunctions,
    ...crmFunctions,
  }),
);
