/** Long work in the background: bulk starts, moves between versions, filling segments. */
import { type Static, Type } from 'typebox';
import type { JobRow } from '../../../engine/store/queries/jobs.ts';
import { isoOf, limitOf } from '../paging.ts';
import { AnyObject, AuthorView, closed, ErrorItem, Instant, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { EntityName } from './entities.ts';
import { WorkflowId } from './workflows.ts';

const Status = Type.Enum(['running', 'done', 'failed', 'cancelled']);
const Kind = Type.Enum(['start', 'move', 'segment', 'backfill', 'train', 'drift'], {
  description:
    'start: runs of a workflow; move: runs to another version; segment: who belongs to it; backfill: timers of dates and silences; train: a version of a model; drift: whether one still fits.',
});

export const JobView = Type.Object({
  id: Uuid,
  kind: Type.String(),
  status: Status,
  data: Type.Unsafe({ ...AnyObject, description: 'What it is about: workflow, entity, segment, model, versions.' }),
  total: Nullable(Type.Integer({ description: 'How many records or runs there were when it began.' })),
  done: Type.Integer({ description: 'How many of them it has looked at.' }),
  made: Type.Integer({
    description: 'What came of it: runs started or moved, records that belong to the segment, closed records that a model learns from.',
  }),
  failed: Type.Integer({ description: 'How many came to nothing by an error, or could not be moved.' }),
  error: Nullable(ErrorItem),
  author: AuthorView,
  createdAt: Instant,
  updatedAt: Instant,
});

export const jobView = (row: JobRow): Static<typeof JobView> => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  data: row.data,
  total: row.total,
  done: row.done,
  made: row.made,
  failed: row.failed,
  error: row.error,
  author: row.author,
  createdAt: isoOf(row.createdAt),
  updatedAt: isoOf(row.updatedAt),
});

export const jobPath = (id: string): string => `/api/v1/jobs/${id}`;

export const jobRoutes: Routes =
  ({ engine: { jobs } }) =>
  async (app) => {
    const tags = ['jobs'];
    const read = { scope: 'runs:read' } as const;
    const write = { scope: 'runs:write' } as const;

    app.get(
      '/jobs',
      {
        config: read,
        schema: {
          tags,
          summary: 'List jobs, newest first',
          querystring: Type.Object({ status: Type.Optional(Status), kind: Type.Optional(Kind), ...paging }),
          response: { 200: PageOf(JobView) },
        },
      },
      async ({ query }) => {
        const filter = { ...(query.status && { status: query.status }), ...(query.kind && { kind: query.kind }) };
        const page = await jobs.page(filter, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(jobView) };
      },
    );

    app.get(
      '/jobs/:id',
      { config: read, schema: { tags, summary: 'One job: how far it is', params: idParams, response: { 200: JobView } } },
      async ({ params }) => jobView(await jobs.get(params.id)),
    );

    app.post(
      '/jobs/:id/cancel',
      { config: write, schema: { tags, summary: 'End a job; what it has done stays', params: idParams, response: { 200: JobView } } },
      async ({ params }) => jobView(await jobs.cancel(params.id)),
    );

    app.post(
      '/workflows/:id/bulk',
      {
        config: write,
        schema: {
          tags,
          summary: 'Start a workflow by hand on every record that fits, as a job',
          description: 'Through its trigger.manual; each record once.',
          params: Type.Object({ id: WorkflowId }),
          body: Type.Object(
            {
              entity: EntityName,
              where: Type.Optional(
                Type.String({ minLength: 1, maxLength: 4_000, description: 'JSONata over the record; all records without it.' }),
              ),
              input: Type.Optional(AnyObject),
            },
            closed,
          ),
          response: { 202: JobView },
        },
      },
      async (request, reply) => {
        const job = await jobs.startBulk({ workflowId: request.params.id, ...request.body }, authorOf(request));
        return reply.code(202).header('location', jobPath(job.id)).send(jobView(job));
      },
    );
  };
