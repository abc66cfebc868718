/** The parameters of assign.owner: pool → eligibility → strategies → fallback. */
import { type Static, Type } from 'typebox';
import { Template, Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { Fields, RecordId } from '../support/params.ts';
import { Eligibility } from './eligibility-params.ts';
import { Load } from './loads.ts';
import { Pool } from './pool-params.ts';

const closed = { additionalProperties: false };
const MaybeUser = Type.Union([RecordId, Type.Null()]);

const Strategy = Type.Union(
  [
    Type.Enum(['fixed', 'known', 'round_robin', 'random'], {
      description:
        '`fixed`: the `user`. `known`: who knows the client. `round_robin`: by turns, in proportion to the `weight` of the users. `random`: anybody of those who are left.',
    }),
    Type.Object(
      {
        least: Load,
        within: Type.Optional(
          Value(Type.Number({ minimum: 0 }), { description: 'Who has so much more than the least is still equal to it; 0 without it.' }),
        ),
      },
      { ...closed, description: 'Who has least; of several the next strategy chooses.' },
    ),
    Type.Object(
      {
        best: Value(Type.Record(Type.String(), Type.Number()), { description: 'Id of a user → number, such as `= nodes.score.by_user`.' }),
      },
      { ...closed, description: 'Who has the greatest number; of several the next strategy chooses.' },
    ),
    Type.Object(
      {
        prefer: Type.Array(Value(Fields), {
          minItems: 1,
          maxItems: 20,
          description: 'Fields of the user with their values, as in `match`: who fits the first, else who fits the second, and so on.',
        }),
      },
      { ...closed, description: 'Who fits best; where nobody fits, it does not count. Of several the next strategy chooses.' },
    ),
  ],
  { description: 'A strategy.' },
);
export type Strategy = Static<typeof Strategy>;

const Fallback = Type.Object(
  {
    duty: Type.Optional(Value(MaybeUser, { description: 'Who gets it when nobody else can take it, whatever the hours.' })),
    queue: Type.Optional(
      Template({ maxLength: 100, description: 'Name of the queue where it belongs otherwise; stands in the output, by port `nobody`.' }),
    ),
    hold: Type.Optional(
      Value(DurationText, {
        description:
          'With `queue`: it waits there, the first first, until somebody can take it, at most so long; then by port `nobody`. While others wait in the queue it waits behind them.',
      }),
    ),
    check: Type.Optional(
      Value(DurationText, {
        description:
          'With `hold`: how often the first in the queue looks again; `PT1M` without it. What is written into people, such as presence, is heard at once.',
      }),
    ),
  },
  {
    ...closed,
    minProperties: 1,
    dependencies: { hold: ['queue'], check: ['hold'] },
    description: 'What happens when nobody can take it.',
  },
);
export type Fallback = Static<typeof Fallback>;

export const Params = Type.Object(
  {
    strategy: Type.Array(Strategy, {
      minItems: 1,
      maxItems: 6,
      description: 'How to choose, each in turn until one person is left. Where several are, they take turns.',
    }),
    pool: Type.Optional(
      Type.Union([Pool, Type.Array(Pool, { minItems: 1, maxItems: 20 })], {
        description:
          'Whom to choose from: `{ "team": "sales" }`. Of several the first counts in which somebody can take it: `[{ "team": "top", "when": "= record.score >= 80" }, { "team": "senior" }]`.',
      }),
    ),
    user: Type.Optional(Value(MaybeUser, { description: 'For `fixed`: id or key of the user.' })),
    known: Type.Optional(Value(MaybeUser, { description: 'For `known`: id or key of the user, `= record.company_owner`.' })),
    eligibility: Type.Optional(Eligibility),
    fallback: Type.Optional(Fallback),
    after_absence: Type.Optional(
      Type.Enum(['hold', 'catch_up'], {
        default: 'hold',
        description:
          'For turns: who could not take anything for a while keeps their position, or makes up for what they have missed until they are level again.',
      }),
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
