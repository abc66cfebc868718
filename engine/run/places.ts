/**
 * A place that one run holds at a time while others wait in line: a critical section, or the one run of a workflow on a record. It is kept
 * as the value of a mark, whose row lock makes it exact.
 */
import type { Json } from '../../schemas/json.ts';

export interface Place {
  holder: string | null;
  /** Runs that wait, the first first, each with the wait by which it is told. */
  queue: { run: string; wait: string }[];
}

const FREE: Place = { holder: null, queue: [] };

/** A mark's value as a place; anything else is a free one. */
export function placeOf(value: Json): Place {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return FREE;
  const { holder, queue } = value;
  return {
    holder: typeof holder === 'string' ? holder : null,
    queue: (Array.isArray(queue) ? queue : []).flatMap((entry) => {
      if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [];
      const { run, wait } = entry;
      return typeof run === 'string' && typeof wait === 'string' ? [{ run, wait }] : [];
    }),
  };
}

/** Null where nobody holds it or waits: then the mark is not kept. */
export const placeValue = ({ holder, queue }: Place): Json =>
  holder === null ? null : { holder, queue: queue.map((entry) => ({ ...entry })) };

/** Takes the place, or gets in line. */
export function enterPlace(place: Place, run: string, wait: string): { place: Place; taken: boolean } {
  if (place.holder === null || place.holder === run) return { place: { ...place, holder: run }, taken: true };
  if (place.queue.some((entry) => entry.run === run && entry.wait === wait)) return { place, taken: false };
  return { place: { ...place, queue: [...place.queue, { run, wait }] }, taken: false };
}

/** Leaves the place, or the line. `next`: who has the place now and has to be told. */
export function leavePlace(place: Place, run: string): { place: Place; next: Place['queue'][number] | undefined } {
  const queue = place.queue.filter((entry) => entry.run !== run);
  if (place.holder !== run) return { place: { ...place, queue }, next: undefined };
  const [next, ...rest] = queue;
  return { place: { holder: next?.run ?? null, queue: rest }, next };
}
