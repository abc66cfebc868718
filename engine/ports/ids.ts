import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The least id that can be made from a moment on, milliseconds. */
export function firstIdAt(ms: number): string {
  const time = hex(ms, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/**
 * Makes UUIDs of version 7 (RFC 9562): ordered by time, so that indexes grow at one end, and repeatable where clock
 * and chance are. Ids of one maker rise strictly, also within a millisecond, by a counter in `rand_a` (12 bits).
 */
export function idMaker(clock: Clock, random: Random): () => string {
  let last = 0;
  let counter = 0;
  /** The part that ids of one millisecond share. */
  let prefix = '';
  let prefixOf = -1;
  return () => {
    const now = clock.now();
    if (now > last) {
      last = now;
      counter = Math.floor(random.next() * 0x400);
    } else if (++counter > 0xfff) {
      last++;
      counter = 0;
    }
    if (prefixOf !== last) {
      const time = hex(last, 12);
      prefix = `${time.slice(0, 8)}-${time.slice(8)}-7`;
      prefixOf = last;
    }
    const variant = 0x8000 | Math.floor(random.next() * 0x4000);
    const tail = hex(Math.floor(random.next() * 0x1000000), 6) + hex(Math.floor(random.next() * 0x1000000), 6);
    return `${prefix}${hex(counter, 3)}-${hex(variant, 4)}-${tail}`;
  };
}
