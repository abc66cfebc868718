/** When people work: hours by weekday, holidays and the zone in which both are meant. */
import { type Static, Type } from 'typebox';

const TIME = '^(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$';

const Time = Type.String({ pattern: TIME, description: 'A time of day as HH:MM; 24:00 is the end of a day.' });
const Spans = Type.Optional(
  Type.Array(Type.Tuple([Time, Time], { description: 'Hours from one time of day until another, such as ["09:00", "18:00"].' }), {
    maxItems: 10,
    description: 'A list of hours, such as [["09:00", "13:00"], ["14:00", "18:00"]].',
  }),
);

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
        maxItems: 10_000,
        description: 'Days on which nobody works: at most 10,000.',
      }),
    ),
  },
  { additionalProperties: false, description: 'An object with timezone, days and holidays.' },
);

export type Calendar = Static<typeof CalendarSchema>;
