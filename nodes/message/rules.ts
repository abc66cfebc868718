/** Whether a message may leave now: what the settings of a workflow say of suppression, caps and quiet hours. */
import { type DataRequest, nextAllowed, type StepContext } from '../../engine/sdk.ts';

/** Why a message must not leave at all; undefined where it may. */
export function* keptBack(ctx: StepContext, channel: string): Generator<DataRequest, 'suppressed' | 'cap' | undefined, void> {
  if (ctx.isSuppressed()) return 'suppressed';
  const recordId = ctx.record?.id;
  if (recordId === undefined) return undefined;
  for (const cap of ctx.rules.caps.filter((one) => one.channel === channel)) {
    // One that was given out exactly so long ago counts no more.
    const since = ctx.now - cap.perMs + 1;
    yield { kind: 'sent', recordId, channel, since };
    if (ctx.sentCount(recordId, channel, since) >= cap.max) return 'cap';
  }
  return undefined;
}

/** The first moment from now on at which all quiet hours of the channel let a message out, milliseconds. */
export function allowedAt(ctx: StepContext, channel: string): number {
  return ctx.rules.quiet
    .filter((one) => one.channel === channel)
    .reduce((at, { from, to }) => nextAllowed(at, { from, to }, ctx.settings.timezone), ctx.now);
}
