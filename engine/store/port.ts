/**
 * The store as a port: what the engine asks and writes, and how transactions run. It is carried out by SQL (`sql-database.ts`) and by
 * tables in memory (`memory/database.ts`); the queries in `queries/` say what each method means.
 */
import type { Bound } from './bind.ts';
import type * as queries from './queries/index.ts';

/** Every query by its name, on a transaction or outside of any. */
export type StoreTx = Bound<typeof queries>;

export interface Database {
  readonly kind: 'postgres' | 'pglite' | 'memory';
  /** For reads and single writes that need no transaction. Never to be used within one: where there is only one connection, it waits for itself. */
  readonly store: StoreTx;
  /** Commits when the work resolves; takes everything back when it throws. */
  transaction<T>(work: (tx: StoreTx) => Promise<T>): Promise<T>;
  /** Calls `heard` for each hint on the channel, and once after a lost connection came back. Returns the way to stop. */
  listen(channel: string, heard: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
