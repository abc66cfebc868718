/** A segment: a named group of records of one entity, by a rule. */
import { type Static, Type } from 'typebox';
import { NAME_PATTERN } from './entity.ts';
import { DurationText } from './workflow.ts';

export const SegmentDefinition = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    entity: Type.String({ pattern: NAME_PATTERN }),
    rule: Type.String({
      minLength: 1,
      maxLength: 4_000,
      description: 'A JSONata condition of the record: who belongs to the segment. The fields stand at the root, beside `record`.',
    }),
    recheck: Type.Optional(
      Type.Array(Type.Object({ field: Type.String({ pattern: NAME_PATTERN }), after: DurationText }, { additionalProperties: false }), {
        minItems: 1,
        maxItems: 5,
        description:
          'Moments at which the rule is asked again though nothing has changed: so long after the date in the field. A day has 24 hours; a date alone is its first moment in UTC, in which rules are asked, too.',
      }),
    ),
  },
  { $id: 'segment', additionalProperties: false, title: 'Takt segment' },
);
export type SegmentDefinition = Static<typeof SegmentDefinition>;
