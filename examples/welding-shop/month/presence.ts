/** Where people are through their day: at their desk, on a call, away for a moment, gone. */
import { Chance } from '../chance.ts';
import type { Day, Span } from '../hours.ts';

const MINUTE = 60_000;
/** How long somebody is at the desk, on average, until the next call or break. Both take up a quarter of the day. */
const FREE = 16 * MINUTE;
const BREAKS = 0.15;
const CALL = [1.5 * MINUTE, 8 * MINUTE] as const;
const BREAK = [3 * MINUTE, 10 * MINUTE] as const;

/** As Takt calls them. */
type Presence = 'online' | 'on_call' | 'away' | 'offline';

export interface Absence extends Span {
  presence: 'on_call' | 'away';
}

/** Calls and breaks within the working hours, in their order. */
export function absences(seed: number, person: string, days: readonly Day[]): Absence[] {
  return days.flatMap(({ date, work }) => {
    const chance = new Chance(seed, 'presence', person, date);
    return work.flatMap((span) => within(chance, span));
  });
}

function within(chance: Chance, { from, until }: Span): Absence[] {
  const list: Absence[] = [];
  for (let at = from; ; ) {
    const start = at + seconds(chance.pause(FREE));
    if (start >= until) return list;
    const presence = chance.happens(BREAKS) ? 'away' : 'on_call';
    const [least, most] = presence === 'away' ? BREAK : CALL;
    at = Math.min(until, start + seconds(least + (most - least) * chance.next()));
    list.push({ from: start, until: at, presence });
  }
}

/** At least one, so that time goes on. */
const seconds = (ms: number): number => 1_000 * Math.max(1, Math.round(ms / 1_000));

export interface PresenceChange {
  at: number;
  person: string;
  presence: Presence;
}

/** The same as a telephone system tells it: who is what from when on. */
export function presenceChanges(person: string, days: readonly Day[], away: readonly Absence[]): PresenceChange[] {
  const changes = new Map<number, Presence>();
  const work = days.flatMap((day) => day.work);
  for (const { from } of work) changes.set(from, 'online');
  for (const { until } of away) changes.set(until, 'online');
  for (const { from, presence } of away) changes.set(from, presence);
  for (const { until } of work) changes.set(until, 'offline');
  return [...changes].map(([at, presence]) => ({ at, person, presence })).sort((a, b) => a.at - b.at);
}
