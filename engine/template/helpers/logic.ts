import { isEmpty } from '../empty.ts';
import { type Helper, type HelperCall, type Helpers, isBlank, refuse, show } from './helper.ts';

const MOST_CONDITIONS = 20;

/** `{{gt a b}}` and the like: numbers with numbers, texts (and so dates) with texts. What is missing is neither more nor less. */
function comparison(name: string, holds: (order: number) => boolean): Helper {
  return {
    least: 2,
    most: 2,
    lenient: true,
    call: ({ args, line }) => {
      const [first, second] = args;
      if (isBlank(first) || isBlank(second)) return false;
      if (typeof first === 'number' && typeof second === 'number') return holds(first - second);
      if (typeof first === 'string' && typeof second === 'string') return holds(first < second ? -1 : Number(first > second));
      return refuse(`The helper ${name} cannot compare ${show(first)} and ${show(second)}`, line, 'Give two numbers or two texts.');
    },
  };
}

const conditions = (call: (call: HelperCall) => boolean, least: number, most: number): Helper => ({ least, most, lenient: true, call });

export const logicHelpers: Helpers = {
  default: { least: 2, most: 2, lenient: true, call: ({ args }) => (isBlank(args[0]) ? args[1] : args[0]) },
  eq: conditions(({ args }) => args[0] === args[1], 2, 2),
  ne: conditions(({ args }) => args[0] !== args[1], 2, 2),
  gt: comparison('gt', (order) => order > 0),
  gte: comparison('gte', (order) => order >= 0),
  lt: comparison('lt', (order) => order < 0),
  lte: comparison('lte', (order) => order <= 0),
  and: conditions(({ args }) => args.every((value) => !isEmpty(value)), 2, MOST_CONDITIONS),
  or: conditions(({ args }) => args.some((value) => !isEmpty(value)), 2, MOST_CONDITIONS),
  not: conditions(({ args }) => isEmpty(args[0]), 1, 1),
};
