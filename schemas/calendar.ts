/** When people work: hours by weekday, holidays, days that are worked otherwise, and the zone in which all of it is meant. */
import { type Static, Type } from 'typebox';

const TIME = '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$';

const Time = Type.String({ pattern: TIME, description: 'A time of day as HH:MM; 24:00 is the end of a day.' });
const Hours = Type.Array(
  Type.Tuple([Time, Time], { description: 'Hours from one time of day until another, such as ["09:00", "18:00"].' }),
  {
    maxItems: 10,
    description: 'A list of hours, such as [["09:00", "13:00"], ["14:00", "18:00"]].',
  },
);
const Spans = Type.Optional(Hours);

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A list, told apart by its members; a plain union would tell the problems of all its forms. */
const SpecialDay = Type.Unsafe<Static<typeof Hours> | { like: (typeof WEEKDAYS)[number] } | { shorter: number }>({
  type: ['array', 'object'],
  description: 'Hours, `{ "like": "thu" }`, or `{ "shorter": 60 }`.',
  if: { type: 'array' },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so.
  then: Hours,
  else: {
    type: 'object',
    properties: {
      like: { enum: [...WEEKDAYS], description: 'The weekday whose hours it has.' },
      shorter: { type: 'integer', minimum: 1, maximum: 1_440, description: 'So many minutes less at the end of its hours.' },
    },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  },
});

/** More than a century of holidays. */
const MOST_DAYS = 10_000;

export const CalendarSchema = Type.Object(
  {
    timezone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name, such as Europe/Moscow.' })),
    days: Type.Optional(
      Type.Object(
        { mon: Spans, tue: Spans, wed: Spans, thu: Spans, fri: Spans, sat: Spans, sun: Spans },
        { additionalProperties: false, description: 'Hours by weekday; Monday to Friday, 09:00 to 18:00 without it.' },
      ),
    ),
    holidays: Type.Optional(
      Type.Array(Type.String({ format: 'date', description: 'A day as YYYY-MM-DD.' }), {
        maxItems: MOST_DAYS,
        description: 'Days on which nobody works: at most 10,000.',
      }),
    ),
    special_days: Type.Optional(
      Type.Record(Type.String(), SpecialDay, {
        propertyNames: { format: 'date', description: 'A day as YYYY-MM-DD.' },
        maxProperties: MOST_DAYS,
        description:
          'Days with other hours than their weekday, by date: `[]` is a free day, `[["09:00", "13:00"]]` a part day, `{ "like": "thu" }` a day that was moved, `{ "shorter": 60 }` the eve of a holiday. They count before `holidays`.',
      }),
    ),
  },
  { additionalProperties: false, description: 'An object with timezone, days, holidays and special_days.' },
);

export type Calendar = Static<typeof CalendarSchema>;
