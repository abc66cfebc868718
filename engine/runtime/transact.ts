import { TaktError } from '../errors/index.ts';
import type { CommitAlong, Database, StoreTx } from '../store/port.ts';
import { sqlState } from '../store/sql-state.ts';
import { BatchConflict } from '../unit/commit.ts';

/** Serialisation failure, deadlock: the same work may succeed at once when done again. */
const REPEATABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 8;
/** A row with that key is there, since a moment ago: the same work finds it when it is done again. Where it is so again, it is its own doing. */
const KEY_TAKEN = '23505';

/** Runs work in a transaction, again from the start where another transaction got in its way. Throws WRITE_CONFLICT in the end. */
export async function transact<T>(database: Database, work: (tx: StoreTx, commitAlong?: CommitAlong) => Promise<T>): Promise<T> {
  let taken = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction(work);
    } catch (cause) {
      const state = sqlState(cause) ?? '';
      if (state === KEY_TAKEN && ++taken > 1) throw cause;
      const repeatable = cause instanceof BatchConflict || state === KEY_TAKEN || REPEATABLE.has(state);
      if (!repeatable) throw cause;
      if (attempt >= ATTEMPTS) throw new TaktError('WRITE_CONFLICT', { cause, transient: true });
    }
  }
}

/** Did others get in its way to the last attempt? Nobody is to blame then: the same may succeed a little later. */
export const isContended = (error: unknown): boolean => error instanceof TaktError && error.code === 'WRITE_CONFLICT';
