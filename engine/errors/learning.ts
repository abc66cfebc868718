import type { ErrorEntry } from './types.ts';

export const learningErrors = {
  TOO_LITTLE_TO_LEARN: {
    status: 422,
    title: 'There is too little to learn from',
    hint: 'Score by points until more have been won and lost.',
  },
  MODEL_INVALID: { status: 422, title: 'The model is not defined correctly', hint: 'Correct the places named under "errors".' },
  MODEL_UNKNOWN: { status: 404, title: 'There is no model with that id', hint: 'List the models, or define this one first.' },
  MODEL_VERSION_UNKNOWN: { status: 404, title: 'The model has no such version', hint: 'List its versions.' },
  MODEL_COLD: {
    status: 409,
    title: 'No version of the model is live',
    hint: 'Train it. Until a version is live, workflows go on by points.',
  },
  MODEL_ENTITY: { status: 422, title: 'The model is of records of another entity', hint: 'Name a model of this entity.' },
  MODEL_FIELDS_GONE: {
    status: 409,
    title: 'The model looks at fields that the entity no longer has',
    hint: 'Bring the fields back, or define the model without them and train it anew.',
  },
  MODEL_NOTHING_LEFT: {
    status: 409,
    title: 'No field is left to learn from',
    hint: 'Name fields that are filled before the outcome is known, or look at the records later ("seenAfter").',
  },
  MODEL_OUTCOME_FUTURE: {
    status: 422,
    title: 'Records have an outcome in the future',
    hint: 'Correct the moments of these records. Nothing was learned from them.',
  },
  MODEL_OUTCOME_BOTH: {
    status: 422,
    title: 'Records have ended well and badly at once',
    hint: 'Make the conditions of success and failure exclude each other. Nothing was learned from these records.',
  },
  MODEL_OUTCOME_FAILED: {
    status: 422,
    title: 'The conditions of the outcome failed on records',
    hint: 'Correct the condition. Nothing was learned from these records.',
  },
  MODEL_CLOSED_AT_CREATION: {
    status: 422,
    title: 'Records had their outcome when they came in',
    hint: 'What was known before is not in their history. With "closedAtCreation": "take" they count as they came in.',
  },
  MODEL_OUTCOME_EARLY: {
    status: 422,
    title: 'Records had their outcome before they were looked at',
    hint: 'Look at them earlier ("seenAfter"). Nothing was learned from them.',
  },
  MODEL_OUTCOME_UNDATED: {
    status: 422,
    title: 'Records do not say when their outcome was known',
    hint: 'Fill the field named under "known". Nothing was learned from these records.',
  },
  MODEL_CURRENCIES: {
    status: 422,
    title: 'A field holds amounts of several currencies',
    hint: 'Keep its amounts in one currency, or learn from a formula that converts them.',
  },
  MODEL_BROKEN: {
    status: 409,
    title: 'The model gives no probability for this record',
    hint: 'Go one version back, and train the model anew.',
  },
  PROFIT_UNKNOWN: {
    status: 422,
    title: 'What a success would bring is not known',
    hint: 'Fill the fields that the profit is made of. The record has no expected profit, and no priority by it.',
  },
  PROFIT_NEGATIVE: {
    status: 422,
    title: 'A success would bring a loss',
    hint: 'Check the margin: the expected profit is negative, the priority the last.',
  },
  MODEL_TRAINING: { status: 409, title: 'The model is being trained already', hint: 'Wait for the job, or cancel it.' },
  MODEL_NOT_BETTER: {
    status: 409,
    title: 'The version is not better than the one that is live',
    hint: 'Train the model anew when there are more outcomes.',
  },
  MODEL_NO_WAY_BACK: { status: 409, title: 'No version is live that could be taken back', hint: 'List the versions of the model.' },
} as const satisfies Record<string, ErrorEntry>;
