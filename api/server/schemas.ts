/** Schemas that several resources share. From them come validation, TypeScript types and the OpenAPI description. */
import { type Static, type TSchema, Type } from 'typebox';
import { MAX_PAGE } from '../../engine/services/cursor.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

export const closed = { additionalProperties: false };

export const Uuid = Type.String({ format: 'uuid' });
export const Instant = Type.String({ format: 'date-time' });
export const AnyJson = Type.Unsafe<Json>({ description: 'Any JSON value.' });
export const AnyObject = Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true });
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const place = {
  pointer: Type.Optional(Type.String({ description: 'JSON pointer into what was sent.' })),
  node: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  field: Type.Optional(Type.String()),
};

/** One error among several, or one that is stored with a run. */
export const ErrorItem = Type.Object({
  code: Type.String(),
  message: Type.String(),
  hint: Type.Optional(Type.String()),
  ...place,
  errors: Type.Optional(Type.Array(Type.Any({ description: 'Errors of the same form.' }))),
});

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Where the error is explained.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable: branch on it.' }),
    hint: Type.String({ description: 'What to do.' }),
    ...place,
    errors: Type.Optional(Type.Array(ErrorItem)),
    requestId: Type.String(),
  },
  { title: 'Problem' },
);
export type Problem = Static<typeof Problem>;

export const DEFAULT_LIMIT = 50;

/** Query parameters of every list. */
export const paging = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE, default: DEFAULT_LIMIT })),
  cursor: Type.Optional(Type.String({ maxLength: 2_000, description: 'The `next` of the page before.' })),
};

export const PageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'The cursor of the next page; absent on the last one.' })),
  });

export const AuthorView = Type.Object({
  kind: Type.Union([Type.Literal('person'), Type.Literal('key'), Type.Literal('run'), Type.Literal('system')]),
  id: Type.String(),
  node: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String({ description: 'Why, in their words.' })),
});

export const idParams = Type.Object({ id: Uuid });

/** What every answer without content says. */
export const Empty = Type.Null({ description: 'Done.' });
