import { TaktError } from '../errors/index.ts';
import { isUuid } from '../unit/find.ts';

export interface Page<T> {
  items: T[];
  /** Give it as `cursor` for what follows; absent at the end. */
  next?: string;
}

/** The most that one page may hold. */
export const MAX_PAGE = 200;

/** An opaque cursor of the values that the next page begins after. */
export const encodeCursor = (values: readonly string[]): string => Buffer.from(JSON.stringify(values)).toString('base64url');

/** Throws CURSOR_INVALID where the text is not a cursor of `length` values. */
export function decodeCursor(text: string, length: number): string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text.slice(0, 10_000), 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.length === length && values.every((value) => typeof value === 'string')) return values;
  } catch (cause) {
    throw new TaktError('CURSOR_INVALID', { pointer: '/cursor', cause });
  }
  throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
}

/** The id that the page begins after, or undefined without a cursor. Throws CURSOR_INVALID. */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id = ''] = decodeCursor(cursor, 1);
  if (!isUuid(id)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
  return id;
}

/** One row more than asked tells whether there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => readonly string[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, next: encodeCursor(cursorOf(last)) } : { items };
}
