import { Type } from 'typebox';
import { Condition, defineTrigger, type EventView, loadRecord, TIMER_FIRED } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { CalendarName, ZoneName } from '../support/calendar.ts';
import { entityName, fieldName } from '../support/params.ts';
import { brief, list, part, text } from '../support/summary.ts';
import { momentAfter } from '../support/when.ts';

const Activity = Type.Object(
  {
    event: Type.String({ minLength: 1, maxLength: 100, description: 'Type of the event: `message.answered`, `record.updated`.' }),
    topic: Type.Optional(Type.String({ maxLength: 200, description: 'Its topic; any without it, for `record.…` the entity.' })),
    fields: Type.Optional(
      Type.Array(fieldName(), { minItems: 1, maxItems: 100, description: 'For `record.updated`: a change of one of these fields.' }),
    ),
    via: Type.Optional(fieldName('The event is about another record; this field of it refers to ours.')),
  },
  { additionalProperties: false },
);

export const inactivityTrigger = defineTrigger({
  type: 'trigger.inactivity',
  version: 1,
  title: 'After a silence',
  description:
    'Starts a run when nothing that counts as activity has happened to a record for a time; once per silence. What counts is up to you; that a record has been created always does.',
  params: Type.Object(
    {
      entity: entityName('The entity whose records are watched.'),
      for: Type.Unsafe<string>({
        ...DurationText,
        description: 'How long: `P90D`. A day has 24 hours, in a `calendar` it is a working day.',
      }),
      calendar: Type.Optional(CalendarName),
      zone: Type.Optional(ZoneName),
      activity: Type.Array(Activity, { minItems: 1, maxItems: 20, description: 'What counts as activity.' }),
      since: Type.Optional(
        fieldName('A date field that tells of the last activity of records that are older than this workflow; the last change without it.'),
      ),
      where: Type.Optional(Condition({ description: 'Asked of the record when the time is over.' })),
    },
    { additionalProperties: false, dependencies: { zone: ['calendar'] } },
  ),
  example: {
    entity: 'deal',
    for: 'P90D',
    activity: [
      { event: 'message.answered' },
      { event: 'record.updated', fields: ['stage'] },
      { event: 'record.created', topic: 'call', via: 'record' },
    ],
    where: "$not(record.stage in ['won', 'lost'])",
  },
  summary: (params) => `${brief(params.entity)} silent for ${brief(params.for)}`,
  subscriptions: (_params, place) => [{ type: TIMER_FIRED, topic: `${place.workflowId}/${place.node}` }],
  entity: (params) => text(params.entity),
  backfills: (params) => text(params.entity),
  watches(params) {
    const entity = text(params.entity) ?? '';
    const own = ['record.created', 'record.restored', 'record.deleted'].map((type) => ({ type, topic: entity }));
    const active = list(params.activity).flatMap((one) => {
      const { event, topic } = part(one);
      return typeof event === 'string' ? [{ type: event, topic: text(topic) ?? (event.startsWith('record.') ? entity : '*') }] : [];
    });
    return [...own, ...active.filter((one) => !own.some((other) => other.type === one.type && other.topic === one.topic))];
  },
  *timers(params, event, ctx) {
    const { record, now } = ctx;
    if (!record || typeof params.for !== 'string') return [];
    const length = { for: params.for, calendar: text(params.calendar), zone: text(params.zone) };
    const own = record.entity === params.entity;
    if (own && record.deleted) return [{ key: record.id, dueAt: null }];
    if (event.type === BACKFILL) {
      const since = Date.parse(text(record[text(params.since) ?? 'updated_at']) ?? text(record.updated_at) ?? '');
      const dueAt = Math.max(now, yield* momentAfter(ctx, since, length));
      return [{ key: record.id, dueAt, recordId: record.id, onlyIfMissing: true }];
    }
    const subject = own && isBirth(event) ? record.id : subjectOf(params, event, record, own);
    if (subject === undefined) return [];
    // `owner` is the one of the record that is watched, whatever the event is about.
    const watched = subject === record.id || length.calendar === undefined ? ctx : { ...ctx, record: yield* loadRecord(ctx, subject) };
    return [{ key: subject, dueAt: yield* momentAfter(watched, now, length), recordId: subject }];
  },
});

/** The type of the event that stands for a record which was there before the workflow. */
const BACKFILL = 'backfill';

const isBirth = (event: EventView): boolean => event.type === 'record.created' || event.type === 'record.restored';

/** Whose silence the event ends, if it is an activity. */
function subjectOf(params: JsonObject, event: EventView, record: JsonObject, own: boolean): string | undefined {
  for (const one of list(params.activity)) {
    const { event: type, topic, fields, via } = part(one);
    if (type !== event.type || (typeof topic === 'string' && topic !== event.topic)) continue;
    const changes = part(event.data.changes);
    if (fields !== undefined && !list(fields).some((field) => typeof field === 'string' && Object.hasOwn(changes, field))) continue;
    const subject = typeof via === 'string' ? referredId(record[via], params.entity) : own ? text(record.id) : undefined;
    if (subject !== undefined) return subject;
  }
  return undefined;
}

/** A reference to any entity says which one it means; another than ours is no concern of ours. */
function referredId(reference: Json | undefined, entity: Json | undefined): string | undefined {
  const { id, entity: named } = part(reference);
  return text(reference) ?? (named === entity ? text(id) : undefined);
}
