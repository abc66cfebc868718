import { Type } from 'typebox';
import { limitOf } from '../paging.ts';
import { detailsView, RunDetails, RunView, runView, Status } from '../run-view.ts';
import { AnyObject, closed, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { WorkflowId } from './workflows.ts';

const RetryVersion = Type.Optional(
  Type.Enum(['same', 'newest'], { default: 'same', description: '`newest`: on the published version, where the run can go on there.' }),
);

export const runRoutes: Routes =
  ({ engine: { runs } }) =>
  async (app) => {
    const tags = ['runs'];
    const read = { scope: 'runs:read' } as const;
    const write = { scope: 'runs:write' } as const;

    app.get(
      '/runs',
      {
        config: read,
        schema: {
          tags,
          summary: 'List runs, newest first',
          querystring: Type.Object({
            workflow: Type.Optional(WorkflowId),
            status: Type.Optional(Status),
            record: Type.Optional(Uuid),
            parent: Type.Optional(
              Type.Unsafe<string>({ ...Uuid, description: 'Those that this run has called and waits, or waited, for.' }),
            ),
            ...paging,
          }),
          response: { 200: PageOf(RunView) },
        },
      },
      async ({ query }) => {
        const filter = {
          ...(query.workflow && { workflowId: query.workflow }),
          ...(query.status && { status: query.status }),
          ...(query.record && { recordId: query.record }),
          ...(query.parent && { parent: query.parent }),
        };
        const page = await runs.page(filter, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(runView) };
      },
    );

    app.get(
      '/runs/:id',
      {
        config: read,
        schema: {
          tags,
          summary: 'One run with its steps and effects, what it waits for and what it has called',
          params: idParams,
          response: { 200: RunDetails },
        },
      },
      async ({ params }) => detailsView(await runs.get(params.id)),
    );

    app.post(
      '/runs/:id/cancel',
      { config: write, schema: { tags, summary: 'End a run where it stands', params: idParams, response: { 200: RunView } } },
      async ({ params }) => runView(await runs.cancel(params.id)),
    );

    app.post(
      '/runs/:id/retry',
      {
        config: write,
        schema: {
          tags,
          summary: 'Let a failed run go on with the step that failed',
          params: idParams,
          body: Nullable(Type.Object({ version: RetryVersion }, closed)),
          response: { 200: RunView },
        },
      },
      async ({ params, body }) => {
        await runs.retry(params.id, body?.version);
        return runView((await runs.get(params.id)).run);
      },
    );

    app.post(
      '/runs/retry',
      {
        config: write,
        schema: {
          tags,
          summary: 'Retry every failed run that fits',
          body: Type.Object(
            {
              workflow: Type.Optional(WorkflowId),
              node: Type.Optional(Type.String({ maxLength: 63, description: 'The node at which they failed.' })),
              code: Type.Optional(Type.String({ maxLength: 100, description: 'The code of the error.' })),
              version: RetryVersion,
            },
            closed,
          ),
          response: {
            200: Type.Object({
              retried: Type.Integer({ description: 'With `newest`, those that cannot go on in the published version are passed over.' }),
            }),
          },
        },
      },
      async ({ body: { workflow, node, code, version } }) => {
        const filter = { ...(workflow && { workflowId: workflow }), ...(node && { node }), ...(code && { code }) };
        return { retried: await runs.retryAll(filter, undefined, version) };
      },
    );

    app.post(
      '/runs/:id/pause',
      {
        config: write,
        schema: {
          tags,
          summary: 'Keep a run from moving',
          description: 'What it is told meanwhile is kept; effects that are on their way leave all the same.',
          params: idParams,
          response: { 200: RunView },
        },
      },
      async ({ params }) => runView(await runs.pause(params.id)),
    );

    app.post(
      '/runs/:id/resume',
      {
        config: write,
        schema: {
          tags,
          summary: 'Let a paused run go on',
          description: 'Waits whose time has passed meanwhile end at once.',
          params: idParams,
          response: { 200: RunView },
        },
      },
      async ({ params }) => runView(await runs.resume(params.id)),
    );

    for (const [action, summary, change] of [
      ['pause', 'Pause every run of a workflow; new ones start unless the workflow is paused, too', (id: string) => runs.pauseAll(id)],
      ['resume', 'Let every paused run of a workflow go on', (id: string) => runs.resumeAll(id)],
    ] as const) {
      app.post(
        `/runs/${action}`,
        {
          config: write,
          schema: {
            tags,
            summary,
            body: Type.Object({ workflow: WorkflowId }, closed),
            response: { 200: Type.Object({ changed: Type.Integer({ description: 'How many runs.' }) }) },
          },
        },
        async ({ body }) => ({ changed: await change(body.workflow) }),
      );
    }

    app.post(
      '/workflows/:id/runs',
      {
        config: write,
        schema: {
          tags,
          summary: 'Start a workflow by hand, through its trigger.manual',
          params: Type.Object({ id: WorkflowId }),
          body: Nullable(
            Type.Object(
              {
                record: Type.Optional(Uuid),
                input: Type.Optional(AnyObject),
                key: Type.Optional(
                  Type.String({ minLength: 1, maxLength: 150, description: 'Idempotency key: a second start with it starts nothing.' }),
                ),
              },
              closed,
            ),
          ),
          response: {
            201: Type.Object({ run: Nullable(Uuid) }, { description: 'null: re-entry or the condition of the trigger rules a run out.' }),
          },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const { record, input, key } = request.body ?? {};
        const run = await runs.start(id, authorOf(request), {
          ...(record && { recordId: record }),
          ...(input && { input }),
          ...(key && { key: `run.requested:${id}:${key}` }),
        });
        return reply.code(201).send({ run: run ?? null });
      },
    );
  };
