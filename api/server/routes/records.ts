import { type Static, Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import type { RecordView } from '../../../engine/node/context.ts';
import type { Change, Changed } from '../../../engine/runtime/change.ts';
import type { ChangeRow } from '../../../engine/unit/rows.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyJson, AnyObject, AuthorView, DEFAULT_LIMIT, Instant, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, expectedVersion, type Routes, type Services } from '../services.ts';
import { EntityName } from './entities.ts';

export const entityParams = Type.Object({ entity: EntityName });
export const recordParams = Type.Object({ entity: EntityName, id: Uuid });
const params = recordParams;
const versionQuery = Type.Object({ version: Type.Optional(Type.Integer({ minimum: 1, description: 'As If-Match.' })) });
export const OnExisting = Type.Optional(
  Type.Enum(['error', 'update', 'skip'], { default: 'error', description: 'What to do where a record with the same `key` exists.' }),
);
export const RecordBody = Type.Unsafe<RecordView>({
  type: 'object',
  required: ['id', 'entity', 'version'],
  properties: {
    id: Uuid,
    entity: Type.String(),
    name: Type.String(),
    version: Type.Integer(),
    key: Type.String(),
    owner: Uuid,
    stage: Type.String(),
    created_at: Instant,
    updated_at: Instant,
    deleted: Type.Boolean(),
  },
  additionalProperties: true,
  description: 'The fields of the entity beside those of the system. An empty field is absent.',
});
const ChangeView = Type.Object({
  version: Type.Integer(),
  at: Instant,
  op: Type.Enum(['created', 'updated', 'deleted', 'restored']),
  author: AuthorView,
  changes: Type.Record(Type.String(), Type.Array(AnyJson, { minItems: 2, maxItems: 2 }), { description: 'field → [before, after]' }),
});

const AssignmentView = Type.Object({
  at: Instant,
  from: Type.Union([Uuid, Type.Null()]),
  to: Type.Union([Uuid, Type.Null()], { description: 'Null: taken from its owner.' }),
  by: AuthorView,
  workflow: Type.Union([Type.String(), Type.Null()]),
  method: Type.Union([Type.String(), Type.Null()], { description: 'How it was chosen, where a workflow did.' }),
  pool: Type.Union([Type.String(), Type.Null()]),
  candidates: Type.Array(AnyObject, { description: 'Who was looked at: `id`, `name`, `eligible`, `reason`, `why`.' }),
});

const changeView = (row: ChangeRow): Static<typeof ChangeView> => ({
  version: row.version,
  at: isoOf(row.at),
  op: row.op,
  author: row.author,
  changes: row.changes,
});

const etag = (record: RecordView): string => `"${String(record.version)}"`;

/** The record at this address. Throws RECORD_NOT_FOUND, also where it is one of another entity. */
export async function recordAt({ engine }: Services, { entity, id }: { entity: string; id: string }): Promise<RecordView> {
  const record = await engine.records.get(id);
  if (record.entity === entity) return record;
  throw new TaktError('RECORD_NOT_FOUND', { message: `There is no ${entity} ${id}.`, hint: `The record is a ${record.entity}.` });
}

function recordOf(changed: Changed): Extract<Changed, { kind: 'record' }> {
  if (changed.kind === 'record') return changed;
  throw new TaktError('INTERNAL', { message: 'A record became something else.' });
}

export const recordRoutes: Routes = (services) => async (app) => {
  const { records, intake } = services.engine;
  const tags = ['records'];
  const read = { scope: 'records:read' } as const;
  const write = { scope: 'records:write' } as const;

  app.get(
    '/records/:entity',
    {
      config: read,
      schema: {
        tags,
        summary: 'List records of an entity',
        description: 'With `where` a page may come back short, or empty, and still have a `next`: then go on with it.',
        params: entityParams,
        querystring: Type.Object({
          where: Type.Optional(
            Type.String({ minLength: 1, maxLength: 4_000, description: "JSONata over the record: score >= 80 and country = 'India'." }),
          ),
          q: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of a name, phone, e-mail or key.' })),
          owner: Type.Optional(Uuid),
          stage: Type.Optional(Type.String({ maxLength: 63 })),
          sort: Type.Optional(Type.Enum(['created', '-created', 'name', '-name'], { default: 'created' })),
          deleted: Type.Optional(Type.Boolean({ default: false, description: 'Deleted records instead of the living.' })),
          ...paging,
        }),
        response: { 200: PageOf(RecordBody) },
      },
    },
    async ({ params: { entity }, query: { q, limit, cursor, ...filter } }) =>
      records.page({ ...filter, entity, ...(q && { search: q }) }, limit ?? DEFAULT_LIMIT, cursor),
  );

  app.post(
    '/records/:entity',
    {
      config: write,
      schema: {
        tags,
        summary: 'Create a record',
        params: entityParams,
        querystring: Type.Object({ onExisting: OnExisting }),
        body: AnyObject,
        response: { 201: RecordBody, 200: RecordBody },
      },
    },
    async (request, reply) => {
      const { entity } = request.params;
      const change: Change = { kind: 'create', entity, data: request.body, onExisting: request.query.onExisting ?? 'error' };
      const { op, record } = recordOf(await intake.submitOne(change, authorOf(request)));
      reply.header('etag', etag(record)).header('location', `/api/v1/records/${entity}/${record.id}`);
      return reply.code(op === 'created' ? 201 : 200).send(record);
    },
  );

  app.get(
    '/records/:entity/:id',
    { config: read, schema: { tags, summary: 'One record, deleted or not', params, response: { 200: RecordBody } } },
    async (request, reply) => {
      const record = await recordAt(services, request.params);
      reply.header('etag', etag(record));
      return record;
    },
  );

  app.patch(
    '/records/:entity/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change fields; null clears one',
        description: 'With If-Match or `version`, a record that somebody else has changed meanwhile is not overwritten (409).',
        params,
        querystring: versionQuery,
        body: AnyObject,
        response: { 200: RecordBody },
      },
    },
    async (request, reply) => {
      const { id } = await recordAt(services, request.params);
      const version = expectedVersion(request, request.query.version);
      const change: Change = { kind: 'update', id, data: request.body, ...(version !== undefined && { version }) };
      const { record } = recordOf(await intake.submitOne(change, authorOf(request)));
      reply.header('etag', etag(record));
      return record;
    },
  );

  app.delete(
    '/records/:entity/:id',
    {
      config: write,
      schema: { tags, summary: 'Delete a record; it can be restored', params, querystring: versionQuery, response: { 200: RecordBody } },
    },
    async (request, reply) => {
      const { id } = await recordAt(services, request.params);
      const version = expectedVersion(request, request.query.version);
      const change: Change = { kind: 'delete', id, ...(version !== undefined && { version }) };
      const { record } = recordOf(await intake.submitOne(change, authorOf(request)));
      reply.header('etag', etag(record));
      return record;
    },
  );

  app.post(
    '/records/:entity/:id/restore',
    { config: write, schema: { tags, summary: 'Bring a deleted record back', params, response: { 200: RecordBody } } },
    async (request, reply) => {
      const { id } = await recordAt(services, request.params);
      const { record } = recordOf(await intake.submitOne({ kind: 'restore', id }, authorOf(request)));
      reply.header('etag', etag(record));
      return record;
    },
  );

  app.get(
    '/records/:entity/:id/changes',
    {
      config: read,
      schema: {
        tags,
        summary: 'What happened to a record, newest first',
        params,
        querystring: Type.Object(paging),
        response: { 200: PageOf(ChangeView) },
      },
    },
    async (request) => {
      const { id } = await recordAt(services, request.params);
      const page = await records.changes(id, limitOf(request.query), request.query.cursor);
      return { ...page, items: page.items.map(changeView) };
    },
  );

  app.get(
    '/records/:entity/:id/assignments',
    {
      config: read,
      schema: {
        tags,
        summary: 'Who had a record when, and why this one and not the others; newest first',
        description:
          'A change of owner by hand has neither method nor candidates. Of a record with a very long history, its newest 1,000 changes.',
        params,
        querystring: Type.Object({ limit: paging.limit }),
        response: { 200: Type.Object({ items: Type.Array(AssignmentView) }) },
      },
    },
    async (request) => {
      const { id } = await recordAt(services, request.params);
      const found = await services.engine.assignments.of(id, limitOf(request.query));
      return { items: found.map((one) => ({ ...one, at: isoOf(one.at), candidates: [...one.candidates] })) };
    },
  );
};
