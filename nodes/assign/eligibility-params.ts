/** Who of a pool can take a record. */
import { type Static, Type } from 'typebox';
import { Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { CalendarParam, ZoneParam } from '../support/calendar.ts';
import { Fields } from '../support/params.ts';
import { Load } from './loads.ts';

const closed = { additionalProperties: false };
const PRESENCES = ['online', 'busy', 'on_call', 'away', 'offline'] as const;

const cap = (per: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: `At most so many a ${per}, on the clock of the workflow.` }));

const Capacity = Type.Object(
  {
    load: Load,
    max: Type.Optional(
      Value(Type.Number({ exclusiveMinimum: 0 }), {
        description: "From so much on nothing more is given; for `open` the user's own `capacity` where they have one.",
      }),
    ),
    back: Type.Optional(
      Value(Type.Number({ minimum: 0 }), {
        description: 'Who was full gets something again only below this: 45 of 50. Without it below `max`.',
      }),
    ),
    when: Type.Optional(
      Value(Type.Union([Type.Boolean(), Type.Null()]), { description: 'Does this limit count? `= record.target`; yes without it.' }),
    ),
  },
  { ...closed, description: 'How much a person may have.' },
);
export type Capacity = Static<typeof Capacity>;

export const Eligibility = Type.Object(
  {
    except: Type.Optional(
      Value(Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Null()]), { maxItems: 100 }), {
        description: 'Ids of users who shall not get it, such as `["= record.owner"]` for a reassignment.',
      }),
    ),
    skills: Type.Optional(
      Value(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 }), {
        description:
          'Skills that a person must have, all of them. `welding:3` asks for the third level at least; a person has it by the skill `welding:3` or higher.',
      }),
    ),
    match: Type.Optional(
      Value(Fields, {
        description:
          'Field of the user and value, such as `regions` or `languages`; all must be equal, or contained in a list. Null asks for nothing.',
      }),
    ),
    presence: Type.Optional(
      Type.Object(
        {
          of: Type.Array(Type.Enum([...PRESENCES]), { minItems: 1, uniqueItems: true, description: 'In which of these states.' }),
          fresh: Type.Optional(Value(DurationText, { description: 'Not heard of for longer counts as absent, `PT5M`.' })),
          idle: Type.Optional(Value(DurationText, { description: 'Idle (`idle_since`) for longer counts as absent, `PT15M`.' })),
        },
        { ...closed, description: 'Only who is there: `{ "of": ["online"], "fresh": "PT5M" }`.' },
      ),
    ),
    working: Type.Optional(
      Type.Boolean({ default: false, description: 'Only who works now, by the calendar of the person, the team or the company.' }),
    ),
    before_break: Type.Optional(
      Value(DurationText, { description: 'With `working`: nobody whose next break or end of day comes within so long, `PT10M`.' }),
    ),
    daytime: Type.Optional(
      Type.Object(
        {
          zone: ZoneParam,
          calendar: Type.Optional(CalendarParam),
          within: Type.Optional(Value(DurationText, { description: 'Looks so far ahead; a day without it.' })),
        },
        {
          ...closed,
          description:
            'Only who works at some time while it is day for the client: `{ "zone": "= record.time_zone" }`. The client\'s day is 09:00 to 18:00, Monday to Friday, or what `calendar` says. A zone that is not known asks for nothing.',
        },
      ),
    ),
    caps: Type.Optional(
      Type.Object(
        { hour: cap('hour'), day: cap('day'), week: cap('week') },
        { ...closed, description: 'How many a person is given in a time.' },
      ),
    ),
    capacity: Type.Optional(
      Type.Union([Capacity, Type.Array(Capacity, { minItems: 1, maxItems: 10 })], {
        description:
          'How much a person may have: `{ "load": "open", "max": 50, "back": 45 }`. Of several each counts: `[…, { "load": { "entity": "lead", "where": { "target": true } }, "max": 50, "when": "= record.target" }]`.',
      }),
    ),
  },
  { ...closed, description: 'Who of the pool can take it. Who is inactive, deleted or away never can.' },
);
export type Eligibility = Static<typeof Eligibility>;
