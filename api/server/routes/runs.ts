import { type Static, Type } from 'typebox';
import type { RunRow, StepRow } from '../../../engine/unit/rows.ts';
import { isoOf, isoOrNull, limitOf } from '../paging.ts';
import { AnyJson, AnyObject, closed, ErrorItem, Instant, idParams, Nullable, PageOf, paging, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { EffectView, effectView } from './effects.ts';
import { WorkflowId } from './workflows.ts';

const Status = Type.Enum(['active', 'waiting', 'done', 'paused', 'failed', 'cancelled', 'refused']);
const RunView = Type.Object({
  id: Uuid,
  workflow: Type.String(),
  version: Type.Integer(),
  status: Status,
  record: Nullable(Uuid),
  event: Nullable(Uuid),
  at: Type.Array(
    Type.Object({
      node: Type.String(),
      status: Type.Enum(['ready', 'waiting', 'failed']),
      until: Nullable(Type.Unsafe<string>({ ...Instant, description: 'When a wait ends by itself.' })),
    }),
    { description: 'Where the run stands: its tokens.' },
  ),
  outcome: Nullable(Type.String()),
  error: Nullable(ErrorItem),
  causes: Type.Array(Type.Object({ workflow: Type.String(), run: Type.String(), node: Type.String() }), {
    description: 'The runs that led to it, oldest first.',
  }),
  createdAt: Instant,
  updatedAt: Instant,
  endedAt: Nullable(Instant),
});
const StepView = Type.Object({
  seq: Type.Integer(),
  node: Type.String(),
  type: Type.String(),
  status: Type.Enum(['done', 'failed', 'waiting', 'cancelled']),
  port: Nullable(Type.String()),
  attempt: Type.Integer(),
  input: Nullable(AnyJson),
  output: Nullable(AnyJson),
  error: Nullable(ErrorItem),
  startedAt: Instant,
  endedAt: Nullable(Instant),
  cpuMicros: Type.Integer({ description: 'Computing time, microseconds.' }),
});
const RunDetails = Type.Object({ run: RunView, steps: Type.Array(StepView), effects: Type.Array(EffectView) });

const runView = (row: RunRow): Static<typeof RunView> => ({
  id: row.id,
  workflow: row.workflowId,
  version: row.version,
  status: row.status,
  record: row.recordId,
  event: row.eventId,
  at: row.state.tokens.map(({ node, status, wait }) => ({ node, status, until: isoOrNull(wait?.until ?? null) })),
  outcome: row.outcome,
  error: row.error,
  causes: row.chain,
  createdAt: isoOf(row.createdAt),
  updatedAt: isoOf(row.updatedAt),
  endedAt: isoOrNull(row.endedAt),
});

const stepView = (row: StepRow): Static<typeof StepView> => ({
  seq: row.seq,
  node: row.node,
  type: row.type,
  status: row.status,
  port: row.port,
  attempt: row.attempt,
  input: row.input,
  output: row.output,
  error: row.error,
  startedAt: isoOf(row.startedAt),
  endedAt: isoOrNull(row.endedAt),
  cpuMicros: row.cpuMicros,
});

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
        };
        const page = await runs.page(filter, limitOf(query), query.cursor);
        return { ...page, items: page.items.map(runView) };
      },
    );

    app.get(
      '/runs/:id',
      { config: read, schema: { tags, summary: 'One run with its steps and effects', params: idParams, response: { 200: RunDetails } } },
      async ({ params }) => {
        const { run, steps, effects } = await runs.get(params.id);
        return { run: runView(run), steps: steps.map(stepView), effects: effects.map(effectView) };
      },
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
        schema: { tags, summary: 'Let a failed run go on with the step that failed', params: idParams, response: { 200: RunView } },
      },
      async ({ params }) => {
        await runs.retry(params.id);
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
            },
            closed,
          ),
          response: { 200: Type.Object({ retried: Type.Integer() }) },
        },
      },
      async ({ body: { workflow, node, code } }) => ({
        retried: await runs.retryAll({ ...(workflow && { workflowId: workflow }), ...(node && { node }), ...(code && { code }) }),
      }),
    );

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
