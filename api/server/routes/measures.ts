import { Type } from 'typebox';
import { AIMS, GROUPINGS } from '../../../engine/sdk.ts';
import { distributionMeasures } from '../../assignments/measures.ts';
import { Instant, Nullable } from '../schemas.ts';
import type { Routes } from '../services.ts';
import { EntityName } from './entities.ts';

const Share = (description: string) => Nullable(Type.Number({ description }));

const figures = {
  given: Type.Integer({ description: 'Assignments, later ones included.' }),
  records: Type.Integer({
    description: 'Records that got their first owner; what follows is of them, `people` and the variations excepted.',
  }),
  withinMinute: Share('Share that had an owner within a minute of being created; null where there are no records.'),
  medianMs: Share('From being created to the first owner.'),
  p95Ms: Share('Of 95 % of them it was no longer.'),
  people: Type.Integer({ description: 'Who could have taken something that a strategy gave, or got it.' }),
  variation: Share('Coefficient of variation of how many strategies gave to each of them over the time.'),
  dayVariation: Share('The same of a day, among who could take something then: the median of the days.'),
  reassigned: Share('Share that went to somebody else within the time.'),
  promised: Type.Integer({ description: 'Records whose first owner had a task with a due date that is done, or over.' }),
  inTime: Share('Share of these where the first task that they completed was completed by then.'),
  won: Type.Integer(),
  lost: Type.Integer(),
  conversion: Share('Won of all records.'),
  missed: Type.Array(Type.Enum(['p95Ms', 'variation', 'dayVariation', 'reassigned', 'inTime']), {
    description: 'The aims that are missed.',
  }),
};
const moment = (description: string) => Type.String({ minLength: 4, maxLength: 60, description });

const MeasuresView = Type.Object({
  entity: Type.String(),
  from: Instant,
  until: Instant,
  zone: Type.String(),
  by: Type.Enum([...GROUPINGS]),
  aims: Type.Object(Object.fromEntries(Object.keys(AIMS).map((aim) => [aim, Type.Number()])), {
    description: 'At most so much; of `inTime` at least.',
  }),
  total: Type.Object(figures),
  groups: Type.Array(
    Type.Object({
      key: Nullable(
        Type.String({ description: 'The strategy (`by_hand`, `workflow` where there was none), the team, the id of the person, the day.' }),
      ),
      title: Nullable(Type.String({ description: 'The name of a person, else the key.' })),
      ...figures,
    }),
    { description: 'Days in order, others with the most assignments first.' },
  ),
});

/** How well records are distributed. */
export const measureRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    app.get(
      '/assignments/measures',
      {
        config: { scope: 'records:read' },
        schema: {
          tags: ['records'],
          summary: 'How well records are distributed: how soon, how evenly, how many a second time, in time or not, with what success',
          description:
            'Of an entity (`lead` without it), of at most 92 days and 50,000 changes of owner. See docs/assignment.md, "Measures".',
          querystring: Type.Object({
            entity: Type.Optional(EntityName),
            from: Type.Optional(moment('A moment or a day; a week before `until` without it.')),
            until: Type.Optional(moment('Does not belong to the time; now without it.')),
            by: Type.Optional(Type.Enum([...GROUPINGS], { default: 'method' })),
            zone: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 64,
                description: 'IANA name: in which days, and moments without an offset, are meant; UTC without it.',
              }),
            ),
          }),
          response: { 200: MeasuresView },
        },
      },
      ({ query }) => distributionMeasures(engine, query),
    );
  };
