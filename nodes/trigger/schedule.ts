import { Type } from 'typebox';
import { defineTrigger } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

export const scheduleTrigger = defineTrigger({
  type: 'trigger.schedule',
  version: 1,
  title: 'At set times',
  description: 'Starts a run at the times of a cron expression. The run has no record; record.find gives it one.',
  params: Type.Object(
    {
      cron: Type.String({
        minLength: 9,
        maxLength: 100,
        description: 'Minute, hour, day of month, month, day of week: `0 9 * * 1` is Monday at nine.',
      }),
      timezone: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: "IANA name of the zone in which the times are meant; the workflow's without it.",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { cron: '0 9 * * 1-5', timezone: 'Europe/Moscow' },
  summary: (params) => `${brief(params.cron)}${params.timezone === undefined ? '' : ` (${brief(params.timezone)})`}`,
  subscriptions: (_params, place) => [{ type: 'schedule.fired', topic: `${place.workflowId}/${place.node}` }],
  schedule: (params) =>
    typeof params.cron === 'string'
      ? { cron: params.cron, timezone: typeof params.timezone === 'string' ? params.timezone : 'UTC' }
      : undefined,
});
