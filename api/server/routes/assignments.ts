import { Type } from 'typebox';
import { isoOf, limitOf } from '../paging.ts';
import { AnyObject, AuthorView, Instant, paging, Uuid } from '../schemas.ts';
import { authorOf, expectedVersion, type Routes } from '../services.ts';
import { etag, RecordBody, recordAt, recordParams, versionQuery } from './records.ts';

const AssignmentView = Type.Object({
  at: Instant,
  from: Type.Union([Uuid, Type.Null()]),
  to: Type.Union([Uuid, Type.Null()], { description: 'Null: taken from its owner.' }),
  by: AuthorView,
  workflow: Type.Union([Type.String(), Type.Null()]),
  started: Type.Union([Type.Object({ event: Type.String(), at: Instant, by: Type.Union([AuthorView, Type.Null()]) }), Type.Null()], {
    description: 'What the run of that workflow began with, and who did that, where it is known.',
  }),
  method: Type.Union([Type.String(), Type.Null()], { description: 'How it was chosen, where a workflow did.' }),
  pool: Type.Union([Type.String(), Type.Null()]),
  candidates: Type.Array(AnyObject, { description: 'Who was looked at: `id`, `name`, `eligible`, `reason`, `why`.' }),
});

/** Who has a record, and how that came about. */
export const assignmentRoutes: Routes = (services) => async (app) => {
  const { assignments } = services.engine;
  const tags = ['records'];

  app.get(
    '/records/:entity/:id/assignments',
    {
      config: { scope: 'records:read' },
      schema: {
        tags,
        summary: 'Who had a record when, and why this one and not the others; newest first',
        description:
          'A change of owner by hand has neither method nor candidates. Of a record with a very long history, its newest 1,000 changes.',
        params: recordParams,
        querystring: Type.Object({ limit: paging.limit }),
        response: { 200: Type.Object({ items: Type.Array(AssignmentView) }) },
      },
    },
    async (request) => {
      const { id } = await recordAt(services, request.params);
      const found = await assignments.of(id, limitOf(request.query));
      const items = found.map(({ started, candidates, ...one }) => ({
        ...one,
        at: isoOf(one.at),
        started: started && { ...started, at: isoOf(started.at) },
        candidates: [...candidates],
      }));
      return { items };
    },
  );

  app.post(
    '/records/:entity/:id/assignments',
    {
      config: { scope: 'records:write' },
      schema: {
        tags,
        summary: 'Give a record to somebody by hand, for a reason that its history keeps',
        params: recordParams,
        querystring: versionQuery,
        body: Type.Object(
          {
            owner: Type.Union([Uuid, Type.Null()], { description: 'Id of a user; null takes it from its owner.' }),
            reason: Type.String({ minLength: 1, maxLength: 500, description: 'Why, in a few words.' }),
          },
          { additionalProperties: false },
        ),
        response: { 200: RecordBody },
      },
    },
    async (request, reply) => {
      const { id } = await recordAt(services, request.params);
      const { owner, reason } = request.body;
      const version = expectedVersion(request, request.query.version);
      const record = await assignments.give(id, owner, { ...authorOf(request), reason }, version);
      reply.header('etag', etag(record));
      return record;
    },
  );
};
