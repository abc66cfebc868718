import { Type } from 'typebox';
import {
  Condition,
  type DataRequest,
  type DateOffset,
  defineTrigger,
  momentOf,
  offsetDate,
  parseSignedDuration,
  TIMER_FIRED,
  type TimerContext,
  type TriggerPlace,
  type WorkingCalendar,
  yearlyNext,
} from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { CalendarName, calendarOf } from '../support/calendar.ts';
import { entityName, fieldName } from '../support/params.ts';
import { brief, text } from '../support/summary.ts';
import { momentInHours } from '../support/when.ts';

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
            'How long after the date, `P1D`, or before it, `-P30D`. Days are days of the year: the local time stays, whatever the clocks do between. Hours are exact. With `calendar`, days are working days and hours working hours; a day off itself counts for none, and `PT0S` is when work begins.',
        }),
      ),
      at: Type.Optional(
        Type.String({
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
          description:
            'The local time of that day, `09:00`; midnight, or that of the field, without it. A time that the clock skips comes as much later as the clock jumps; one that it shows twice counts at the first.',
        }),
      ),
      calendar: Type.Optional(CalendarName),
      timezone: Type.Optional(
        Type.String({ minLength: 1, maxLength: 64, description: "IANA name; that of the `calendar`, or the workflow's, without it." }),
      ),
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
  *timers(params, event, ctx, place) {
    const { record } = ctx;
    if (!record || !concerns(params, event.type, event.data)) return [];
    const dueAt = record.deleted ? null : yield* momentFor(ctx, params, record[String(params.field)], place);
    return [{ key: record.id, dueAt, recordId: record.id, data: { date: record[String(params.field)] ?? null } }];
  },
});

/** An update of other fields moves nothing. */
function concerns({ field }: JsonObject, type: string, { changes }: JsonObject): boolean {
  if (type !== 'record.updated') return true;
  return typeof changes === 'object' && changes !== null && !Array.isArray(changes) && Object.hasOwn(changes, String(field));
}

function* momentFor(
  ctx: TimerContext,
  params: JsonObject,
  date: Json | undefined,
  { timezone }: TriggerPlace,
): Generator<DataRequest, number | null, void> {
  if (typeof date !== 'string') return null;
  const [calendar, at] = [text(params.calendar), text(params.at)];
  const wanted = { date, offset: text(params.offset) ?? 'PT0S', at, timezone };
  const yearly = params.yearly === true;
  let moment: number;
  if (calendar !== undefined)
    moment = worked(yield* calendarOf(ctx, calendar, text(params.timezone)), wanted, yearly ? ctx.now : undefined);
  else moment = yearly ? yearlyNext(wanted, ctx.now) : offsetDate(wanted);
  return moment > ctx.now ? moment : null;
}

const DAY = 86_400_000;
/** So many times its offset a moment is from its anniversary, at most: in a calendar with an hour of work a day. */
const REACH = 24;

/** In working days and hours. @param after where it comes every year: the first such moment after it */
function worked(calendar: WorkingCalendar, { date, offset, at }: DateOffset, after: number | undefined): number {
  const timezone = calendar.zone;
  if (after === undefined) return momentInHours(calendar, momentOf(date, timezone), offset, at);
  const { days, ms } = parseSignedDuration(offset);
  let anniversary = after - REACH * Math.abs(days * DAY + ms) - 366 * DAY;
  for (;;) {
    anniversary = yearlyNext({ date, offset: 'PT0S', timezone }, anniversary);
    const moment = momentInHours(calendar, anniversary, offset, at);
    if (moment > after) return moment;
  }
}
