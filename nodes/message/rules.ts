/** Whether a message may leave now: what the settings of a workflow say of suppression, caps and quiet hours. */
import { type DataRequest, nextAllowed, nextWorking, type StepContext, TaktError } from '../../engine/sdk.ts';
import { calendarOf } from '../support/calendar.ts';

/** Why a message must not leave at all; undefined where it may. */
export function* refusalOf(ctx: StepContext, channel: string): Generator<DataRequest, 'suppressed' | 'cap' | undefined, void> {
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

/**
 * The first moment from now on at which the quiet hours of the channel let a message out, one after the other, milliseconds. Whoever waits
 * until then asks again: what the first of several rules allowed may be over when the second one does.
 * Throws TaktError CALENDAR_UNKNOWN, CALENDAR_CIRCLE, CALENDAR_WITHOUT_HOURS, TIMEZONE_UNKNOWN.
 */
export function* allowedAt(ctx: StepContext, channel: string): Generator<DataRequest, number, void> {
  let at = ctx.now;
  for (const rule of ctx.rules.quiet.filter((one) => one.channel === channel)) {
    const zone = ctx.quietZone(rule);
    if ('calendar' in rule.hours) at = yield* nextIn(ctx, rule.hours.calendar, zone, at);
    else at = nextAllowed(at, rule.hours, zone ?? ctx.settings.timezone);
  }
  return at;
}

function* nextIn(ctx: StepContext, calendar: string, zone: string | undefined, at: number): Generator<DataRequest, number, void> {
  try {
    return nextWorking(yield* calendarOf(ctx, calendar, zone), at);
  } catch (error) {
    // It stands in the settings, not among the parameters.
    throw error instanceof TaktError ? new TaktError(error.code, { message: error.message, pointer: '/settings/quiet' }) : error;
  }
}
