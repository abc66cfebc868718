import { Type } from 'typebox';
import { WEEKDAYS } from '../../../schemas/calendar.ts';
import { lookAtCalendar } from '../../calendars/look.ts';
import { Nullable, Uuid } from '../schemas.ts';
import type { Routes } from '../services.ts';

const Named = Type.Object({ id: Uuid, key: Nullable(Type.String()), name: Type.String() });
const Weekday = Type.Enum([...WEEKDAYS]);
const Hours = Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 2, description: 'From, until: ["09:00", "13:00"].' }));
const Month = Type.String({ pattern: '^(19|[2-9]\\d)\\d{2}-(0[1-9]|1[0-2])$', description: 'YYYY-MM; the present one without it.' });

const CalendarView = Type.Object({
  by: Type.Enum(['calendar', 'person', 'team', 'company', 'office'], { description: 'By which rule these hours count.' }),
  user: Nullable(Named),
  team: Nullable(Named),
  calendars: Type.Array(Named, { description: 'The calendar and those that it is based on, the nearest first; none in office hours.' }),
  zone: Type.String(),
  zoneFrom: Type.Enum(['asked', 'person', 'calendar', 'workflow'], {
    description: '`workflow`: nobody names one, so that it is the zone of the workflow that asks; here UTC.',
  }),
  week: Type.Object(Object.fromEntries(WEEKDAYS.map((day) => [day, Hours])), { description: 'The hours of a usual week.' }),
  month: Type.String(),
  days: Type.Array(
    Type.Object({
      date: Type.String({ format: 'date' }),
      weekday: Weekday,
      hours: Hours,
      minutes: Type.Number({ description: 'Worked on that day; in the night in which clocks are moved other than the hours say.' }),
      kind: Type.Enum(['usual', 'holiday', 'free', 'own_hours', 'moved', 'shortened']),
      like: Nullable(Weekday),
      shorter: Nullable(Type.Integer({ description: 'Minutes.' })),
      from: Nullable(Type.String({ description: 'The calendar that says so; null where the day is as its weekday.' })),
    }),
  ),
  workingDays: Type.Integer(),
  workingMinutes: Type.Number(),
});

export const calendarRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    app.get(
      '/calendars/:calendar',
      {
        config: { scope: 'records:read' },
        schema: {
          tags: ['records'],
          summary: 'What a calendar says: where its hours come from, its week, and the days of a month',
          params: Type.Object({
            calendar: Type.String({
              minLength: 1,
              maxLength: 200,
              description: 'Key or id of a calendar, `company`, `office`, or id or key of a user.',
            }),
          }),
          querystring: Type.Object({
            month: Type.Optional(Month),
            zone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'IANA name: reads its hours on another clock.' })),
          }),
          response: { 200: CalendarView },
        },
      },
      ({ params, query }) => lookAtCalendar(engine, params.calendar, query),
    );
  };
