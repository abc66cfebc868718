/**
 * A place that one branch holds at a time while others wait in line: a critical section, or the one run of a workflow on a record. It is kept
 * as the value of a mark, whose row lock makes it exact.
 */
import type { Json } from '../../schemas/json.ts';

/** Who is in a place or in line: a branch of a run, by the wait with which it came there and by which it is told. */
export interface Visitor {
  run: string;
  wait: string;
}

export interface Place {
  holder: Visitor | null;
  /** The first first. */
  queue: Visitor[];
}

const FREE: Place = { holder: null, queue: [] };

/** A mark's value as a place; anything else is a free one. */
export function placeOf(value: Json): Place {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return FREE;
  const { holder, queue } = value;
  const [first] = visitorsOf([holder ?? null]);
  return first ? { holder: first, queue: visitorsOf(Array.isArray(queue) ? queue : []) } : FREE;
}

const visitorsOf = (list: readonly Json[]): Visitor[] =>
  list.flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
    const { run, wait } = entry;
    return typeof run === 'string' && typeof wait === 'string' ? [{ run, wait }] : [];
  });

/** Null where nobody holds it: then the mark is not kept. */
export const placeValue = ({ holder, queue }: Place): Json =>
  holder === null ? null : { holder: { ...holder }, queue: queue.map((entry) => ({ ...entry })) };

export const isHeldBy = ({ holder }: Place, visitor: Visitor): boolean => holder !== null && isSame(holder, visitor);

const isSame = (a: Visitor, b: Visitor): boolean => a.run === b.run && a.wait === b.wait;

/** Takes the place, or gets in line. */
export function enterPlace(place: Place, visitor: Visitor): { place: Place; taken: boolean } {
  if (place.holder === null || isSame(place.holder, visitor)) return { place: { ...place, holder: visitor }, taken: true };
  if (place.queue.some((entry) => isSame(entry, visitor))) return { place, taken: false };
  return { place: { ...place, queue: [...place.queue, visitor] }, taken: false };
}

/** Leaves the place, or the line. `next`: who has the place now and has to be told. */
export function leavePlace(place: Place, visitor: Visitor): { place: Place; next: Visitor | undefined } {
  const queue = place.queue.filter((entry) => !isSame(entry, visitor));
  if (!isHeldBy(place, visitor)) return { place: { ...place, queue }, next: undefined };
  const [next, ...rest] = queue;
  return { place: { holder: next ?? null, queue: rest }, next };
}
