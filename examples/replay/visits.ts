/** From events to visits: a ticket in one group, from when it came until it was passed on or solved. */
import type { LogEvent } from './log.ts';

export interface Visit {
  ticket: string;
  group: string;
  arrivedAt: number;
  /** When it was solved, or passed to another group; null where neither has happened. */
  endedAt: number | null;
  /** Whose name was put on it while it was there, in their order. */
  named: readonly { person: string; at: number }[];
  /** It came with the name of somebody of the group before, which stayed on it. */
  kept: boolean;
}

const OVER: ReadonlySet<string> = new Set(['Resolved', 'Closed']);

/** @param events of one ticket, in the order of their moments. What is in no group is no visit. */
export function visitsOf(events: readonly LogEvent[]): Visit[] {
  return stays(events).flatMap(({ events: stay, before, until }, index) => {
    const [first] = stay;
    if (!first || first.group === null) return [];
    const named: { person: string; at: number }[] = [];
    let current = before;
    for (const { person, at } of stay) {
      if (person !== null && person !== current) named.push({ person, at });
      current = person;
    }
    const over = stay.find(({ state }) => OVER.has(state))?.at ?? until;
    // A ticket can be given to nobody before it is in the system. Passing on is noted at once.
    const arrivedAt = index === 0 ? Math.min(first.at, first.createdAt ?? first.at) : first.at;
    return [
      { ticket: first.ticket, group: first.group, arrivedAt, endedAt: over, named, kept: before !== null && first.person === before },
    ];
  });
}

interface Stay {
  events: LogEvent[];
  /** Whose name was on it before it came. */
  before: string | null;
  /** When it went on to another group. */
  until: number | null;
}

function stays(events: readonly LogEvent[]): Stay[] {
  const list: Stay[] = [];
  let before: string | null = null;
  for (const event of events) {
    const last = list.at(-1);
    if (last && last.events[0]?.group === event.group) last.events.push(event);
    else {
      if (last) last.until = event.at;
      list.push({ events: [event], before, until: null });
    }
    before = event.person;
  }
  return list;
}

/** The first person whose name was put on it, and when. */
export const firstNamed = ({ named }: Visit): { person: string; at: number } | undefined => named[0];
