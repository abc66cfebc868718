import { Type } from 'typebox';
import { defineTrigger } from '../../engine/sdk.ts';
import { entityName } from '../support/params.ts';
import { brief, text } from '../support/summary.ts';

export const callTrigger = defineTrigger({
  type: 'trigger.call',
  version: 1,
  title: 'When another workflow calls',
  description:
    'Lets other workflows start this one by flow.call. What they hand over is `event.data.input`; what flow.end gives as `output` goes back to them.',
  params: Type.Object(
    { entity: Type.Optional(entityName('The entity of the records it is called on, if it needs one.')) },
    { additionalProperties: false },
  ),
  example: { entity: 'lead' },
  summary: (params) => (params.entity === undefined ? 'called' : `called on a ${brief(params.entity)}`),
  subscriptions: (_params, place) => [{ type: 'run.called', topic: place.workflowId }],
  entity: (params) => text(params.entity),
});
