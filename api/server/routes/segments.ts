import { Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { decodeCursor, pageOf } from '../../../engine/services/cursor.ts';
import { SegmentDefinition } from '../../../schemas/segment.ts';
import { limitOf } from '../paging.ts';
import { AnyJson, AnyObject, Empty, ErrorItem, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { jobPath } from './jobs.ts';
import { RecordBody } from './records.ts';

const { id: SegmentId } = SegmentDefinition.properties;
const params = Type.Object({ id: SegmentId });
const SegmentView = Type.Object(SegmentDefinition.properties);

export const segmentRoutes: Routes =
  ({ engine: { segments } }) =>
  async (app) => {
    const tags = ['segments'];
    const read = { scope: 'workflows:read' } as const;
    const publish = { scope: 'workflows:publish' } as const;

    app.get(
      '/segments',
      {
        config: read,
        schema: { tags, summary: 'List segments by id', querystring: Type.Object(paging), response: { 200: PageOf(SegmentView) } },
      },
      async ({ query }) => {
        const [after] = query.cursor === undefined ? [] : decodeCursor(query.cursor, 1);
        const list = (await segments.list()).filter((segment) => after === undefined || segment.id > after);
        return pageOf(list, limitOf(query), (segment) => [segment.id]);
      },
    );

    app.get(
      '/segments/:id',
      { config: read, schema: { tags, summary: 'One segment', params, response: { 200: SegmentView } } },
      ({ params: { id } }) => segments.get(id),
    );

    app.post(
      '/segments/validate',
      {
        config: read,
        schema: {
          tags,
          summary: 'Check a segment without keeping it',
          body: AnyJson,
          response: { 200: Type.Object({ valid: Type.Boolean(), problems: Type.Array(ErrorItem) }) },
        },
      },
      async ({ body }) => {
        const problems = await segments.validate(body);
        return { valid: problems.length === 0, problems };
      },
    );

    app.put(
      '/segments/:id',
      {
        config: publish,
        schema: {
          tags,
          summary: 'Define a segment, replacing one of that id',
          description: 'A job finds out who belongs to it. Nobody enters or leaves by that: triggers hear of later changes only.',
          params,
          body: AnyObject,
          response: { 200: Type.Object({ definition: SegmentView, job: Uuid }) },
        },
      },
      async (request, reply) => {
        const { body } = request;
        if (body.id !== request.params.id) {
          throw new TaktError('SEGMENT_INVALID', {
            pointer: '/id',
            message: 'The id in the definition is not that of the address.',
            hint: 'Define it under its own id.',
          });
        }
        const { definition, job } = await segments.define(body, authorOf(request));
        reply.header('location', jobPath(job.id));
        return { definition, job: job.id };
      },
    );

    app.delete(
      '/segments/:id',
      { config: publish, schema: { tags, summary: 'Remove a segment that starts no workflow', params, response: { 204: Empty } } },
      async (request, reply) => {
        await segments.remove(request.params.id);
        return reply.code(204).send(null);
      },
    );

    app.get(
      '/segments/:id/members',
      {
        config: { scope: 'records:read' },
        schema: {
          tags,
          summary: 'The records that belong to a segment, by id',
          description: 'Right after a change of the rule the job that looks for them may still run. A page may be short and have a `next`.',
          params,
          querystring: Type.Object(paging),
          response: { 200: PageOf(RecordBody) },
        },
      },
      ({ params: { id }, query }) => segments.members(id, limitOf(query), query.cursor),
    );
  };
