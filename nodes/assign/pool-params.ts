/** Whom to choose from. */
import { type Static, Type } from 'typebox';
import { Value } from '../../engine/sdk.ts';
import { Fields } from '../support/params.ts';

/** People of one pool. */
export const MOST_USERS = 1_000;

export const Pool = Type.Object(
  {
    team: Type.Optional(
      Value(Type.String({ minLength: 1, maxLength: 200 }), {
        description: 'Key, id or name of a team; its members take turns in their order.',
      }),
    ),
    users: Type.Optional(
      Value(Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { maxItems: MOST_USERS }), {
        description: 'Ids or keys of users, in the order in which they take turns.',
      }),
    ),
    where: Type.Optional(
      Value(Fields, {
        description:
          'Only those with these values, as in `match`: `{ "grade": "senior" }`. Without `team` and `users`: of all users, at most 100, the oldest first.',
      }),
    ),
    when: Type.Optional(
      Value(Type.Union([Type.Boolean(), Type.Null()]), {
        description: 'Does this pool count? `= record.budget > 100000`; yes without it.',
      }),
    ),
  },
  {
    additionalProperties: false,
    allOf: [
      { anyOf: [{ required: ['team'] }, { required: ['users'] }, { required: ['where'] }] },
      { not: { required: ['team', 'users'] } },
    ],
    description: 'A team, a list of users, or those who have certain values.',
  },
);
export type Pool = Static<typeof Pool>;
