import { Type } from 'typebox';
import { Condition, defineTrigger } from '../../engine/sdk.ts';
import { brief, text } from '../support/summary.ts';

export const failedTrigger = defineTrigger({
  type: 'trigger.failed',
  version: 1,
  title: 'When a run has failed',
  description:
    'Starts a run when a run of another workflow has failed, on the same record. `event.data` has `workflow`, `run`, `node`, `code` and `message`. Without `workflow` it hears of those whose setting `errorWorkflow` names this one.',
  params: Type.Object(
    {
      workflow: Type.Optional(
        Type.String({ pattern: '^([a-z][a-z0-9-]{0,62}|[*])$', description: 'Id of the workflow that is watched; `*` for all.' }),
      ),
      where: Type.Optional(Condition({ description: 'Reads `event.data`.' })),
    },
    { additionalProperties: false },
  ),
  example: { workflow: '*', where: "event.data.code = 'EFFECT_DEAD'" },
  summary: (params) =>
    params.workflow === undefined ? 'a run failed that names this workflow' : `a run of ${brief(params.workflow)} failed`,
  subscriptions(params, place) {
    const workflow = text(params.workflow);
    return [workflow === undefined ? { type: 'run.failed.for', topic: place.workflowId } : { type: 'run.failed', topic: workflow }];
  },
  // Its own failures would start it again and again.
  accepts: (_params, event, place) => event.data.workflow !== place.workflowId,
});
