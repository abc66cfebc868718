import { Type } from 'typebox';
import { defineTrigger, parseDuration } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { brief, text } from '../support/summary.ts';

export const idleTrigger = defineTrigger({
  type: 'trigger.idle',
  version: 1,
  title: 'When a workflow has not run',
  description:
    'Starts a run when another workflow has begun no run for a time, and again each time as much has passed. `event.data` has `workflow` and `last_run_at`.',
  params: Type.Object(
    {
      workflow: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Id of the workflow that is expected to run.' }),
      for: Type.Unsafe<string>({ ...DurationText, description: 'How long: `PT24H`. A day has 24 hours.' }),
    },
    { additionalProperties: false },
  ),
  example: { workflow: 'nightly-report', for: 'PT24H' },
  summary: (params) => `${brief(params.workflow)} idle for ${brief(params.for)}`,
  subscriptions: (_params, place) => [{ type: 'schedule.fired', topic: `${place.workflowId}/${place.node}` }],
  schedule(params) {
    const [workflow, length] = [text(params.workflow), text(params.for)];
    return workflow === undefined || length === undefined ? undefined : { kind: 'idle', workflow, forMs: parseDuration(length) };
  },
});
