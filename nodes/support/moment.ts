import { Temporal } from 'temporal-polyfill';
import { TaktError } from '../../engine/sdk.ts';

const OFFSET = /(?:Z|[+-]\d{2}(?::?\d{2})?)$/i;
/** Far enough for any contract, and inside what every store and every date library can hold. */
const YEARS = [1900, 9999] as const;

/**
 * A moment in milliseconds since the epoch. A text without an offset is local time of `timezone` (in the repeated hour of autumn
 * the earlier one, in the skipped hour of spring as if the clock had not moved), a date alone is its first moment there.
 * Throws TaktError NODE_TIME.
 */
export function momentOf(text: string, timezone: string): number {
  const written = text.trim();
  try {
    const instant =
      written.includes('T') && OFFSET.test(written)
        ? Temporal.Instant.from(written)
        : Temporal.PlainDateTime.from(written).toZonedDateTime(timezone).toInstant();
    const year = instant.toZonedDateTimeISO('UTC').year;
    if (year < YEARS[0] || year > YEARS[1]) throw new RangeError(`The year ${year} is out of bounds.`);
    return instant.epochMilliseconds;
  } catch (cause) {
    throw new TaktError('NODE_TIME', { message: `${JSON.stringify(text.slice(0, 60))} is not a moment.`, cause });
  }
}

export const isoOf = (ms: number): string => new Date(ms).toISOString();
