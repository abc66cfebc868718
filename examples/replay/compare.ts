/** Reads a log, replays it, and puts both beside each other. */
import { type LogEvent, readLog } from './log.ts';
import { type Given, type Measures, measure, variationOfDays } from './measures.ts';
import { groupsOf, peopleOf } from './people.ts';
import { replayed } from './replayed.ts';
import { firstNamed, type Visit, visitsOf } from './visits.ts';

export interface Comparison {
  tickets: number;
  /** Whose names the log puts on tickets, and the groups that had some. */
  people: number;
  groups: number;
  /** Tickets that came to a group: replayed are those on which it put a name; the others came with one that stayed, or got none there. */
  visits: { all: number; replayed: number; kept: number; without_name: number };
  /** On so many days of groups it is compared how evenly tickets were spread. */
  group_days: number;
  real: Measures & Passing;
  takt: Measures & Passing;
  /** Of the comparison, reading included. */
  seconds: number;
}

interface Passing {
  /** From group to group. Takt is told of it as it was. */
  passed_on: number;
  /** From one person to another within a group. */
  reassigned: number;
}

/** What is going on: reading, or replaying, and how much of it is done, 0 to 1. */
type OnProgress = (what: string, done: number) => Promise<void> | void;

/** @param path of the log. Throws as readLog and replayed do. */
export async function compare(path: string, onProgress: OnProgress = () => {}): Promise<Comparison> {
  const begun = performance.now();
  const tickets = await readLog(path, (done) => onProgress('reading', done));
  const all = [...tickets.values()].flatMap(visitsOf);
  const visits = all.filter((visit) => firstNamed(visit) !== undefined).sort((a, b) => a.arrivedAt - b.arrivedAt);
  const people = peopleOf(tickets.values(), visits);
  const groups = groupsOf(visits);
  const real = visits.map((visit): Given => ({ ...visit, given: firstNamed(visit) ?? null }));
  const takt = await replayed(visits, people, groups, (days, of) => onProgress('replaying', days / of));
  const opened = new Map([...tickets].flatMap(([ticket, [first]]) => (first ? [[ticket, first.openedAt] as const] : [])));
  const passed = passedOn(tickets.values());
  return {
    tickets: tickets.size,
    people: people.length,
    groups: new Set([...tickets.values()].flat().flatMap(({ group }) => group ?? [])).size,
    visits: {
      all: all.length,
      replayed: visits.length,
      kept: all.filter((visit) => visit.kept && !firstNamed(visit)).length,
      without_name: all.filter((visit) => !visit.kept && !firstNamed(visit)).length,
    },
    group_days: variationOfDays(real, people, groups).length,
    real: { ...measure(real, opened, people, groups), passed_on: passed, reassigned: reassigned(visits) },
    takt: { ...measure(takt, opened, people, groups), passed_on: passed, reassigned: 0 },
    seconds: (performance.now() - begun) / 1_000,
  };
}

function passedOn(tickets: Iterable<readonly LogEvent[]>): number {
  let count = 0;
  for (const events of tickets)
    for (const [i, { group }] of events.entries()) {
      const before = events[i - 1]?.group ?? null;
      if (before !== null && group !== null && before !== group) count++;
    }
  return count;
}

const reassigned = (visits: readonly Visit[]): number => visits.reduce((sum, { named }) => sum + Math.max(0, named.length - 1), 0);
