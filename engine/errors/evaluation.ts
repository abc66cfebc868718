import type { ErrorEntry } from './types.ts';

export const evaluationErrors = {
  EVAL_MAP_INVALID: {
    status: 422,
    title: 'The map of the evaluation has errors',
    hint: 'Mend the places named under "errors"; they are all of them. docs/evaluation.md describes the map.',
  },
  EVAL_OUTCOME: {
    status: 422,
    title: 'The outcomes are all alike',
    hint: 'Look at "outcome" of the map: its column has to hold rows that succeeded and rows that did not.',
  },
  EVAL_VALUE: {
    status: 422,
    title: 'A column does not hold what the map says',
    hint: 'Correct the kind of the column in the map, or name what means nothing under "empty".',
  },
  EVAL_FEW: {
    status: 422,
    title: 'There are too few rows to judge by',
    hint: 'Give more rows with an outcome, or fewer folds.',
  },
  EVAL_ROW: {
    status: 404,
    title: 'There is no such row to explain',
    hint: 'Give the line at which the row begins; the names of the columns are line 1.',
  },
  EVAL_MODEL_INVALID: {
    status: 422,
    title: 'The file holds no model',
    hint: 'Make it by: takt nba train --file leads.csv --map map.json --out leads.model.json',
  },
  EVAL_DATA_MISSING: {
    status: 400,
    title: 'A file of the data to evaluate on is not there',
    hint: 'Name the folder that has it: npm run -s eval -- --data DIR, or TAKT_DATA_DIR=DIR.',
  },
} as const satisfies Record<string, ErrorEntry>;
