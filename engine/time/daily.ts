/** Times of the day on the clock of a zone: the next one, and hours in which something is allowed. */
import { Temporal } from 'temporal-polyfill';
import { timeOfDay } from './moment.ts';

/**
 * Hours of every day, local: from `from`, included, to `to`, left out. Where `to` is earlier they last over midnight; where both
 * are equal, all day.
 */
export interface DailyWindow {
  /** `HH:MM` */
  from: string;
  /** `HH:MM` */
  to: string;
}

/** Long enough for a window that one day's clock skips, and for a zone that leaves out a whole day. */
const SEARCH_DAYS = 3;

/**
 * The first moment at or after `fromMs` at which the local clock comes to `time`. A time that the clock skips that day is as much later
 * as the clock jumped; one that comes twice counts at its first.
 * @param time `HH:MM`
 * @throws TaktError NODE_TIME
 */
export function nextTimeOfDay(fromMs: number, time: string, timezone: string): number {
  const plain = timeOfDay(time);
  const today = zoned(fromMs, timezone).toPlainDate();
  // Yesterday's may have been put off over midnight.
  for (let days = -1; ; days++) {
    const moment = today.add({ days }).toZonedDateTime({ timeZone: timezone, plainTime: plain }).epochMilliseconds;
    if (moment >= fromMs) return moment;
  }
}

/** Does the local clock show a time inside the window? Throws TaktError NODE_TIME. */
export function withinDaily(nowMs: number, window: DailyWindow, timezone: string): boolean {
  const from = timeOfDay(window.from);
  const to = timeOfDay(window.to);
  const now = zoned(nowMs, timezone).toPlainTime();
  const begun = Temporal.PlainTime.compare(from, now) <= 0;
  const over = Temporal.PlainTime.compare(to, now) <= 0;
  const sameDay = Temporal.PlainTime.compare(from, to) < 0;
  return sameDay ? begun && !over : begun || !over;
}

/**
 * The first moment at or after `nowMs` that lies in the window: `nowMs` itself inside it, else when the window opens. Where the
 * clock jumps over the opening, the window opens with the jump; where it jumps back into the window, it opens again.
 * Throws TaktError NODE_TIME.
 */
export function nextAllowed(nowMs: number, window: DailyWindow, timezone: string): number {
  if (withinDaily(nowMs, window, timezone)) return nowMs;
  const now = zoned(nowMs, timezone);
  const opening = timeOfDay(window.from);
  const openings = Array.from({ length: SEARCH_DAYS + 1 }, (_, days) => now.toPlainDate().add({ days }).toPlainDateTime(opening)).flatMap(
    (local) => [
      local.toZonedDateTime(timezone, { disambiguation: 'earlier' }),
      local.toZonedDateTime(timezone, { disambiguation: 'later' }),
    ],
  );
  const jump = now.getTimeZoneTransition('next');
  const moments = [...openings, ...(jump === null ? [] : [jump])].map((moment) => moment.epochMilliseconds);
  return Math.min(...moments.filter((moment) => moment > nowMs && withinDaily(moment, window, timezone)));
}

const zoned = (ms: number, timezone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timezone);
