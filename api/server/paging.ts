import { TaktError } from '../../engine/index.ts';
import { decodeCursor } from '../../engine/services/cursor.ts';
import { isUuid } from '../../engine/unit/workspace.ts';
import { DEFAULT_LIMIT } from './schemas.ts';

export const limitOf = (query: { limit?: number }): number => query.limit ?? DEFAULT_LIMIT;

/** The cursor of a list that is ordered by id. Throws CURSOR_INVALID. */
export function idCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id = ''] = decodeCursor(cursor, 1);
  if (!isUuid(id)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
  return cursor;
}

export const isoOf = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoOf(ms));
