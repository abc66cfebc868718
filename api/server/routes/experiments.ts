import { type Static, Type } from 'typebox';
import type { Experiment } from '../../../engine/services/experiments.ts';
import { closed, Nullable } from '../schemas.ts';
import type { Routes } from '../services.ts';
import { WorkflowId } from './workflows.ts';

const Interval = Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'Lowest and highest, at the confidence asked for.' });
const ExperimentView = Type.Object({
  node: Type.String({ description: 'The flow.split.' }),
  arms: Type.Array(
    Type.Object({
      name: Type.String(),
      n: Type.Integer({ description: 'Records that took this way.' }),
      successes: Type.Integer(),
      rate: Type.Number({ description: 'Successes of n, from 0 to 1.' }),
    }),
  ),
  winner: Nullable(Type.String({ description: 'The way that all new records take.' })),
  state: Type.Enum(['too_few', 'too_early', 'no_difference', 'winner']),
  best: Type.String({ description: 'The way with the highest rate so far.' }),
  p: Type.Number({
    description: 'Of the best against the one that is hardest to tell from it; two-sided, corrected for several comparisons.',
  }),
  comparisons: Type.Array(
    Type.Object({
      name: Type.String(),
      difference: Type.Number({ description: 'Rate of the best less that of this one.' }),
      interval: Interval,
      p: Type.Number(),
    }),
  ),
  text: Type.Array(Type.String(), { description: 'The same in sentences.' }),
  minimum: Type.Integer({ description: 'Records that each way needs.' }),
  confidence: Type.Number(),
  adopt: Type.Enum(['by_hand', 'auto']),
});

const view = ({ node, arms, verdict, winner, spec }: Experiment): Static<typeof ExperimentView> => ({
  node,
  arms: arms.map(({ name, n, successes }) => ({ name, n, successes, rate: n === 0 ? 0 : successes / n })),
  winner,
  state: verdict.state,
  best: verdict.best,
  p: verdict.p,
  comparisons: verdict.comparisons.map(({ name, difference, interval, p }) => ({ name, difference, interval: [...interval], p })),
  text: [...verdict.text],
  minimum: spec.minimum,
  confidence: spec.confidence,
  adopt: spec.adopt,
});

export const experimentRoutes: Routes =
  ({ engine: { experiments } }) =>
  async (app) => {
    const tags = ['experiments'];

    app.get(
      '/workflows/:id/experiments',
      {
        config: { scope: 'workflows:read' },
        schema: {
          tags,
          summary: 'The splits of a published workflow, with what they have shown so far',
          params: Type.Object({ id: WorkflowId }),
          response: { 200: Type.Object({ items: Type.Array(ExperimentView) }) },
        },
      },
      async ({ params }) => ({ items: (await experiments.list(params.id)).map(view) }),
    );

    app.post(
      '/workflows/:id/experiments/:node/adopt',
      {
        config: { scope: 'workflows:publish' },
        schema: {
          tags,
          summary: 'Let all new records take one way; null lets the experiment go on',
          params: Type.Object({ id: WorkflowId, node: Type.String({ maxLength: 63 }) }),
          body: Type.Object({ arm: Nullable(Type.String({ minLength: 1, maxLength: 63 })) }, closed),
          response: { 200: ExperimentView },
        },
      },
      async ({ params, body }) => view(await experiments.adopt(params.id, params.node, body.arm)),
    );
  };
