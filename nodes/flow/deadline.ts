/** How long a node waits at most: what several nodes have in their parameters. */
import { Type } from 'typebox';
import { parseDuration, type StepContext, Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';

export const Timeout = Value(DurationText, { description: 'How long at most: `P3D`. A day has 24 hours. For ever without it.' });
export const From = Type.Enum(['previous', 'enrolment'], {
  default: 'previous',
  description: 'From when `timeout` counts: from when the run comes here, or from when it started.',
});

/** Milliseconds since the epoch; undefined where there is no end. */
export function deadlineOf(ctx: StepContext, { timeout, from }: { timeout?: string; from?: 'previous' | 'enrolment' }): number | undefined {
  if (timeout === undefined) return undefined;
  return (from === 'enrolment' ? ctx.run.startedAt : ctx.now) + parseDuration(timeout);
}
