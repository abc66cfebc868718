/** One place that differs between two JSON values. */
export interface Change {
  /** JSON pointer, in the later file; where the place is gone, in the earlier. */
  pointer: string;
  /** Absent where there was nothing. */
  before?: unknown;
  /** Absent where there is nothing any more. */
  after?: unknown;
}

/**
 * The smallest places in which two JSON values differ, in the order of their keys. A list is looked into while its length stays;
 * else it has changed as a whole, because nothing tells which of its items moved.
 */
export function changesOf(before: unknown, after: unknown, pointer: string): Change[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: unknown, i) => changesOf(item, after[i], `${pointer}/${i}`));
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changesOf(own(before, key), own(after, key), `${pointer}/${escapeKey(key)}`));
  }
  return [{ pointer, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of an object's own: a node may be called "constructor". */
export const own = <T>(object: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

/** RFC 6901. */
const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
