import { Type } from 'typebox';
import { Condition, defineNode, type NodeResult, TaktError } from '../../engine/sdk.ts';
import { CalendarParam, ZoneParam } from '../support/calendar.ts';
import { brief } from '../support/summary.ts';
import { deadlineOf, From, Timeout } from './deadline.ts';

export const waitUntilNode = defineNode({
  type: 'flow.wait_until',
  version: 1,
  title: 'Wait until something holds',
  description:
    "Waits until a condition on the run's record holds, or until the time is over. It is asked at once, and again at every change of the record or of a record that refers to it.",
  params: Type.Object(
    {
      when: Condition({ description: 'The condition.' }),
      timeout: Type.Optional(Timeout),
      from: Type.Optional(From),
      calendar: Type.Optional(CalendarParam),
      zone: Type.Optional(ZoneParam),
    },
    { additionalProperties: false },
  ),
  example: { when: "record.stage = 'won'", timeout: 'P14D' },
  summary: (params) => `${brief(params.when)}${params.timeout === undefined ? '' : `, at most ${brief(params.timeout)}`}`,
  ports: ['holds', 'timeout'],
  *run(ctx, params) {
    if (params.when()) return { kind: 'next', port: 'holds' };
    if (!ctx.record) throw new TaktError('RUN_NO_RECORD');
    const { timeout, from, calendar, zone } = params;
    const until = yield* deadlineOf(ctx, { timeout, from, calendar, zone });
    if (until !== undefined && until <= ctx.now) return { kind: 'next', port: 'timeout' };
    return waiting(ctx.record.id, until);
  },
  resume(_ctx, wake, memo, params) {
    if (wake.kind !== 'event') return { kind: 'next', port: 'timeout' };
    if (params().when()) return { kind: 'next', port: 'holds' };
    return waiting(String(memo.record), typeof memo.until === 'number' ? memo.until : undefined);
  },
});

const CHANGES = ['record.updated', 'record.created', 'record.deleted'];

function waiting(record: string, until: number | undefined): NodeResult {
  const subscriptions = CHANGES.map((type) => ({ type, topic: '*', correlation: `record:${record}` }));
  return {
    kind: 'wait',
    wait: { kind: 'event', subscriptions, ...(until === undefined ? {} : { until }) },
    memo: { record, until: until ?? null },
  };
}
