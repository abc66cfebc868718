/** What actions on one record are worth, beside doing nothing. */
import { TaktError } from '../errors/index.ts';
import { minutesProblem, probabilityProblem, tell } from './check.ts';
import { amountOf, amountProblem, currencyOf, currencyProblem, type Money, type Worth, worthProblems } from './worth.ts';

/** An action that may be done: its conditions have been asked before. */
export interface Candidate {
  readonly action: string;
  /** That the record succeeds if this is done now. */
  readonly probability: number;
  readonly minutes: number;
  /** Where success by this action is worth something else: an upgrade, say. */
  readonly worth?: Worth;
  /** The same probability if it is done so much later. */
  readonly later?: { readonly probability: number; readonly hours: number };
}

export interface Decision {
  readonly worth: Worth;
  /** What a minute of the person costs; an amount of 0 where time is not counted. */
  readonly costPerMinute: Money;
  /** That the record succeeds if nothing is done. */
  readonly nothing: number;
  readonly candidates: readonly Candidate[];
}

/** What is lost by waiting, in money; below 0 where waiting gains. */
export interface Waiting {
  readonly hours: number;
  readonly loss: number;
  /** The loss of one hour, on average over these. */
  readonly perHour: number;
}

/** A candidate with what speaks for it. Amounts are in the currency of the ranking. */
export interface Ranked {
  /** Null: doing nothing. */
  readonly action: string | null;
  readonly probability: number;
  /** What success is worth. */
  readonly worth: number;
  readonly minutes: number;
  /** Of the time. */
  readonly cost: number;
  /** probability × worth − cost. */
  readonly value: number;
  /** Value less that of doing nothing. */
  readonly gain: number;
  /** How many times the value of doing nothing; null where that is 0. */
  readonly times: number | null;
  /** Null where it takes no time. */
  readonly gainPerMinute: number | null;
  readonly waiting: Waiting | null;
}

export interface Ranking {
  readonly currency: string;
  /** Doing nothing among them; the greatest value first. Of equal ones doing nothing, then what is shorter, then the order given. */
  readonly ranked: readonly Ranked[];
}

/**
 * Ranks the actions on a record by value = P(success | record, action, now) × worth − minutes × cost per minute. Doing nothing is one of them.
 * Throws TaktError PROBABILITY_INVALID, WORTH_INVALID, CURRENCIES_MIXED, MINUTES_INVALID or DECISION_INVALID, the last with all problems where
 * there are several.
 */
export function rank(decision: Decision): Ranking {
  tell(problemsOf(decision));
  const { worth, costPerMinute, candidates } = decision;
  const nothing = decision.nothing * amountOf(worth);
  const ranked = [
    rankedOf({ action: null, probability: decision.nothing, minutes: 0 }, amountOf(worth), 0, nothing),
    ...candidates.map((one) => rankedOf(one, amountOf(one.worth ?? worth), one.minutes * costPerMinute.amount, nothing)),
  ];
  return { currency: costPerMinute.currency, ranked: ranked.sort((a, b) => b.value - a.value || a.minutes - b.minutes) };
}

/** What waiting loses: an offer that closes by 68 % now and by 34 % in three days loses half of what it is worth now. */
export function waitingOf(probability: number, later: { readonly probability: number; readonly hours: number }, worth: number): Waiting {
  const loss = (probability - later.probability) * worth;
  return { hours: later.hours, loss, perHour: loss / later.hours };
}

function rankedOf(one: Omit<Candidate, 'action'> & { action: string | null }, worth: number, cost: number, nothing: number): Ranked {
  const { action, probability, minutes, later } = one;
  const value = probability * worth - cost;
  const gain = value - nothing;
  return {
    action,
    probability,
    worth,
    minutes,
    cost,
    value,
    gain,
    times: nothing === 0 ? null : value / nothing,
    gainPerMinute: minutes === 0 ? null : gain / minutes,
    waiting: later ? waitingOf(probability, later, worth) : null,
  };
}

function problemsOf({ worth, costPerMinute, nothing, candidates }: Decision): TaktError[] {
  const worths = candidates.flatMap((one) => one.worth ?? []);
  return [
    ...worthProblems(worth, '/worth'),
    ...amountProblem('The cost of a minute', costPerMinute.amount, '/costPerMinute'),
    ...currencyProblem([costPerMinute.currency, currencyOf(worth), ...worths.map(currencyOf)], '/worth'),
    ...probabilityProblem('The probability without doing anything', nothing, '/nothing'),
    ...candidates.flatMap((one, i) => candidateProblems(one, `/candidates/${i}`)),
    ...repeated(candidates),
  ];
}

function candidateProblems({ action, probability, minutes, worth, later }: Candidate, pointer: string): TaktError[] {
  const problems = [
    ...probabilityProblem(`The probability of ${action}`, probability, `${pointer}/probability`),
    ...minutesProblem(action, minutes, `${pointer}/minutes`),
    ...(worth ? worthProblems(worth, `${pointer}/worth`) : []),
  ];
  if (!later) return problems;
  problems.push(...probabilityProblem(`The later probability of ${action}`, later.probability, `${pointer}/later/probability`));
  if (later.hours > 0 && Number.isFinite(later.hours)) return problems;
  const message = `The later moment of ${action} is ${later.hours} hours away; more than 0 are expected.`;
  return [...problems, new TaktError('DECISION_INVALID', { message, pointer: `${pointer}/later/hours` })];
}

function repeated(candidates: readonly Candidate[]): TaktError[] {
  return candidates.flatMap(({ action }, i) => {
    if (candidates.findIndex((one) => one.action === action) === i) return [];
    const message = `The action ${action} is there twice.`;
    return [new TaktError('DECISION_INVALID', { message, pointer: `/candidates/${i}/action`, hint: 'Give each action once.' })];
  });
}
