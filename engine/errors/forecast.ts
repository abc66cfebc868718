import type { ErrorEntry } from './types.ts';

/** What a forecast refuses: a wrong number looks like a right one, so none is given. */
export const forecastErrors = {
  FORECAST_INVALID: { status: 422, title: 'The forecast is not defined correctly', hint: 'Correct the places named under "errors".' },
  FORECAST_UNKNOWN: { status: 404, title: 'There is no forecast with that id', hint: 'List the forecasts, or define this one first.' },
  FORECAST_MANY: {
    status: 422,
    title: 'There are too many records to make a forecast of',
    hint: 'A forecast reads up to 50,000 records. Archive those that were closed years ago.',
  },
  FORECAST_DEALS: {
    status: 422,
    title: 'Some deals cannot be counted',
    hint: 'Mend or leave out the deals named; up to twenty are told at a time.',
  },
  FORECAST_PROFIT: {
    status: 422,
    title: 'The profit of a deal is negative or no number',
    hint: 'Give what the deal brings where it is won: budget × margin, zero or more. A deal of unknown profit is left out.',
  },
  FORECAST_PROFIT_UNKNOWN: {
    status: 422,
    title: 'The profit of some deals is not known',
    hint: 'Fill what it is computed from. These deals are left out, so that what comes may be more.',
  },
  FORECAST_PROBABILITY_UNKNOWN: {
    status: 422,
    title: 'The probability of some deals is not known',
    hint: 'Fill it, or train the model that tells it.',
  },
  FORECAST_UNDATED: {
    status: 422,
    title: 'It is not known when some deals began or closed',
    hint: 'Fill the fields named under "opened" and "closed". These deals are left out.',
  },
  FORECAST_FAILED: {
    status: 422,
    title: 'An expression of the forecast fails on some deals',
    hint: 'Correct the expression. These deals are left out.',
  },
  FORECAST_PROBABILITY: {
    status: 422,
    title: 'The probability of a deal is not between 0 and 1',
    hint: 'Give a share such as 0.35, or none: then the share of those won so far is taken.',
  },
  FORECAST_OUTCOME: {
    status: 422,
    title: 'A deal has half an outcome',
    hint: 'A closed deal has both a moment and won or lost, and is not closed before it began; an open one has neither.',
  },
  FORECAST_FUTURE: {
    status: 422,
    title: 'A deal began or closed after the moment of the forecast',
    hint: 'Give only what was known then: leave out later deals, and give those closed later as open.',
  },
  FORECAST_CURRENCIES: {
    status: 422,
    title: 'The deals are in several currencies',
    hint: 'Convert all to one currency before, or make a forecast for each.',
  },
  FORECAST_COLD: {
    status: 422,
    title: 'Too few deals have closed to forecast anything',
    hint: 'Wait until 20 deals have closed. Until then leads can be ranked by points; a sum of money cannot be told.',
  },
  FORECAST_OPTIONS: {
    status: 422,
    title: 'This forecast cannot be asked for',
    hint: 'Ask for 1 to 24 months, an interval of more than 0 and less than 1, such as 0.8, and a time zone such as Europe/Moscow.',
  },
  FORECAST_NOTHING_CAME: {
    status: 422,
    title: 'Nothing came in, so a forecast cannot be measured by it',
    hint: 'Compare months in which something was won.',
  },
} as const satisfies Record<string, ErrorEntry>;
