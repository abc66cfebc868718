/** When people have time for their deals: their hours beside meetings. */
import { Chance } from '../chance.ts';
import { daysOf, type Span } from '../hours.ts';
import type { Person } from '../people.ts';

const MINUTE = 60_000;
/** Begins on a Monday; Friday the 12th is a holiday. */
const FIRST = '2026-06-01';
/** Minutes of each half of a day that are left for deals: all else goes to meetings, stock, invoices, and deals that are under way. */
const LEFT = [30, 60] as const;

export interface Timetable {
  readonly person: Person;
  /** What the calendar of the person has in it. */
  readonly meetings: readonly Span[];
  /** What is left, in order. */
  readonly free: readonly Span[];
}

/** @param days of the month, from its first on */
export function timetables(seed: number, people: readonly Person[], days: number): Timetable[] {
  return people.map((person) => {
    const stretches = daysOf(person.calendar, FIRST, days, person.leave).flatMap(({ work }) => work);
    const meetings = stretches.flatMap((stretch) => meetingsIn(new Chance(seed, 'meetings', person.as, stretch.from), stretch));
    return { person, meetings, free: meetings.reduce(without, stretches) };
  });
}

/** What is left lies anywhere in the stretch, on whole minutes. */
function meetingsIn(chance: Chance, { from, until }: Span): Span[] {
  const left = chance.whole(...LEFT) * MINUTE;
  const begin = from + chance.whole(0, Math.max(0, Math.floor((until - from - left) / MINUTE))) * MINUTE;
  const around = [
    { from, until: begin },
    { from: begin + left, until },
  ];
  return around.filter((span) => span.from < span.until);
}

const without = (spans: readonly Span[], taken: Span): Span[] =>
  spans.flatMap(({ from, until }) =>
    [
      { from, until: Math.min(until, taken.from) },
      { from: Math.max(from, taken.until), until },
    ].filter((span) => span.from < span.until),
  );

/** The day on the clock of the shop, which has no summer time: 2026-06-01. */
export const dayOf = (at: number): string => new Date(at + 3 * 60 * MINUTE).toISOString().slice(0, 10);

/** The stretch in which a moment lies, or else the next one; undefined where none is left. */
export const stretchAt = (free: readonly Span[], at: number): Span | undefined => free.find(({ until }) => until > at);
