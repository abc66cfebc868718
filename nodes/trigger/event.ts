import { Type } from 'typebox';
import { Condition, defineTrigger } from '../../engine/sdk.ts';
import { entityName } from '../support/params.ts';
import { brief } from '../support/summary.ts';

export const eventTrigger = defineTrigger({
  type: 'trigger.event',
  version: 1,
  title: 'When an event comes in',
  description:
    'Starts a run when an event of this type and topic is written: by the API, by a node, by an integration. If the event is about a record, the run works on that record.',
  params: Type.Object(
    {
      event: Type.String({ minLength: 1, maxLength: 100, description: 'The type of the event, such as `form.submitted`.' }),
      topic: Type.Optional(Type.String({ maxLength: 200, default: '', description: 'Its topic; the empty one without it.' })),
      entity: Type.Optional(
        entityName("The entity of the event's record, if it has one: lets the editor and the checks know the record's fields."),
      ),
      where: Type.Optional(Condition({ description: 'Reads `event.data` and, where there is one, `record`.' })),
    },
    { additionalProperties: false },
  ),
  example: { event: 'form.submitted', topic: 'demo', where: '$exists(event.data.email)' },
  summary: (params) => `${brief(params.event)}${params.topic ? ` · ${brief(params.topic)}` : ''}`,
  subscriptions: (params) =>
    typeof params.event === 'string' ? [{ type: params.event, topic: typeof params.topic === 'string' ? params.topic : '' }] : [],
  entity: (params) => (typeof params.entity === 'string' ? params.entity : undefined),
});
