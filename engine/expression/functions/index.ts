import type { Native } from '../callable.ts';
import { arrayFunctions } from './array.ts';
import { contactFunctions } from './contact.ts';
import { dateFunctions } from './date.ts';
import { higherOrderFunctions } from './higher-order.ts';
import { likenessFunctions } from './likeness.ts';
import { matchFunctions } from './match.ts';
import { momentFunctions } from './moments.ts';
import { moneyFunctions } from './money.ts';
import { nameFunctions } from './names.ts';
import { numberFunctions } from './number.ts';
import { objectFunctions } from './object.ts';
import { stringFunctions } from './string.ts';
import { workingTimeFunctions } from './working-time.ts';

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
    ...momentFunctions,
    ...workingTimeFunctions,
    ...moneyFunctions,
    ...contactFunctions,
    ...nameFunctions,
    ...likenessFunctions,
  }),
);
