import { Type } from 'typebox';
import { Condition, defineTrigger, offsetDate, TIMER_FIRED, type TriggerPlace, yearlyNext } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { entityName, fieldName } from '../support/params.ts';
import { brief, text } from '../support/summary.ts';

const RECORD_EVENTS = ['record.created', 'record.updated', 'record.restored', 'record.deleted'];

export const dateTrigger = defineTrigger({
  type: 'trigger.date',
  version: 1,
  title: 'Before or after a date',
  description:
    "Starts a run so long before or after the date in a record's field. When the date moves, the moment moves with it; a moment that has passed when the date is set starts nothing.",
  params: Type.Object(
    {
      entity: entityName('The entity whose records have the date.'),
      field: fieldName('The field with the date, or the date and time.'),
      offset: Type.Optional(
        Type.String({
          pattern: '^-?P(?=[0-9T])([0-9]{1,5}W)?([0-9]{1,5}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,7}M)?([0-9]{1,8}S)?)?$',
          default: 'PT0S',
          description:
            'How long after the date, `P1D`, or before it, `-P30D`. Days are days of the calendar: the local time stays, whatever the clocks do between. Hours are exact.',
        }),
      ),
      at: Type.Optional(
        Type.String({
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
          description:
            'The local time of that day, `09:00`; midnight, or that of the field, without it. A time that the clock skips comes as much later as the clock jumps; one that it shows twice counts at the first.',
        }),
      ),
      timezone: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "IANA name; the workflow's zone without it." })),
      yearly: Type.Optional(
        Type.Boolean({ default: false, description: 'Every year on that day: birthdays. 29 February falls on the 28th.' }),
      ),
      where: Type.Optional(
        Condition({ description: 'Asked of the record when the moment has come; a yearly one comes again whatever the answer is.' }),
      ),
    },
    { additionalProperties: false },
  ),
  example: {
    entity: 'contract',
    field: 'ends_on',
    offset: '-P30D',
    at: '09:00',
    where: "record.stage = 'active' and record.period = 'yearly'",
  },
  summary: (params) =>
    `${brief(params.offset, 'PT0S')} · ${brief(params.entity)}.${brief(params.field)}${params.at === undefined ? '' : ` at ${brief(params.at)}`}`,
  subscriptions: (_params, place) => [{ type: TIMER_FIRED, topic: `${place.workflowId}/${place.node}` }],
  entity: (params) => text(params.entity),
  backfills: (params) => text(params.entity),
  watches(params, place) {
    const entity = text(params.entity);
    const records = entity === undefined ? [] : RECORD_EVENTS.map((type) => ({ type, topic: entity }));
    return params.yearly === true ? [...records, { type: TIMER_FIRED, topic: `${place.workflowId}/${place.node}` }] : records;
  },
  timers(params, event, { record, now }, place) {
    if (!record || !concerns(params, event.type, event.data)) return [];
    const dueAt = record.deleted ? null : momentOf(params, record[String(params.field)], now, place);
    return [{ key: record.id, dueAt, recordId: record.id, data: { date: record[String(params.field)] ?? null } }];
  },
});

/** An update of other fields moves nothing. */
function concerns({ field }: JsonObject, type: string, { changes }: JsonObject): boolean {
  if (type !== 'record.updated') return true;
  return typeof changes === 'object' && changes !== null && !Array.isArray(changes) && Object.hasOwn(changes, String(field));
}

function momentOf({ offset, at, yearly }: JsonObject, date: Json | undefined, now: number, { timezone }: TriggerPlace): number | null {
  if (typeof date !== 'string') return null;
  const wanted = { date, offset: text(offset) ?? 'PT0S', timezone, ...(typeof at === 'string' ? { at } : {}) };
  const moment = yearly === true ? yearlyNext(wanted, now) : offsetDate(wanted);
  return moment > now ? moment : null;
}
