/** The measures of distribution as schemas: what the node gives, and what the API answers. */
import { Type } from 'typebox';
import { AIMS } from '../../engine/sdk.ts';

const share = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const count = (description: string) => Type.Integer({ description });

/** Members of a whole or a group. */
export const FIGURES = {
  given: count('Assignments, later ones included.'),
  records: count('Records that got their first owner; of them are the figures that follow, `people` and the variations excepted.'),
  withinMinute: share('Share that had an owner within a minute; null where there are none, as of all shares.'),
  medianMs: share('From being created to the first owner, milliseconds: the median.'),
  p95Ms: share('Of 95 % of them it was no longer.'),
  people: count('Who could have taken something that a strategy gave, or got it.'),
  variation: share('Coefficient of variation of how many strategies gave to each of them over the time.'),
  dayVariation: share('The same of a day, among who could take something then: the median of the days.'),
  reassigned: share('Share that went to somebody else within the time.'),
  promised: count('Records whose first owner had a task with a due date that is done, or over.'),
  inTime: share('Share of these where the first task that they completed was completed by then.'),
  won: count('Records in a stage of the kind `won` by now.'),
  lost: count('Records in one of the kind `lost`.'),
  conversion: share('Won of all records.'),
  missed: Type.Array(Type.Enum(['p95Ms', 'variation', 'dayVariation', 'reassigned', 'inTime']), {
    description: 'The aims that are missed.',
  }),
};

/** Members of a group alone. */
export const GROUP = {
  key: Type.Union([Type.String(), Type.Null()], {
    description: 'The strategy (`by_hand`, `workflow` where there was none), the team, the id of the person, or the day.',
  }),
  title: Type.Union([Type.String(), Type.Null()], { description: 'The name of a person, else the key.' }),
};

export const AimValues = Type.Object(Object.fromEntries(Object.keys(AIMS).map((name) => [name, Type.Number()])), {
  description: 'The aims: `p95Ms`, `variation`, `dayVariation` and `reassigned` at most, `inTime` at least.',
});
