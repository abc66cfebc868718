/** Nights in which clocks change, and engines whose clock begins on the day before. */
import { afterEach } from 'vitest';
import { momentOf } from '../../../engine/time/moment.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { clock } from '../../time/support.ts';
import { openTestEngine, type TestEngine } from '../support.ts';
import { listen, runsOf } from '../support-flow.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Night {
  timezone: string;
  way: 'forward' | 'back' | 'nowhere';
  /** The days before, of and after the change. */
  eve: string;
  day: string;
  next: string;
  /** A time of the night that the clock skips, or shows twice. */
  time: string;
  /** When what is due at that time comes: as much later as the clock jumps, or with the first of the two. */
  comes: string;
  /** From noon of the day before to noon. */
  hours: number;
}

const night = (
  timezone: string,
  way: Night['way'],
  [eve, day, next]: [string, string, string],
  time: string,
  comes: string,
  hours: number,
): Night => ({ timezone, way, eve, day, next, time, comes, hours });

/** Casablanca's clocks go back for Ramadan. Its rule after 2026 differs between releases of the time zone database. */
export const NIGHTS: readonly Night[] = [
  night('Europe/Moscow', 'nowhere', ['2026-03-28', '2026-03-29', '2026-03-30'], '02:30', '2026-03-29T02:30+03:00', 24),
  night('Europe/Moscow', 'nowhere', ['2026-10-24', '2026-10-25', '2026-10-26'], '02:30', '2026-10-25T02:30+03:00', 24),
  night('Europe/Berlin', 'forward', ['2026-03-28', '2026-03-29', '2026-03-30'], '02:30', '2026-03-29T03:30+02:00', 23),
  night('Europe/Berlin', 'back', ['2026-10-24', '2026-10-25', '2026-10-26'], '02:30', '2026-10-25T02:30+02:00', 25),
  night('America/New_York', 'forward', ['2026-03-07', '2026-03-08', '2026-03-09'], '02:30', '2026-03-08T03:30-04:00', 23),
  night('America/New_York', 'back', ['2026-10-31', '2026-11-01', '2026-11-02'], '01:30', '2026-11-01T01:30-04:00', 25),
  night('Australia/Lord_Howe', 'forward', ['2026-10-03', '2026-10-04', '2026-10-05'], '02:15', '2026-10-04T02:45+11:00', 23.5),
  night('Australia/Lord_Howe', 'back', ['2026-04-04', '2026-04-05', '2026-04-06'], '01:45', '2026-04-05T01:45+11:00', 24.5),
  night('Africa/Casablanca', 'forward', ['2026-03-21', '2026-03-22', '2026-03-23'], '02:30', '2026-03-22T03:30+01:00', 23),
  night('Africa/Casablanca', 'back', ['2026-02-14', '2026-02-15', '2026-02-16'], '02:30', '2026-02-15T02:30+01:00', 25),
];

/** An engine in a zone, at a local time of which the clock begins. */
export interface LocalEngine extends TestEngine {
  /** Publishes a workflow that only notes when it has been started. */
  listen(id: string, trigger: JsonObject, settings?: JsonObject): Promise<void>;
  /** What the local clock showed when runs of the workflow began, the oldest first. */
  starts(id: string): Promise<string[]>;
  /** Goes on to a local time, carrying everything out on the way. */
  passTo(local: string): Promise<void>;
  /** What the local clock shows at a moment so long after this one, milliseconds. */
  shows(ms: number): string;
  /** The moment of a local time as the API takes it. */
  instant(local: string): string;
}

/** The way to open engines; they are closed when their test is over. */
export function localEngines(): (timezone: string, start: string) => Promise<LocalEngine> {
  const opened: TestEngine[] = [];
  afterEach(async () => {
    for (const takt of opened.splice(0)) await takt.close();
  });
  return async (timezone, start) => {
    const takt = await openTestEngine('memory', { start: momentOf(start, timezone) });
    opened.push(takt);
    return {
      ...takt,
      listen: (id, trigger, settings = {}) => listen(takt, id, trigger, { timezone, ...settings }),
      starts: async (id) => (await runsOf(takt, id)).map((run) => clock(run.createdAt, timezone)),
      passTo: (local) => takt.pass(momentOf(local, timezone) - takt.clock.now()),
      shows: (ms) => clock(takt.clock.now() + ms, timezone),
      instant: (local) => new Date(momentOf(local, timezone)).toISOString(),
    };
  };
}

/** What the clock of the zone shows then, with its offset. */
export const local = (text: string, timezone: string): string => clock(momentOf(text, timezone), timezone);
