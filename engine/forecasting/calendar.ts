/** Months of a zone as moments. */
import type { Temporal } from 'temporal-polyfill';
import { firstDay, localAt } from '../time/written.ts';

export interface MonthSpan {
  /** YYYY-MM */
  readonly month: string;
  /** Milliseconds since the epoch; `until` does not belong to it. */
  readonly from: number;
  readonly until: number;
}

/** The month that a moment lies in, or one before (−1) or after it. Throws TIMEZONE_UNKNOWN. */
export function monthAt(ms: number, timezone: string, offset = 0): MonthSpan {
  return spanOf(firstDay(localAt(ms, timezone).toPlainDate(), 'month').add({ months: offset }), timezone);
}

function spanOf(first: Temporal.PlainDate, timezone: string): MonthSpan {
  const at = (day: Temporal.PlainDate): number => day.toZonedDateTime(timezone).epochMilliseconds;
  return { month: first.toString().slice(0, 7), from: at(first), until: at(first.add({ months: 1 })) };
}
