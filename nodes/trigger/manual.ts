import { Type } from 'typebox';
import { defineTrigger } from '../../engine/sdk.ts';
import { entityName } from '../support/params.ts';
import { brief } from '../support/summary.ts';

export const manualTrigger = defineTrigger({
  type: 'trigger.manual',
  version: 1,
  title: 'By hand',
  description:
    'Starts a run when a person or a program asks for it, on one record, on many, or on none. What they send along is `event.data.input`.',
  params: Type.Object(
    { entity: Type.Optional(entityName('The entity of the records it is started on, if it needs one.')) },
    { additionalProperties: false },
  ),
  example: { entity: 'lead' },
  summary: (params) => (params.entity === undefined ? 'By hand' : `By hand, on a ${brief(params.entity)}`),
  subscriptions: (_params, place) => [{ type: 'run.requested', topic: place.workflowId }],
  entity: (params) => (typeof params.entity === 'string' ? params.entity : undefined),
});
