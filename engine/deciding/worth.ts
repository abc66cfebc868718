/** What the success of a record is worth. */
import { TaktError } from '../errors/index.ts';

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Profit is budget × margin (a share of 1, of the brand); lifetime value is given as it is. */
export type Worth =
  | { readonly kind: 'profit'; readonly budget: Money; readonly margin: number }
  | { readonly kind: 'lifetime'; readonly amount: Money };

export const currencyOf = (worth: Worth): string => (worth.kind === 'profit' ? worth.budget : worth.amount).currency;

export const amountOf = (worth: Worth): number => (worth.kind === 'profit' ? worth.budget.amount * worth.margin : worth.amount.amount);

/**
 * What is wrong with it: WORTH_INVALID for a budget, margin or amount that is negative or no number, and for a margin above 1, since a margin
 * of 22 is 22 % written without its sign.
 */
export function worthProblems(worth: Worth, pointer: string): TaktError[] {
  if (worth.kind === 'lifetime') return amountProblem('The lifetime value', worth.amount.amount, `${pointer}/amount`);
  const problems = [
    ...amountProblem('The budget', worth.budget.amount, `${pointer}/budget`),
    ...amountProblem('The margin', worth.margin, `${pointer}/margin`),
  ];
  if (!(worth.margin > 1)) return problems;
  return [
    ...problems,
    new TaktError('WORTH_INVALID', {
      message: `The margin ${worth.margin} is more than the whole budget.`,
      pointer: `${pointer}/margin`,
      hint: 'Give the margin as a share of 1: 0.22 for 22 %.',
    }),
  ];
}

export function amountProblem(what: string, amount: number, pointer: string): TaktError[] {
  if (amount >= 0 && Number.isFinite(amount)) return [];
  return [new TaktError('WORTH_INVALID', { message: `${what} is ${amount}, where 0 or more is expected.`, pointer })];
}

/** CURRENCIES_MIXED where the amounts are not of one currency. */
export function currencyProblem(currencies: readonly string[], pointer: string): TaktError[] {
  const different = [...new Set(currencies)];
  if (different.length <= 1) return [];
  return [new TaktError('CURRENCIES_MIXED', { message: `One decision has amounts in ${different.join(', ')}.`, pointer })];
}
