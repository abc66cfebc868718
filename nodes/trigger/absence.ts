import { Type } from 'typebox';
import { Condition, defineTrigger, type EventView, TIMER_FIRED } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { CalendarName, ZoneName } from '../support/calendar.ts';
import { entityName } from '../support/params.ts';
import { brief, part, text } from '../support/summary.ts';
import { momentAfter } from '../support/when.ts';

const EventType = Type.String({ minLength: 1, maxLength: 100 });
const Topic = Type.Optional(Type.String({ maxLength: 200, default: '*', description: 'Its topic; any without it.' }));

export const absenceTrigger = defineTrigger({
  type: 'trigger.absence',
  version: 1,
  title: 'When something has not happened',
  description:
    'Starts a run when after one event about a record another one has not come within a time: a mail was sent and not opened within three days.',
  params: Type.Object(
    {
      event: Type.Unsafe<string>({ ...EventType, description: 'The event from which the time counts. A later one lets it count anew.' }),
      topic: Topic,
      missing: Type.Object(
        {
          event: Type.Unsafe<string>({ ...EventType, description: 'The event that is waited for.' }),
          topic: Topic,
          where: Type.Optional(Condition({ description: 'Which of these events counts.' })),
        },
        { additionalProperties: false, description: 'What has not come.' },
      ),
      within: Type.Unsafe<string>({
        ...DurationText,
        description: 'The time: `P3D`. A day has 24 hours, in a `calendar` it is a working day.',
      }),
      calendar: Type.Optional(CalendarName),
      zone: Type.Optional(ZoneName),
      entity: Type.Optional(entityName('The entity of the record that both events are about.')),
      where: Type.Optional(Condition({ description: 'Which of the first events count; `event` is that event.' })),
      still: Type.Optional(Condition({ description: 'Asked when the time is over: `record` as it is then.' })),
    },
    { additionalProperties: false, dependencies: { zone: ['calendar'] } },
  ),
  example: {
    event: 'message.sent',
    topic: 'email',
    missing: { event: 'message.opened', topic: 'email' },
    within: 'P3D',
    entity: 'lead',
    still: "record.stage = 'new'",
  },
  summary: (params) => `no ${brief(part(params.missing).event)} within ${brief(params.within)} of ${brief(params.event)}`,
  subscriptions: (_params, place) => [{ type: TIMER_FIRED, topic: `${place.workflowId}/${place.node}` }],
  entity: (params) => text(params.entity),
  watches(params) {
    const missing = part(params.missing);
    return [params, missing].flatMap(({ event, topic }) => (typeof event === 'string' ? [{ type: event, topic: text(topic) ?? '*' }] : []));
  },
  asks: '/still',
  watchAsks: (params, event) => (begins(params, event) ? '/where' : '/missing/where'),
  *timers(params, event, ctx) {
    const { record, now } = ctx;
    if (!record || typeof params.within !== 'string') return [];
    if (!begins(params, event)) return [{ key: record.id, dueAt: null }];
    const dueAt = yield* momentAfter(ctx, now, { for: params.within, calendar: text(params.calendar), zone: text(params.zone) });
    return [{ key: record.id, dueAt, recordId: record.id, data: { since: event.at, event: event.data } }];
  },
});

/** The event that lets the time count; also where the one that is missing differs from it by its topic alone. */
function begins({ event: type, topic = '*' }: JsonObject, event: EventView): boolean {
  return event.type === type && (topic === '*' || topic === event.topic);
}
