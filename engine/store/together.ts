import { sqlState } from './sql-state.ts';

/** In place of a statement for which there is nothing to do. */
export const nothing = Promise.resolve(undefined);

/** What the server answers to whatever comes behind a statement that failed. */
const ABORTED = '25P02';

/**
 * Waits for statements that were sent one behind the other, without waiting in between: the connection carries them out one after the other,
 * for one round trip. In which order they go out is drizzle's affair: where one must come after another, send it `behind`.
 * All have their answers before this ends, so that none is left to run on behind a roll-back. Throws what failed, and not what the server
 * then refused to the others.
 * @returns the answers, in the order given
 */
export async function together<const T extends readonly Promise<unknown>[]>(
  statements: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ends = await Promise.allSettled(statements);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end] : []));
  const failure = failures.find(({ reason }) => sqlState(reason) !== ABORTED) ?? failures[0];
  if (failure) throw failure.reason;
  return Promise.all(statements);
}

/** When this turn's promises have gone as far as they can: what waits for no answer has been sent, also by drizzle, which does it a little later. */
const allSent = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

/** Sends a statement behind those of this turn, without waiting for their answers. */
export async function behind<T>(statement: () => Promise<T>): Promise<T> {
  await allSent();
  return statement();
}
