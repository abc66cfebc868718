/** What forecasts tell, as schemas: what the nodes give, and what the API answers. */
import { Type } from 'typebox';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });

export const ForecastId = Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Id of the forecast.' });
const Month = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}$', description: 'YYYY-MM.' });

const AMOUNT = {
  expected: Type.Number({ description: 'What is to be expected.' }),
  low: Type.Number({ description: 'What comes lies between this …' }),
  high: Type.Number({ description: '… and this, as often as `confidence` says.' }),
};
const Part = Type.Object({ name: Nullable(Type.String(), 'Null: what belongs to none.'), ...AMOUNT });

export const MonthAheadView = Type.Object({
  month: Month,
  total: Type.Object(AMOUNT),
  open: Type.Number({ description: 'What of it comes from deals that are open now.' }),
  coming: Type.Number({ description: 'What of it comes from deals that are still to begin.' }),
  teams: Type.Array(Part),
  channels: Type.Array(Part),
  seasonKnown: Type.Boolean({ description: 'False: no month in this place of the season has been seen, so the interval is wider.' }),
});

export const Note = Type.Object(
  { code: Type.String(), message: Type.String(), hint: Type.Optional(Type.String()) },
  { additionalProperties: true, description: 'What was not counted, and why.' },
);

export const PastMonthView = Type.Object({
  month: Month,
  expected: Nullable(Type.Number(), 'By what was known at its first moment; null where nothing could be told.'),
  low: Nullable(Type.Number(), 'The interval of that.'),
  high: Nullable(Type.Number(), 'The interval of that.'),
  came: Type.Number({ description: 'The profit of what was won in it.' }),
  ratio: Nullable(Type.Number(), 'Forecast / what came.'),
  good: Nullable(Type.Boolean(), 'From 94 to 106 %.'),
  why: Nullable(Note, 'Why there is nothing to compare.'),
});

const QualityView = Nullable(
  Type.Object({ ratio: Type.Number(), good: Type.Boolean() }),
  'Of the months before together, sum by sum; null where none can be compared.',
);

const CURRENCY = Type.String({ description: 'Of all sums; empty where the definition names none.' });

/** A forecast of months as a whole. */
export const MONTHS = {
  at: Type.String({ format: 'date-time', description: 'By what was known at this moment.' }),
  timezone: Type.String({ description: 'In which the months are meant.' }),
  confidence: Type.Number({ description: 'How often what comes is to lie in the intervals.' }),
  currency: CURRENCY,
  months: Type.Array(MonthAheadView, { description: 'The present month first.' }),
  later: Type.Number({ description: 'What the deals open now are to bring after these months.' }),
  came: Type.Number({ description: 'What has come in the present month until now.' }),
  closedDeals: Type.Integer({ description: 'Deals that it has learned from.' }),
  openDeals: Type.Integer({ description: 'Deals that are open.' }),
  past: Type.Array(PastMonthView, { description: 'How forecasts of the months before came true, the latest first.' }),
  quality: QualityView,
  notes: Type.Array(Note),
};

/** What a person has received in a month. */
const Plan = Type.Object({
  person: Type.String({ description: 'Id of the user.' }),
  name: Nullable(Type.String(), 'Null where there is no such user any more.'),
  leads: Type.Integer({ description: 'Leads received.' }),
  received: Type.Number({ description: 'Σ profit × probability of these.' }),
  passed: Type.Number({ description: "Which share of this person's working time of the month has passed, 0 to 1." }),
  plan: Nullable(Type.Number(), 'For the whole month at the same pace; null where none of their working time has passed.'),
});

/** The plans of a month. */
export const PLANS = {
  month: Month,
  currency: CURRENCY,
  people: Type.Array(Plan, { description: 'The greatest plan first; people who have received nothing are not there.' }),
  notes: Type.Array(Note),
};

/** Of a channel in a month, or in all of them. */
const POTENTIAL = {
  channel: Nullable(Type.String(), 'Null: none is known.'),
  leads: Type.Integer(),
  potential: Type.Number({ description: 'Σ profit, had all been won.' }),
  expected: Type.Number({ description: 'Σ profit × probability.' }),
};

/** What channels have brought. */
export const CHANNELS = {
  from: Type.String({ description: 'The first month, YYYY-MM.' }),
  to: Type.String({ description: 'The last month.' }),
  currency: CURRENCY,
  months: Type.Array(Type.Object({ month: Month, ...POTENTIAL }), {
    description: 'By month, then by channel; a channel without leads in a month has no line.',
  }),
  channels: Type.Array(Type.Object(POTENTIAL), { description: 'Of all the months; the greatest potential first.' }),
  total: Type.Object({ leads: POTENTIAL.leads, potential: POTENTIAL.potential, expected: POTENTIAL.expected }),
  notes: Type.Array(Note),
};
