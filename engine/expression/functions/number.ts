import { charge, meter } from '../budget.ts';
import { fail } from '../failure.ts';
import { toBoolean } from '../values.ts';
import { define, type Functions } from './define.ts';
import { formatInteger, parseInteger } from './format-integer.ts';
import { formatNumber } from './format-number.ts';
import { roundHalfEven } from './round.ts';

type Maybe = number | undefined;
type Numbers = readonly number[] | undefined;

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/;
const RADIX = /^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/;

function toNumber(value: unknown): Maybe {
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value.length <= 1_000) {
    if (DECIMAL.test(value) && Number.isFinite(Number(value))) return Number.parseFloat(value);
    if (RADIX.test(value)) return Number(value);
  }
  return fail('D3030', { value, index: 1 });
}

function of(work: (value: number) => number): (value: Maybe) => Maybe {
  return (value) => (value === undefined ? undefined : work(value));
}

function power(base: Maybe, exponent: Maybe): Maybe {
  if (base === undefined) return undefined;
  const result = base ** (exponent ?? Number.NaN);
  return Number.isFinite(result) ? result : fail('D3061', { value: base, exp: exponent, index: 1 });
}

function total(numbers: readonly number[]): number {
  charge(numbers.length >> 2);
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

function extreme(choose: (first: number, second: number) => number): (numbers: Numbers) => Maybe {
  return (numbers) => {
    if (numbers === undefined || numbers.length === 0) return undefined;
    charge(numbers.length >> 2);
    return numbers.reduce((first, second) => choose(first, second));
  };
}

export const numberFunctions: Functions = {
  number: define('<(nsb)-:n>', 1, toNumber),
  floor: define('<n-:n>', 1, of(Math.floor)),
  ceil: define('<n-:n>', 1, of(Math.ceil)),
  abs: define('<n-:n>', 1, of(Math.abs)),
  round: define('<n-n?:n>', 2, (value: Maybe, precision: Maybe) => (value === undefined ? undefined : roundHalfEven(value, precision))),
  sqrt: define(
    '<n-:n>',
    1,
    of((value) => (value < 0 ? fail('D3060', { value, index: 1 }) : Math.sqrt(value))),
  ),
  power: define('<n-n:n>', 2, power),
  random: define('<:n>', 0, () => meter.surroundings.random()),
  sum: define('<a<n>:n>', 1, (numbers: Numbers) => (numbers === undefined ? undefined : total(numbers))),
  max: define('<a<n>:n>', 1, extreme(Math.max)),
  min: define('<a<n>:n>', 1, extreme(Math.min)),
  average: define('<a<n>:n>', 1, (numbers: Numbers) =>
    numbers === undefined || numbers.length === 0 ? undefined : total(numbers) / numbers.length,
  ),
  boolean: define('<x-:b>', 1, toBoolean),
  not: define('<x-:b>', 1, (value: unknown) => {
    const truth = toBoolean(value);
    return truth === undefined ? undefined : !truth;
  }),
  formatNumber: define('<n-so?:s>', 3, formatNumber),
  formatInteger: define('<n-s:s>', 2, formatInteger),
  parseInteger: define('<s-s:n>', 2, parseInteger),
};
