/** The hour, day and week that it is on the clock of the workflow. */
import { Temporal } from 'temporal-polyfill';
import { isoOf, type StepContext } from '../../engine/sdk.ts';

export const PERIODS = ['hour', 'day', 'week'] as const;
export type Period = (typeof PERIODS)[number];

type Names = Readonly<Record<Period, string>>;
type Clock = Pick<StepContext, 'now' | 'settings'>;
/** Of the last one that was asked: all of a batch have the same now, and ask for each of their candidates. Making it takes 30 µs. */
let latest: { now: number; timezone: string; names: Names } | undefined;

/** What the present ones are called: by when they began. */
export function periodsOf({ now, settings: { timezone } }: Clock): Names {
  if (latest?.now !== now || latest.timezone !== timezone) latest = { now, timezone, names: namesAt(localOf(now, timezone)) };
  return latest.names;
}

/** From when until when the present day or week (from Monday) goes, as ISO instants. */
export function boundsOf({ now, settings: { timezone } }: Clock, period: 'day' | 'week'): Bounds {
  const known = latestBounds[period];
  if (known?.now === now && known.timezone === timezone) return known.bounds;
  const bounds = boundsAt(now, timezone, period);
  latestBounds[period] = { now, timezone, bounds };
  return bounds;
}

interface Bounds {
  from: string;
  until: string;
}
const latestBounds: { [P in 'day' | 'week']?: { now: number; timezone: string; bounds: Bounds } } = {};

function boundsAt(now: number, timezone: string, period: 'day' | 'week'): Bounds {
  const today = localOf(now, timezone).toPlainDate();
  const first = period === 'day' ? today : mondayOf(today);
  const begin = (day: Temporal.PlainDate): string => isoOf(day.toZonedDateTime(timezone).epochMilliseconds);
  return { from: begin(first), until: begin(first.add({ days: period === 'day' ? 1 : 7 })) };
}

function namesAt(local: Temporal.PlainDateTime): Names {
  const day = local.toPlainDate();
  return { hour: `${day}T${String(local.hour).padStart(2, '0')}`, day: String(day), week: String(mondayOf(day)) };
}

const localOf = (now: number, timezone: string): Temporal.PlainDateTime =>
  Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDateTime();
const mondayOf = (day: Temporal.PlainDate): Temporal.PlainDate => day.subtract({ days: day.dayOfWeek - 1 });
