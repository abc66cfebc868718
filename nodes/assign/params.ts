/** The parameters of assign.owner: pool → eligibility → strategies → fallback. */
import { type Static, Type } from 'typebox';
import { Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { entityName, Fields, RecordId } from '../support/params.ts';
import { Pool } from './pool.ts';

const closed = { additionalProperties: false };
const MaybeUser = Type.Union([RecordId, Type.Null()]);
const PRESENCES = ['online', 'busy', 'on_call', 'away', 'offline'] as const;

const Load = Type.Union(
  [
    Type.Enum(['open', 'given_hour', 'given_day', 'given_week', 'given_pace'], {
      description:
        '`open`: records of the same entity whose stage is open. `given_day` and the like: what assignments have given them this hour, day or week. `given_pace`: what they were given today for each hour of their own work that has begun today.',
    }),
    Type.Object(
      {
        entity: entityName('The entity that is counted, in its open stages.'),
        sum: Type.Optional(
          Type.String({ minLength: 1, maxLength: 100, description: 'A number or money field to be added up; each counts 1 without it.' }),
        ),
      },
      closed,
    ),
  ],
  { description: 'What counts as work: `open`, `given_day`, `{ "entity": "deal", "sum": "amount" }`.' },
);
export type Load = Static<typeof Load>;

const cap = (per: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: `At most so many a ${per}, on the clock of the workflow.` }));

export const Eligibility = Type.Object(
  {
    working: Type.Optional(
      Type.Boolean({ default: false, description: 'Only who works now, by the calendar of the person, the team or the company.' }),
    ),
    before_break: Type.Optional(
      Value(DurationText, { description: 'With `working`: nobody whose next break or end of day comes within so long, `PT10M`.' }),
    ),
    presence: Type.Optional(
      Type.Object(
        {
          of: Type.Array(Type.Enum([...PRESENCES]), { minItems: 1, uniqueItems: true, description: 'In which of these states.' }),
          fresh: Type.Optional(Value(DurationText, { description: 'Not heard of for longer counts as absent, `PT5M`.' })),
        },
        { ...closed, description: 'Only who is there: `{ "of": ["online"], "fresh": "PT5M" }`.' },
      ),
    ),
    skills: Type.Optional(
      Value(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 }), { description: 'Skills that a person must have, all of them.' }),
    ),
    match: Type.Optional(
      Value(Fields, {
        description:
          'Field of the user and value, such as `regions` or `languages`; all must be equal, or contained in a list. Null asks for nothing.',
      }),
    ),
    capacity: Type.Optional(
      Type.Object(
        {
          load: Load,
          max: Type.Optional(
            Value(Type.Number({ exclusiveMinimum: 0 }), {
              description: "From so much on nothing more is given; the user's own `capacity` where they have one.",
            }),
          ),
          back: Type.Optional(
            Value(Type.Number({ minimum: 0 }), {
              description: 'Who was full gets something again only below this: 45 of 50. Without it below `max`.',
            }),
          ),
        },
        { ...closed, description: 'How much a person may have.' },
      ),
    ),
    caps: Type.Optional(
      Type.Object(
        { hour: cap('hour'), day: cap('day'), week: cap('week') },
        { ...closed, description: 'How many a person is given in a time.' },
      ),
    ),
  },
  { ...closed, description: 'Who of the pool can take it. Who is inactive, deleted or away never can.' },
);
export type Eligibility = Static<typeof Eligibility>;

const Strategy = Type.Union(
  [
    Type.Enum(['fixed', 'known', 'round_robin', 'random'], {
      description:
        '`fixed`: the `user`. `known`: who knows the client. `round_robin`: by turns, in proportion to the `weight` of the users. `random`: anybody of those who are left.',
    }),
    Type.Object({ least: Load }, { ...closed, description: 'Who has least; of several the next strategy chooses.' }),
    Type.Object(
      {
        best: Value(Type.Record(Type.String(), Type.Number()), { description: 'Id of a user → number, such as `= nodes.score.by_user`.' }),
      },
      { ...closed, description: 'Who has the greatest number; of several the next strategy chooses.' },
    ),
  ],
  { description: 'A strategy.' },
);
export type Strategy = Static<typeof Strategy>;

export const Params = Type.Object(
  {
    strategy: Type.Array(Strategy, {
      minItems: 1,
      maxItems: 6,
      description: 'How to choose, each in turn until one person is left. Where several are, they take turns.',
    }),
    pool: Type.Optional(Pool),
    user: Type.Optional(Value(MaybeUser, { description: 'For `fixed`: id or key of the user.' })),
    known: Type.Optional(Value(MaybeUser, { description: 'For `known`: id or key of the user, `= record.company_owner`.' })),
    eligibility: Type.Optional(Eligibility),
    fallback: Type.Optional(
      Type.Object(
        {
          duty: Type.Optional(Value(MaybeUser, { description: 'Who gets it when nobody else can take it, whatever the hours.' })),
          queue: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'Name of the queue where it belongs otherwise; stands in the output, by port `nobody`.',
            }),
          ),
        },
        { ...closed, minProperties: 1, description: 'What happens when nobody can take it.' },
      ),
    ),
    deputies: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'For `fixed`, `known` and `duty`: who is away is stood in for by the deputy, and theirs, and so on.',
      }),
    ),
    overwrite: Type.Optional(Type.Boolean({ default: false, description: 'Gives the record to somebody new even if it has an owner.' })),
  },
  {
    additionalProperties: false,
    allOf: [needs('round_robin', 'pool'), needs('random', 'pool'), needs('fixed', 'user'), needs('known', 'known')],
  },
);
export type Params = Static<typeof Params>;

/** A strategy that cannot work without the parameter. */
function needs(strategy: string, param: string) {
  return { anyOf: [{ properties: { strategy: { not: { contains: { const: strategy } } } } }, { required: [param] }] };
}
