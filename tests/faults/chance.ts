/** Draws from a generator. */
import { type Random, seededRandom } from '../../engine/ports/random.ts';

/** A whole number from `least` to `most`. */
export const whole = (chance: Random, least: number, most: number): number => least + Math.floor(chance.next() * (most - least + 1));

/** One of the list; undefined of an empty one. */
export const oneOf = <T>(chance: Random, list: readonly T[]): T | undefined => list[whole(chance, 0, list.length - 1)];

/** A generator of its own, so that what one part of a world draws changes nothing for the others. */
export const fork = (chance: Random): Random => seededRandom(Math.floor(chance.next() * 2 ** 32));
