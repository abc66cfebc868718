/** What happens to the engine from outside, written down: by scenarios, by files of events, by scripts. */
import { type Static, Type } from 'typebox';
import { NAME_PATTERN } from './entity.ts';
import type { Json, JsonObject } from './json.ts';

const WORKFLOW_ID = '^[a-z][a-z0-9-]{0,62}$';

/** Values of fields. `@anna` anywhere within stands for the id of the record of that name. */
export const Fields = Type.Unsafe<JsonObject>({
  type: 'object',
  description: 'Field → value. "@anna" stands for the id of the record called anna; "@@anna" for the text "@anna".',
});

/** What a record is called where it is made. */
export const RecordName = Type.String({
  pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$',
  description: 'A name of letters, digits, _ and -, without the @.',
});

/** A record by its name (`@anna`), by its key (`lead/L-17`), or by its fields, the oldest that fits: `{ "entity": "deal", "stage": "won" }`. */
export const Target = Type.Unsafe<string | ({ entity: string } & JsonObject)>({
  type: ['string', 'object'],
  pattern: '^(@[A-Za-z][A-Za-z0-9_-]{0,62}|[a-z][a-z0-9_]{0,62}/.+)$',
  required: ['entity'],
  properties: { entity: { type: 'string', pattern: NAME_PATTERN } },
  description: 'A record: "@anna", "lead/L-17" (entity and key), or { "entity": "deal", "stage": "won" }, the oldest that fits.',
});
export type Target = string | ({ entity: string } & JsonObject);

/** The verbs, of which an action has one, and what belongs to each. */
export const actionProperties = {
  create: Type.Optional(Type.String({ pattern: NAME_PATTERN, description: 'Makes a record of this entity.' })),
  update: Type.Optional(Target),
  delete: Type.Optional(Target),
  restore: Type.Optional(Target),
  event: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,99}$', description: 'Writes an event of this type.' })),
  start: Type.Optional(Type.String({ pattern: WORKFLOW_ID, description: 'Starts this workflow by hand.' })),
  complete: Type.Optional(Fields),
  as: Type.Optional(RecordName),
  data: Type.Optional(Fields),
  record: Type.Optional(Target),
  topic: Type.Optional(Type.String({ maxLength: 200 })),
  input: Type.Optional(Fields),
  key: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'An idempotency key.' })),
} as const;

/** An action as it is written. That it has one verb and only what belongs to it is checked afterwards. */
const WrittenAction = Type.Object(actionProperties);
export type WrittenAction = Static<typeof WrittenAction>;

export const ACTION_VERBS = ['create', 'update', 'delete', 'restore', 'event', 'start', 'complete'] as const;
export const ACTION_PARTS = ['as', 'data', 'record', 'topic', 'input', 'key'] as const;

/** The parts that may stand beside each verb. */
export const PARTS_OF_VERBS: Readonly<Record<(typeof ACTION_VERBS)[number], readonly (typeof ACTION_PARTS)[number][]>> = {
  create: ['as', 'data'],
  update: ['data'],
  delete: [],
  restore: [],
  event: ['topic', 'record', 'data', 'key'],
  start: ['record', 'input', 'key'],
  complete: ['data'],
};

/** A record that is there from the beginning, or so many equal ones; those have no name. */
export const NamedRecord = Type.Object(
  {
    as: Type.Optional(RecordName),
    entity: Type.String({ pattern: NAME_PATTERN }),
    data: Type.Optional(Fields),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'So many equal ones; one without it.' })),
  },
  { additionalProperties: false, not: { required: ['as', 'count'] } },
);
export type NamedRecord = Static<typeof NamedRecord>;

/** Custom entities, and custom fields of built-in ones, by the name of the entity. */
export const CustomEntities = Type.Record(
  Type.String({ pattern: NAME_PATTERN }),
  Type.Unsafe<{ fields: JsonObject; title?: string } & Record<string, Json>>({
    type: 'object',
    required: ['fields'],
    properties: { fields: { type: 'object' } },
    description: 'As in a definition of an entity, without its name; a built-in one needs "fields" only.',
  }),
);

/** How the outside answers where it is not to take everything at once. The first rule that fits an effect holds. */
export const OutsideRule = Type.Object(
  {
    on: Type.Object(
      {
        connector: Type.Optional(Type.String({ maxLength: 100, description: 'Such as mail or http.' })),
        payload: Type.Optional(Fields),
      },
      { additionalProperties: false, description: 'Which effects: all of the connector whose payload has these parts.' },
    ),
    p: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'How often it holds, of 1; always without it.' })),
    times: Type.Optional(Type.Integer({ minimum: 1, description: 'For so many attempts in all; for all without it.' })),
    result: Type.Optional(Fields),
    fail: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'The message of the failure.' })),
    transient: Type.Optional(Type.Boolean({ description: 'May a later attempt succeed? No without it: the effect is dead at once.' })),
  },
  { additionalProperties: false },
);
export type OutsideRule = Static<typeof OutsideRule>;
