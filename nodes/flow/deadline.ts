/** How long a node waits at most: what several nodes have in their parameters. */
import { Type } from 'typebox';
import { type DataRequest, type StepContext, Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { momentAfter } from '../support/when.ts';

export const Timeout = Value(DurationText, {
  description: 'How long at most: `P3D`. A day has 24 hours, in a `calendar` it is a working day. For ever without it.',
});
export const From = Type.Enum(['previous', 'enrolment'], {
  default: 'previous',
  description: 'From when `timeout` counts: from when the run comes here, or from when it started.',
});

interface Deadline {
  timeout?: string;
  from?: 'previous' | 'enrolment';
  calendar?: string;
  zone?: string | null;
}

/** Milliseconds since the epoch; undefined where there is no end. */
export function* deadlineOf(ctx: StepContext, { timeout, from, ...where }: Deadline): Generator<DataRequest, number | undefined, void> {
  if (timeout === undefined) return undefined;
  return yield* momentAfter(ctx, from === 'enrolment' ? ctx.run.startedAt : ctx.now, { for: timeout, ...where });
}
