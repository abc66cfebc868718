/** The span of time that a report is about, in the zone of its workflow. */
import { Temporal } from 'temporal-polyfill';
import { Type } from 'typebox';
import { isoOf, momentOf, TaktError, Value } from '../../engine/sdk.ts';

export const CALENDAR_UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const;
type CalendarUnit = (typeof CALENDAR_UNITS)[number];

/** A bound of a span, as a parameter. */
export const Moment = Value(Type.String({ maxLength: 60 }), {
  description: 'A moment or a day; without an offset in the zone of the workflow.',
});

/** A span as it is written in a file: two moments, a length that ends now, or the last whole unit of the calendar. */
export type Span = { from: string; to: string } | { last: string } | { calendar: CalendarUnit };

export interface Period {
  /** ISO instants; `from` belongs to the span, `to` does not. */
  from: string;
  to: string;
  /** The days that begin within the span, as people name them: 2026-02-23 to 2026-03-01. Where none does, the day of `from`. */
  firstDay: string;
  lastDay: string;
  /** The same span for a field of type `date`: a day counts where it begins. `until` does not belong to it. */
  since: string;
  until: string;
}

/**
 * @param now milliseconds since the epoch
 * Throws TaktError NODE_TIME where a moment cannot be read or the span ends before it begins.
 */
export function periodOf(span: Span, now: number, timezone: string): Period {
  const [from, to] = bounds(span, Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone));
  if (Temporal.ZonedDateTime.compare(from, to) >= 0)
    throw new TaktError('NODE_TIME', {
      pointer: '/params/period',
      message: `The period ends at ${isoOf(to.epochMilliseconds)}, which is not after its beginning at ${isoOf(from.epochMilliseconds)}.`,
      hint: 'Give a "to" that is later than "from".',
    });
  const since = nextBeginning(from);
  const until = nextBeginning(to);
  const last = until.subtract({ days: 1 });
  const firstDay = Temporal.PlainDate.compare(since, last) > 0 ? from.toPlainDate() : since;
  return {
    from: isoOf(from.epochMilliseconds),
    to: isoOf(to.epochMilliseconds),
    firstDay: firstDay.toString(),
    lastDay: (Temporal.PlainDate.compare(since, last) > 0 ? firstDay : last).toString(),
    since: since.toString(),
    until: until.toString(),
  };
}

function bounds(span: Span, now: Temporal.ZonedDateTime): [Temporal.ZonedDateTime, Temporal.ZonedDateTime] {
  if ('last' in span) return [now.subtract(Temporal.Duration.from(span.last)), now];
  if ('calendar' in span) {
    const end = beginning(now, span.calendar);
    return [beginning(end.subtract({ days: 1 }), span.calendar), end];
  }
  const at = (text: string): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(momentOf(text, now.timeZoneId)).toZonedDateTimeISO(now.timeZoneId);
  return [at(span.from), at(span.to)];
}

/** The first moment of the day, week (from Monday, ISO 8601), month, quarter or year. */
function beginning(at: Temporal.ZonedDateTime, unit: CalendarUnit): Temporal.ZonedDateTime {
  const day = at.startOfDay();
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return day.subtract({ days: day.dayOfWeek - 1 }).startOfDay();
    case 'month':
      return day.with({ day: 1 }).startOfDay();
    case 'quarter':
      return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) }).startOfDay();
    case 'year':
      return day.with({ day: 1, month: 1 }).startOfDay();
  }
}

/** The first day that begins at this moment or after it. */
function nextBeginning(at: Temporal.ZonedDateTime): Temporal.PlainDate {
  const day = at.toPlainDate();
  return at.startOfDay().epochMilliseconds === at.epochMilliseconds ? day : day.add({ days: 1 });
}
