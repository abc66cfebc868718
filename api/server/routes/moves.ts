/** Running runs and newer versions. */
import { Type } from 'typebox';
import { readMapping } from '../../mapping.ts';
import { closed, Nullable } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';
import { JobView, jobPath, jobView } from './jobs.ts';
import { WorkflowId } from './workflows.ts';

const params = Type.Object({ id: WorkflowId });
const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const NodeId = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });
const MovePlan = Type.Object({
  from: Type.Integer(),
  to: Type.Integer(),
  runs: Type.Integer({ description: 'Runs of the version that have not ended.' }),
  movable: Type.Integer({ description: 'How many of them can go on in the other.' }),
  places: Type.Array(
    Type.Object({
      node: Type.String(),
      title: Nullable(Type.String()),
      waits: Type.String({ description: 'What they wait for there: `time`, `event`, … or `ready`, `failed`.' }),
      runs: Type.Integer(),
      movable: Type.Boolean(),
      reason: Nullable(Type.String({ description: 'Why not.' })),
    }),
    { description: 'Where they stand. A run with several branches stands at several places; it moves when all of them can.' },
  ),
});

export const moveRoutes: Routes =
  ({ engine: { versions } }) =>
  async (app) => {
    const tags = ['workflows'];

    app.get(
      '/workflows/:id/move',
      {
        config: { scope: 'runs:read' },
        schema: {
          tags,
          summary: 'Which running runs of a version could go on in another, and what is in the way',
          params,
          querystring: Type.Object({
            from: Version,
            to: Version,
            mapping: Type.Optional(
              Type.String({
                minLength: 3,
                maxLength: 16_000,
                description: 'Nodes that have another name there: `old=new,other=another`.',
              }),
            ),
          }),
          response: { 200: MovePlan },
        },
      },
      ({ params: { id }, query: { from, to, mapping } }) =>
        versions.movePlan({ workflowId: id, from, to, mapping: readMapping(mapping?.split(',') ?? []) }),
    );

    app.post(
      '/workflows/:id/move',
      {
        config: { scope: 'runs:write' },
        schema: {
          tags,
          summary: 'Let the running runs that can go on in another version, as a job; the others stay',
          params,
          body: Type.Object(
            {
              from: Version,
              to: Version,
              mapping: Type.Optional(
                Type.Record(NodeId, NodeId, {
                  additionalProperties: false,
                  description: 'Nodes that have another name there: old → new.',
                }),
              ),
            },
            closed,
          ),
          response: { 202: JobView },
        },
      },
      async (request, reply) => {
        const { from, to, mapping = {} } = request.body;
        const job = await versions.move({ workflowId: request.params.id, from, to, mapping }, authorOf(request));
        return reply.code(202).header('location', jobPath(job.id)).send(jobView(job));
      },
    );
  };
