import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import type { Change } from '../../../engine/runtime/change.ts';
import type { EventRow } from '../../../engine/unit/rows.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { outcomesOf } from '../outcomes.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyObject, closed, ErrorItem, Instant, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';

const EventView = Type.Object({
  id: Uuid,
  type: Type.String(),
  topic: Type.String(),
  record: Nullable(Uuid),
  at: Instant,
  data: AnyObject,
});
const EventType = Type.String({ pattern: '^[a-z][a-z0-9_.-]{0,99}$', description: 'Such as mail.opened.' });
const NewEvent = Type.Object(
  {
    type: EventType,
    topic: Type.Optional(Type.String({ maxLength: 200, description: 'What triggers narrow by; empty without it.' })),
    data: Type.Optional(AnyObject),
    record: Type.Optional(Uuid),
    key: Type.Optional(
      Type.String({ minLength: 1, maxLength: 150, description: 'Idempotency key: a second event of the type with it is not written.' }),
    ),
  },
  closed,
);
type NewEvent = Static<typeof NewEvent>;
const Written = Type.Object({
  id: Uuid,
  duplicate: Type.Boolean(),
  runs: Type.Array(Uuid, { description: 'The runs that it has started.' }),
});

const eventView = (row: EventRow): Static<typeof EventView> => ({
  id: row.id,
  type: row.type,
  topic: row.topic,
  record: row.recordId,
  at: isoOf(row.at),
  data: row.data,
});

/** Types that only Takt writes: whoever could send them could do without the scope, or the signature, that guards them. */
const RESERVED = /^(record|run|schedule|segment|webhook|timer|effect|approval|policy|takt)\./;

/** Throws EVENT_TYPE_RESERVED. */
function changeOf({ type, topic = '', data = {}, record, key }: NewEvent & { data?: JsonObject }): Change {
  if (RESERVED.test(type))
    throw new TaktError('EVENT_TYPE_RESERVED', { pointer: '/type', message: `Events of the type "${type}" are written by Takt itself.` });
  // No type holds a colon: keys of different types never meet.
  return { kind: 'event', type, topic, data, ...(record && { recordId: record }), ...(key && { key: `${type}:${key}` }) };
}

export const eventRoutes: Routes =
  ({ engine: { events, intake } }) =>
  async (app) => {
    const tags = ['events'];

    app.get(
      '/events',
      {
        config: { scope: 'events:read' },
        schema: {
          tags,
          summary: 'List events, newest first',
          querystring: Type.Object({ record: Type.Optional(Uuid), type: Type.Optional(EventType), ...paging }),
          response: { 200: PageOf(EventView) },
        },
      },
      async ({ query }) => {
        const filter = { ...(query.record && { recordId: query.record }), ...(query.type && { type: query.type }) };
        const page = await events.page(filter, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(eventView) };
      },
    );

    app.post(
      '/events',
      {
        config: { scope: 'events:write' },
        schema: {
          tags,
          summary: 'Write an event',
          description: 'The header Idempotency-Key stands for `key` where the body has none.',
          headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 150 })) }),
          body: NewEvent,
          response: { 201: Written, 200: Written },
        },
      },
      async (request, reply) => {
        const key = request.body.key ?? request.headers['idempotency-key'];
        const changed = await intake.submitOne(changeOf({ ...request.body, ...(key && { key }) }), authorOf(request));
        if (changed.kind !== 'event') throw new TaktError('INTERNAL', { message: 'An event became something else.' });
        const { id, duplicate, runs } = changed;
        return reply.code(duplicate ? 200 : 201).send({ id, duplicate, runs });
      },
    );

    app.post(
      '/events/bulk',
      {
        config: { scope: 'events:write' },
        bodyLimit: 10_000_000,
        schema: {
          tags,
          summary: 'Write up to 1,000 events; each succeeds or fails by itself',
          body: Type.Array(NewEvent, { maxItems: 1_000 }),
          response: {
            200: Type.Object({
              items: Type.Array(
                Type.Union([
                  Type.Object({ index: Type.Integer(), event: Written }),
                  Type.Object({ index: Type.Integer(), error: ErrorItem }),
                ]),
              ),
              failed: Type.Integer(),
            }),
          },
        },
      },
      async (request) => {
        const outcomes = await outcomesOf(intake, request.body, changeOf, authorOf(request));
        const items = outcomes.map((outcome, index) => {
          if (!outcome.ok) return { index, error: outcome.error };
          const { value } = outcome;
          return value.kind === 'event'
            ? { index, event: { id: value.id, duplicate: value.duplicate, runs: value.runs } }
            : { index, error: new TaktError('INTERNAL').toData() };
        });
        return { items, failed: outcomes.filter((outcome) => !outcome.ok).length };
      },
    );
  };
