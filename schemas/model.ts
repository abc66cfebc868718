/** A learned model of the workspace: of which records it tells what, and what it may look at. */
import { type Static, Type } from 'typebox';
import { NAME_PATTERN } from './entity.ts';
import { DurationText } from './workflow.ts';

const CONDITION = { minLength: 1, maxLength: 4_000 };

const LearnedField = Type.Object(
  {
    name: Type.String({ pattern: NAME_PATTERN }),
    kind: Type.Union([Type.Literal('number'), Type.Literal('level')], {
      description: '`number`: more and less mean something (money, dates and yes/no too). `level`: each value is a case of its own.',
    }),
  },
  { additionalProperties: false },
);
export type LearnedField = Static<typeof LearnedField>;

const Cron = Type.Object(
  {
    cron: Type.String({ maxLength: 100 }),
    timezone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name; UTC without it.' })),
  },
  { additionalProperties: false },
);

export const ModelDefinition = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    entity: Type.String({ pattern: NAME_PATTERN }),
    fields: Type.Array(LearnedField, { minItems: 1, maxItems: 300, description: 'What it learns from.' }),
    success: Type.String({ ...CONDITION, description: "A JSONata condition of the record: it has ended well. `stage = 'won'`" }),
    failure: Type.String({ ...CONDITION, description: "It has ended badly. `stage = 'lost'`. Where neither holds, the record is open." }),
    known: Type.Optional(
      Type.String({
        pattern: NAME_PATTERN,
        description:
          'The field with the moment at which the outcome was known. Without it, the history tells: the change by which the outcome came.',
      }),
    ),
    seenAfter: Type.Optional(DurationText),
    closedAtCreation: Type.Optional(
      Type.Union([Type.Literal('leave'), Type.Literal('take')], {
        description:
          'Records that had their outcome when they came in, as imported ones have: their history does not tell what was known before. `leave` (the default): nothing is learned from them. `take`: as they came in.',
      }),
    ),
    retrain: Type.Optional(
      Type.Union([Type.Object({ every: DurationText }, { additionalProperties: false }), Cron], {
        description: 'When a new version is trained by itself: after so long (an hour or more), or by a cron expression.',
      }),
    ),
    halfLifeDays: Type.Optional(Type.Number({ minimum: 1, maximum: 10_000, description: 'After so many days an outcome counts half.' })),
  },
  { $id: 'model', additionalProperties: false, title: 'Takt model' },
);
export type ModelDefinition = Static<typeof ModelDefinition>;
