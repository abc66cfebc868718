/** What models of scenarios and simulations have learned from: records that came in and were closed before the start. */
import { type Static, Type } from 'typebox';
import { Chance, Delay, Spread, Values } from './drawn.ts';
import { NAME_PATTERN } from './entity.ts';
import { ModelDefinition } from './model.ts';
import { DurationText } from './workflow.ts';

const Past = Type.Object(
  {
    note: Type.Optional(Type.String({ maxLength: 2_000 })),
    entity: Type.String({ pattern: NAME_PATTERN }),
    count: Type.Integer({ minimum: 1, maximum: 20_000, description: 'So many of them came in …' }),
    over: Type.Unsafe<Static<typeof DurationText>>({
      ...DurationText,
      description: '… in so long a time before the start, at any time of it.',
    }),
    data: Type.Unsafe<Static<typeof Values>>({
      ...Values,
      description: 'As which they came in. Expressions know n, at, and as `record` the fields that stand before them.',
    }),
    chance: Type.Unsafe<Static<typeof Chance>>({
      ...Chance,
      description: 'How likely each is to end well. Expressions know record, n, at.',
    }),
    after: Type.Optional(Delay),
    spread: Type.Optional(Spread),
    success: Type.Unsafe<Static<typeof Values>>({
      ...Values,
      description: 'What is written into one that ends well: its stage, and more.',
    }),
    failure: Type.Unsafe<Static<typeof Values>>({ ...Values, description: 'What is written into one that ends badly.' }),
  },
  { additionalProperties: false },
);
export type Past = Static<typeof Past>;

/** Records in all lists together: some seconds of work. */
export const MOST_PAST = 20_000;

// Without its $id: it stands in a file of scenarios twice, and Ajv wants an id once in a schema.
const Model = Type.Object(ModelDefinition.properties, { additionalProperties: false });

/** Of a scenario or a script: its models, and what they have learned from. */
export const learningProperties = {
  models: Type.Optional(
    Type.Array(Model, {
      maxItems: 20,
      description: 'Learned models. Each is trained on the past of its entity; one without any has no live version.',
    }),
  ),
  past: Type.Optional(Type.Array(Past, { maxItems: 20, description: 'Records that were closed before the start.' })),
} as const;
