/** The scenario file: what happens to workflows in virtual time, and what must come of it. */
import { type Static, type TProperties, Type } from 'typebox';
import { actionProperties, CustomEntities, Fields, NamedRecord, OutsideRule } from './action.ts';
import { ForecastDefinition } from './forecast.ts';
import { learningProperties } from './past.ts';
import { SegmentDefinition } from './segment.ts';
import { DurationText } from './workflow.ts';

const closed = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false });

/** Kinds of the timeline of which everything that happens must be listed. */
export const COMPLETE_KINDS = ['message', 'task', 'end'] as const;
/** Kinds that count only where the timeline lists some of them. */
export const ASKED_KINDS = ['created', 'change', 'request', 'undelivered', 'refused'] as const;
export type TimelineKind = (typeof COMPLETE_KINDS)[number] | (typeof ASKED_KINDS)[number];

const Step = closed({ at: DurationText, ...actionProperties });

const Expected = closed({
  at: DurationText,
  message: Type.Optional(Fields),
  task: Type.Optional(Fields),
  end: Type.Optional(Fields),
  created: Type.Optional(Fields),
  change: Type.Optional(Fields),
  request: Type.Optional(Fields),
  undelivered: Type.Optional(Fields),
  refused: Type.Optional(Fields),
});
export type Expected = Static<typeof Expected>;

const Scenario = closed({
  name: Type.String({ minLength: 1, maxLength: 300 }),
  note: Type.Optional(Type.String({ maxLength: 2_000 })),
  seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295 })),
  ...learningProperties,
  settings: Type.Optional({
    ...Fields,
    description: 'Settings of the workflow beside the file that are others in this scenario, such as its language; null: without it.',
  }),
  records: Type.Optional(Type.Array(NamedRecord, { maxItems: 10_000 })),
  outside: Type.Optional(Type.Array(OutsideRule, { maxItems: 100 })),
  do: Type.Array(Step, { maxItems: 10_000 }),
  until: DurationText,
  timeline: Type.Array(Expected, { maxItems: 10_000 }),
  final: Type.Optional(
    Type.Record(Type.String({ pattern: '^@[A-Za-z][A-Za-z0-9_-]{0,62}$' }), Fields, {
      description: 'Name of a record → fields that it must have in the end; null for an empty one.',
    }),
  ),
  open_tasks: Type.Optional(Type.Array(Fields, { maxItems: 1_000, description: 'Every task that is open in the end.' })),
});
export type Scenario = Static<typeof Scenario>;

export const ScenarioFile = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    recipes: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z][0-9]{2,3}$' }), {
        maxItems: 100,
        description: 'Recipes of the catalogue that the workflow is.',
      }),
    ),
    workflows: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 500 }), {
        maxItems: 50,
        description: 'Further workflow files that take part, relative to this file. The one beside it always does.',
      }),
    ),
    entities: Type.Optional(CustomEntities),
    segments: Type.Optional(Type.Array(SegmentDefinition, { maxItems: 100 })),
    ...learningProperties,
    forecasts: Type.Optional(Type.Array(ForecastDefinition, { maxItems: 20 })),
    start: Type.String({ format: 'date-time', description: 'The moment from which all times count.' }),
    records: Type.Optional(Type.Array(NamedRecord, { maxItems: 10_000 })),
    scenarios: Type.Array(Scenario, { minItems: 1, maxItems: 200 }),
  },
  { $id: 'scenario', additionalProperties: false, title: 'Takt scenarios' },
);
export type ScenarioFile = Static<typeof ScenarioFile>;
