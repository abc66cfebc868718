/** What the log tells of people: when they were at work, in which groups, and how much they had at once. */
import type { LogEvent } from './log.ts';
import { dayOf, quantile } from './numbers.ts';
import { firstNamed, type Visit } from './visits.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export interface Person {
  name: string;
  /** Days on which something happened to a ticket with their name, by number since 1970-01-01, in order. */
  days: readonly number[];
  /** Minutes since midnight: from when until when that usually happens. */
  from: number;
  until: number;
  /** Most tickets that they had at once, at least 1. */
  capacity: number;
}

export interface Group {
  name: string;
  members: readonly string[];
}

/** Nobody signs in: a ticket is closed some days after it was solved, by the system. */
const BY_ITSELF = 'Closed';
/** Of fewer moments no hours can be told: those of all people are taken. */
const ENOUGH = 20;
/** What happens once in a while early or late is no working time. */
const EARLY = 0.05;
const LATE = 0.95;
const SHORTEST = 60;
/** Who has been named in a group so often, or for so much of its tickets, belongs to it; others have helped out. */
const MEMBER_VISITS = 5;
const MEMBER_SHARE = 0.1;

/** In the order of their names. */
export function peopleOf(tickets: Iterable<readonly LogEvent[]>, visits: readonly Visit[]): Person[] {
  const seen = new Map<string, number[]>();
  for (const events of tickets) {
    for (const { person, at, state } of events) {
      if (person === null || state === BY_ITSELF) continue;
      const moments = seen.get(person);
      if (moments) moments.push(at);
      else seen.set(person, [at]);
    }
  }
  const usual = hoursOf([...seen.values()].flat());
  const most = mostAtOnce(visits);
  return [...seen]
    .map(([name, moments]) => ({
      name,
      days: [...new Set(moments.map(dayOf))].sort((a, b) => a - b),
      ...(moments.length < ENOUGH ? usual : hoursOf(moments)),
      capacity: most.get(name) ?? 1,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function hoursOf(moments: readonly number[]): { from: number; until: number } {
  const times = moments.map((at) => Math.floor((at % DAY) / MINUTE)).sort((a, b) => a - b);
  const from = Math.min(quantile(times, EARLY), DAY / MINUTE - SHORTEST);
  return { from, until: Math.max(from + SHORTEST, quantile(times, LATE)) };
}

/** Of each person whose name was put on a ticket first: on how many visits at once, counted from when the ticket came. */
function mostAtOnce(visits: readonly Visit[]): Map<string, number> {
  const changes = new Map<string, { at: number; by: number }[]>();
  for (const visit of visits) {
    const person = firstNamed(visit)?.person;
    if (person === undefined) continue;
    const list = changes.get(person) ?? [];
    list.push({ at: visit.arrivedAt, by: 1 });
    if (visit.endedAt !== null) list.push({ at: visit.endedAt, by: -1 });
    changes.set(person, list);
  }
  const most = new Map<string, number>();
  for (const [person, list] of changes) {
    let has = 0;
    // What ends at a moment makes room for what comes then.
    for (const { by } of list.sort((a, b) => a.at - b.at || a.by - b.by)) {
      has += by;
      most.set(person, Math.max(1, most.get(person) ?? 1, has));
    }
  }
  return most;
}

/** The groups whose tickets have had a name put on them, with their people, both in the order of their names. */
export function groupsOf(visits: readonly Visit[]): Group[] {
  const counts = new Map<string, Map<string, number>>();
  for (const { group, named } of visits) {
    const members = counts.get(group) ?? new Map<string, number>();
    for (const { person } of named) members.set(person, (members.get(person) ?? 0) + 1);
    if (members.size > 0) counts.set(group, members);
  }
  return [...counts]
    .map(([name, members]) => {
      const all = [...members.values()].reduce((sum, one) => sum + one, 0);
      const belong = [...members].filter(([, count]) => count >= MEMBER_VISITS || count >= MEMBER_SHARE * all);
      return { name, members: belong.map(([person]) => person).sort() };
    })
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
