import { TaktError } from '../errors/index.ts';
import { sqlState } from '../store/database.ts';
import type { Database, StoreTx } from '../store/port.ts';
import { BatchConflict } from '../unit/commit.ts';

/** Serialisation failure, deadlock: the same work may succeed at once when done again. */
const REPEATABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 8;

/** Runs work in a transaction, again from the start where another transaction got in its way. Throws WRITE_CONFLICT in the end. */
export async function transact<T>(database: Database, work: (tx: StoreTx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (cause) {
      const repeatable = cause instanceof BatchConflict || REPEATABLE.has(sqlState(cause) ?? '');
      if (!repeatable) throw cause;
      if (attempt >= ATTEMPTS) throw new TaktError('WRITE_CONFLICT', { cause, transient: true });
    }
  }
}

/** Did others get in its way to the last attempt? Nobody is to blame then: the same may succeed a little later. */
export const isContended = (error: unknown): boolean => error instanceof TaktError && error.code === 'WRITE_CONFLICT';
