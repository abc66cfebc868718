/**
 * The store as a port: what the engine asks and writes, and how transactions run. It is carried out by SQL (`sql-database.ts`) and by
 * tables in memory (`memory/database.ts`); the queries in `queries/` say what each method means.
 */
import type { Bound } from './bind.ts';
import type * as queries from './queries/index.ts';

/** Every query by its name, on a transaction or outside of any. */
export type StoreTx = Bound<typeof queries>;

/**
 * Sends the commit behind the statements that have been sent, without waiting for their answers: a round trip less. After it nothing of the
 * transaction may be asked, and nothing may depend on an answer. Where a statement fails nothing is written, and it tells why.
 */
export type CommitAlong = () => Promise<void>;

export interface Database {
  readonly kind: 'postgres' | 'pglite' | 'memory';
  /** For reads and single writes that need no transaction. Never to be used within one: where there is only one connection, it waits for itself. */
  readonly store: StoreTx;
  /**
   * Commits when the work resolves; takes everything back when it throws.
   * @param work may commit by itself where it is given the means, and then resolves after that
   */
  transaction<T>(work: (tx: StoreTx, commitAlong?: CommitAlong) => Promise<T>): Promise<T>;
  /** Calls `heard` for each hint on the channel, and once after a lost connection came back. Returns the way to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
