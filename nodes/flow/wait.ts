import { Type } from 'typebox';
import { defineNode, isoOf, momentOf, Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { CalendarParam, ZoneParam } from '../support/calendar.ts';
import { brief } from '../support/summary.ts';
import { momentAfter } from '../support/when.ts';

export const waitNode = defineNode({
  type: 'flow.wait',
  version: 1,
  title: 'Wait',
  description:
    'Waits for a length of time, or until a moment. A moment that has passed already does not hold the run up. The wait survives restarts.',
  params: Type.Object(
    {
      for: Type.Optional(
        Value(DurationText, {
          description:
            'How long: `PT30M`, `P1D`. A day has 24 hours; in a `calendar` it is a working day, and `PT0S` waits until work begins.',
        }),
      ),
      from: Type.Optional(
        Type.Enum(['previous', 'enrolment'], {
          default: 'previous',
          description: 'From when `for` counts: from when the run comes here, or from when it started.',
        }),
      ),
      at: Type.Optional(
        Type.String({
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
          description:
            'With `for`: then until this local time of the workflow, `09:00`, or, with `calendar`, until that time of a working day. A time that the clock skips comes as much later as the clock jumps; one that it shows twice counts at the first.',
        }),
      ),
      calendar: Type.Optional(CalendarParam),
      zone: Type.Optional(ZoneParam),
      until: Type.Optional(
        Value(Type.String({ minLength: 4, maxLength: 64 }), {
          description:
            'The moment, ISO 8601. Without an offset it is local time of the workflow, read as `at` is; a date alone is its first moment.',
        }),
      ),
    },
    {
      additionalProperties: false,
      allOf: [
        { oneOf: [{ required: ['for'] }, { required: ['until'] }] },
        { not: { required: ['at', 'until'] } },
        { not: { required: ['calendar', 'until'] } },
      ],
      dependencies: { zone: ['calendar'] },
    },
  ),
  example: { for: 'P1D' },
  summary: (params) =>
    params.for === undefined
      ? `until ${brief(params.until)}`
      : `for ${brief(params.for)}${params.from === 'enrolment' ? ' from the start' : ''}${params.at === undefined ? '' : ` at ${brief(params.at)}`}`,
  ports: ['next'],
  output: Type.Object({ until: Type.String({ format: 'date-time', description: 'The moment that was waited for.' }) }),
  *run(ctx, params) {
    const start = params.from === 'enrolment' ? ctx.run.startedAt : ctx.now;
    const { at, calendar, zone } = params;
    const until =
      params.for === undefined
        ? momentOf(params.until ?? '', ctx.settings.timezone)
        : yield* momentAfter(ctx, start, { for: params.for, at, calendar, zone });
    const output = { until: isoOf(until) };
    if (until <= ctx.now) return { kind: 'next', port: 'next', output };
    return { kind: 'wait', wait: { kind: 'time', until }, memo: output };
  },
  resume: (_ctx, _wake, memo) => ({ kind: 'next', port: 'next', output: memo }),
});
