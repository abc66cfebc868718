import { Temporal } from 'temporal-polyfill';

/** Zones with different clocks. Casablanca's rule after 2026 differs between releases of the time zone database: tests use its spring of 2026. */
export const ZONES = [
  'UTC',
  'Europe/Moscow',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'America/Sao_Paulo',
] as const;

/** The moment of an ISO text with offset. */
export const ms = (text: string): number => Temporal.Instant.from(text).epochMilliseconds;

export const iso = (moment: number | null): string | null =>
  moment === null ? null : new Date(moment).toISOString().replace(':00.000Z', 'Z');

/** What the clock of the zone shows, with its offset: `2026-03-29T03:30+02:00`. */
export const clock = (moment: number, timezone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(timezone).toString({ timeZoneName: 'never', smallestUnit: 'minute' });

/** Does the clock of the zone never show this local time? */
export function inGap(local: Temporal.PlainDateTime, timezone: string): boolean {
  return !local.toZonedDateTime(timezone).toPlainDateTime().equals(local);
}

/** Moments close to the nights in which clocks change, and anywhere in two years. */
export const NIGHTS: readonly { timezone: string; change: number }[] = [
  { timezone: 'Europe/Berlin', change: ms('2026-03-29T01:00Z') },
  { timezone: 'Europe/Berlin', change: ms('2026-10-25T01:00Z') },
  { timezone: 'Europe/Berlin', change: ms('2027-03-28T01:00Z') },
  { timezone: 'Europe/Berlin', change: ms('2027-10-31T01:00Z') },
  { timezone: 'America/New_York', change: ms('2026-03-08T07:00Z') },
  { timezone: 'America/New_York', change: ms('2026-11-01T06:00Z') },
  { timezone: 'America/New_York', change: ms('2027-03-14T07:00Z') },
  { timezone: 'America/New_York', change: ms('2027-11-07T06:00Z') },
  { timezone: 'Australia/Lord_Howe', change: ms('2026-04-04T15:00Z') },
  { timezone: 'Australia/Lord_Howe', change: ms('2026-10-03T15:30Z') },
  { timezone: 'Australia/Lord_Howe', change: ms('2027-04-03T15:00Z') },
  { timezone: 'Australia/Lord_Howe', change: ms('2027-10-02T15:30Z') },
  { timezone: 'Africa/Casablanca', change: ms('2026-02-15T02:00Z') },
  { timezone: 'Africa/Casablanca', change: ms('2026-03-22T02:00Z') },
  // No change in Moscow: the same nights as in Berlin.
  { timezone: 'Europe/Moscow', change: ms('2026-03-29T01:00Z') },
  { timezone: 'Europe/Moscow', change: ms('2027-10-31T01:00Z') },
];
