import { Type } from 'typebox';
import { defineTrigger } from '../../engine/sdk.ts';
import { brief, text } from '../support/summary.ts';

export const scheduleTrigger = defineTrigger({
  type: 'trigger.schedule',
  version: 1,
  title: 'At set times',
  description:
    'Starts a run at the times of a cron expression or of a recurrence rule. The run has no record; record.find gives it one. A time that the clock skips in spring comes as much later as the clock jumps; one that it shows twice in autumn comes once, at the first.',
  params: Type.Object(
    {
      cron: Type.Optional(
        Type.String({
          minLength: 9,
          maxLength: 100,
          description: 'Minute, hour, day of month, month, day of week: `0 9 * * 1` is Monday at nine.',
        }),
      ),
      rrule: Type.Optional(
        Type.String({
          minLength: 6,
          maxLength: 2_000,
          description: 'A recurrence rule of RFC 5545, such as `FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=17`.',
        }),
      ),
      start: Type.Optional(
        Type.String({ minLength: 10, maxLength: 40, description: 'For `rrule`: the local date and time with which it begins (DTSTART).' }),
      ),
      timezone: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: "IANA name of the zone in which the times are meant; the workflow's without it.",
        }),
      ),
      missed: Type.Optional(
        Type.Enum(['once', 'never'], {
          default: 'once',
          description: 'What becomes of times at which Takt was not running: one run for all of them, or none.',
        }),
      ),
    },
    {
      additionalProperties: false,
      allOf: [
        { oneOf: [{ required: ['cron'] }, { required: ['rrule'] }] },
        { anyOf: [{ not: { required: ['rrule'] } }, { required: ['start'] }] },
      ],
    },
  ),
  example: { cron: '0 9 * * 1-5', timezone: 'Europe/Moscow' },
  summary: (params) => `${brief(params.cron ?? params.rrule)}${params.timezone === undefined ? '' : ` (${brief(params.timezone)})`}`,
  subscriptions: (_params, place) => [{ type: 'schedule.fired', topic: `${place.workflowId}/${place.node}` }],
  schedule(params, { timezone }) {
    const missed = params.missed === 'never' ? 'never' : 'once';
    const [cron, rrule, start] = [text(params.cron), text(params.rrule), text(params.start)];
    if (cron !== undefined) return { kind: 'recurrence', missed, recurrence: { kind: 'cron', cron, timezone } };
    if (rrule !== undefined && start !== undefined)
      return { kind: 'recurrence', missed, recurrence: { kind: 'rrule', rrule, start, timezone } };
    return undefined;
  },
});
