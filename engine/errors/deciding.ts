import type { ErrorEntry } from './types.ts';

export const decidingErrors = {
  PROBABILITY_INVALID: {
    status: 422,
    title: 'A probability is not a number from 0 to 1',
    hint: 'Give a share of 1: 0.35 for 35 %.',
  },
  WORTH_INVALID: {
    status: 422,
    title: 'What success is worth is not a number of 0 or more',
    hint: 'Mend the budget, the margin or the amount of the record, or leave the record out: a loss is no aim.',
  },
  CURRENCIES_MIXED: {
    status: 422,
    title: 'Amounts of different currencies cannot be compared',
    hint: 'Convert them into one currency before, at a rate that you know ($convert in expressions).',
  },
  MINUTES_INVALID: {
    status: 422,
    title: 'The time of an action or of a day is not a number of minutes',
    hint: 'Give minutes of 0 or more, and at most 1,440 for a day.',
  },
  DECISION_INVALID: {
    status: 422,
    title: 'The decision cannot be made from this input',
    hint: 'Mend the places named under "errors", or the one that is told.',
  },
  ACTION_UNKNOWN: {
    status: 422,
    title: 'There is no such action in the catalogue',
    hint: 'Give the action its title and minutes in the workflow, or add a record of the entity "action" with its name as the key.',
  },
  RECOMMENDATION_ANSWER: {
    status: 422,
    title: 'The answer to the recommendation lacks something',
    hint: 'A decline takes a reason (not_useful, wrong_time, on_holiday, already_done, other), "on_holiday" and a snooze take a moment (until).',
  },
  RECOMMENDATION_ANSWERED: {
    status: 409,
    title: 'The recommendation has been answered, or is over',
    hint: 'Look at the queue again. An answer of the last day is taken back by "undo".',
  },
  OUTCOMES_INVALID: {
    status: 422,
    title: 'The counts of outcomes cannot be',
    hint: 'Give tries and successes of 0 or more, and no more successes than tries.',
  },
  OUTCOMES_NONE: {
    status: 422,
    title: 'No outcome is known yet, so nothing can be learned from outcomes',
    hint: 'Give a rate to begin with (start), or stay with rules and points until outcomes have come in.',
  },
  LOGS_INVALID: {
    status: 422,
    title: 'The log of decisions cannot be judged by',
    hint: 'Keep with every decision the action, its probability at that time (above 0) and the outcome.',
  },
  POLICY_UNSUPPORTED: {
    status: 422,
    title: 'The log says nothing of what the policy would do',
    hint: 'Let the policy do only what was tried, or explore: give the actions named here a share, and judge again later.',
  },
} as const satisfies Record<string, ErrorEntry>;
