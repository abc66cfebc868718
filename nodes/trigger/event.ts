import { Type } from 'typebox';
import { Condition, defineTrigger, parseDuration } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { entityName } from '../support/params.ts';
import { brief, part, text } from '../support/summary.ts';

export const eventTrigger = defineTrigger({
  type: 'trigger.event',
  version: 1,
  title: 'When an event comes in',
  description:
    'Starts a run when an event of this type and topic is written: by the API, by a node, by an integration. If the event is about a record, the run works on that record.',
  params: Type.Object(
    {
      event: Type.String({ minLength: 1, maxLength: 100, description: 'The type of the event, such as `form.submitted`.' }),
      topic: Type.Optional(Type.String({ maxLength: 200, default: '', description: 'Its topic, `*` for any; the empty one without it.' })),
      entity: Type.Optional(
        entityName("The entity of the event's record, if it has one: lets the editor and the checks know the record's fields."),
      ),
      where: Type.Optional(Condition({ description: 'Reads `event.data` and, where there is one, `record`.' })),
      count: Type.Optional(
        Type.Object(
          {
            times: Type.Integer({ minimum: 2, maximum: 1_000, description: 'How many of them make a run.' }),
            within: Type.Optional(DurationText),
          },
          {
            additionalProperties: false,
            description: 'Only with so many of these events about one record, within the time where one is given. Then it counts anew.',
          },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  example: { event: 'message.opened', topic: 'email', where: "event.data.subject = 'Your quote'", count: { times: 3, within: 'PT1H' } },
  summary(params) {
    const { times, within } = part(params.count);
    const counted = times === undefined ? '' : ` × ${brief(times)}${within === undefined ? '' : ` within ${brief(within)}`}`;
    return `${brief(params.event)}${params.topic ? ` · ${brief(params.topic)}` : ''}${counted}`;
  },
  subscriptions: (params) => (typeof params.event === 'string' ? [{ type: params.event, topic: text(params.topic) ?? '' }] : []),
  entity: (params) => text(params.entity),
  count(params) {
    const { times, within } = part(params.count);
    if (typeof times !== 'number') return undefined;
    return { times, withinMs: typeof within === 'string' ? parseDuration(within) : undefined };
  },
});
