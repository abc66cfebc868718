/** Which share of their work of a month is behind people. */
import { type DataRequest, loadRecord, type ReadingContext, type RecordView, workingTimeBetween } from '../../engine/sdk.ts';
import { calendarOfUser } from '../support/calendar.ts';

interface Span {
  /** Milliseconds since the epoch; `until` does not belong to it. */
  from: number;
  until: number;
}

export interface PassedOf {
  /** Null where there is no such user any more. */
  user: RecordView | null;
  /** 0 to 1. */
  passed: number;
}

/**
 * By the working hours of each, without the time that they are away. Who does no work at all in the month has as much behind them as has passed
 * of it. @throws TaktError CALENDAR_CIRCLE, CALENDAR_INVALID, TIMEZONE_UNKNOWN
 */
export function* passedOf(
  ctx: ReadingContext,
  people: readonly string[],
  { from, until }: Span,
  now: number,
): Generator<DataRequest, Map<string, PassedOf>, void> {
  if (people.length > 0) yield { kind: 'records', ids: people };
  const shares = new Map<string, PassedOf>();
  const at = Math.min(Math.max(now, from), until);
  for (const id of people) {
    const user = yield* loadRecord(ctx, id);
    if (!user || user.deleted) {
      shares.set(id, { user: null, passed: (at - from) / (until - from) });
      continue;
    }
    const calendar = yield* calendarOfUser(ctx, user);
    const away = awayOf(user);
    const worked = (end: number): number => {
      const [begin, over] = [Math.max(from, away.from), Math.min(end, away.until)];
      return workingTimeBetween(calendar, from, end) - (over > begin ? workingTimeBetween(calendar, begin, over) : 0);
    };
    const whole = worked(until);
    shares.set(id, { user, passed: whole > 0 ? worked(at) / whole : (at - from) / (until - from) });
  }
  return shares;
}

/** As far as they are said: away since ever, or for ever. Nobody is away of whom neither is. */
function awayOf({ away_from, away_until }: RecordView): Span {
  const moment = (value: unknown): number | undefined => (typeof value === 'string' ? Date.parse(value) : undefined);
  const [from, until] = [moment(away_from), moment(away_until)];
  if (from === undefined && until === undefined) return { from: 0, until: 0 };
  return { from: from ?? Number.NEGATIVE_INFINITY, until: until ?? Number.POSITIVE_INFINITY };
}
