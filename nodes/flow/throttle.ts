import { Type } from 'typebox';
import { defineNode, parseDuration, readMark, Template } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { brief } from '../support/summary.ts';

export const throttleNode = defineNode({
  type: 'flow.throttle',
  version: 1,
  title: 'At most so often',
  description: 'Lets at most `max` runs pass within any `per`, for each record or for each value of `key`; the others go out by `excess`.',
  params: Type.Object(
    {
      max: Type.Integer({ minimum: 1, maximum: 1_000, description: 'How many.' }),
      per: Type.Unsafe<string>({ ...DurationText, description: 'Within which time: `PT24H`. A day has 24 hours.' }),
      key: Type.Optional(Template({ maxLength: 200, description: "What is counted apart; the run's record without it." })),
    },
    { additionalProperties: false },
  ),
  example: { max: 1, per: 'PT24H' },
  summary: (params) => `${brief(params.max)} per ${brief(params.per)}`,
  ports: ['pass', 'excess'],
  output: Type.Object({ passed: Type.Integer({ description: 'How many have passed within the time, this one included.' }) }),
  *run(ctx, { max, per, key }) {
    const mark = `pass:${ctx.run.workflowId}:${ctx.node.id}:${key ?? ctx.record?.id ?? ''}`;
    const since = ctx.now - parseDuration(per);
    const value = yield* readMark(ctx, mark);
    const recent = (Array.isArray(value) ? value : []).filter((at) => typeof at === 'number' && at > since);
    if (recent.length >= max) return { kind: 'next', port: 'excess', output: { passed: recent.length } };
    ctx.setMark(mark, [...recent, ctx.now], ctx.now + parseDuration(per));
    return { kind: 'next', port: 'pass', output: { passed: recent.length + 1 } };
  },
});
