import type { Json } from '../../../schemas/json.ts';

/** What the database says of a text that it cannot keep: PostgreSQL's texts and jsonb have no place for the character NUL. */
class UntranslatableCharacter extends Error {
  readonly code = '22P05';

  constructor() {
    super('A text holds the character NUL.');
    this.name = 'UntranslatableCharacter';
  }
}

/**
 * A value as it comes back from the database: a copy of its own, without what JSON does not have, with the keys of objects in the order
 * of jsonb. Throws where the database would refuse it.
 */
export function stored<T>(value: T): T;
export function stored(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.includes('\u0000')) throw new UntranslatableCharacter();
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((item: unknown) => (item === undefined ? null : stored(item)));
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort(byLength)) {
    const item: unknown = Reflect.get(value, key);
    if (item !== undefined) copy[stored(key)] = stored(item);
  }
  return copy;
}

/** Shorter keys first, those of one length by their characters: https://www.postgresql.org/docs/current/datatype-json.html */
const byLength = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** jsonb's `@>`: an object contains its part, an array each of the wanted elements; a single value only itself. */
export function contains(value: Json | undefined, wanted: Json): boolean {
  if (typeof wanted !== 'object' || wanted === null) return value === wanted;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(wanted)) return Array.isArray(value) && wanted.every((part) => value.some((item) => contains(item, part)));
  return !Array.isArray(value) && Object.entries(wanted).every(([key, part]) => contains(value[key], part));
}
