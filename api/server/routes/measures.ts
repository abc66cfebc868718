import { Type } from 'typebox';
import { GROUPINGS } from '../../../engine/sdk.ts';
import { AimValues, FIGURES, GROUP } from '../../../nodes/index.ts';
import { distributionMeasures } from '../../assignments/measures.ts';
import { Instant } from '../schemas.ts';
import type { Routes } from '../services.ts';
import { EntityName } from './entities.ts';

const moment = (description: string) => Type.String({ minLength: 4, maxLength: 60, description });

const MeasuresView = Type.Object({
  entity: Type.String(),
  from: Instant,
  until: Instant,
  zone: Type.String(),
  by: Type.Enum([...GROUPINGS]),
  aims: AimValues,
  total: Type.Object(FIGURES),
  groups: Type.Array(Type.Object({ ...GROUP, ...FIGURES }), { description: 'Days in order, others with the most assignments first.' }),
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
