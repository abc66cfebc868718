import { localAt } from './moment.ts';

/** A time in which the clocks of a zone are not moved, so that local time is plain arithmetic. Milliseconds since the epoch. */
export interface Stretch {
  readonly from: number;
  /** Not included. */
  readonly until: number;
  /** Local time minus UTC. */
  readonly offset: number;
}

const NANOSECONDS = 1e6;
/** Asking the zone for a year takes 50 to 300 µs, looking it up 0.1 µs. */
const MAX_YEARS = 5_000;
const years = new Map<string, readonly Stretch[]>();

/** The stretches of a year (UTC) from its first to its last moment. Throws TaktError TIMEZONE_UNKNOWN. */
export function stretchesOf(zone: string, year: number): readonly Stretch[] {
  const key = `${year} ${zone}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const found = findStretches(zone, Date.UTC(year, 0), Date.UTC(year + 1, 0));
  if (years.size >= MAX_YEARS) years.clear();
  years.set(key, found);
  return found;
}

function findStretches(zone: string, start: number, end: number): Stretch[] {
  const found: Stretch[] = [];
  let at = localAt(start, zone);
  for (let from = start; from < end; ) {
    const next = at.getTimeZoneTransition('next');
    const until = next === null ? end : Math.min(end, next.epochMilliseconds);
    found.push({ from, until, offset: at.offsetNanoseconds / NANOSECONDS });
    from = until;
    if (next !== null) at = next;
  }
  return found;
}

/** Local time minus UTC at a moment, milliseconds. Throws TaktError TIMEZONE_UNKNOWN. */
export function offsetAt(zone: string, ms: number): number {
  const stretches = stretchesOf(zone, new Date(ms).getUTCFullYear());
  return (stretches.find((stretch) => ms < stretch.until) ?? stretches[stretches.length - 1])?.offset ?? 0;
}
