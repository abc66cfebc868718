/**
 * The database in memory: for simulations and tests. It forgets with the process. Transactions run one after the other, so that none
 * ever waits for a lock of another; their order is that in which they were begun.
 */
import { bind } from '../bind.ts';
import type { Database, StoreTx } from '../port.ts';
import * as queries from './queries/index.ts';
import { Tables } from './tables.ts';

/** @param tables of its own without them; given by who wants to look at them beside the queries, and leaves them as they are */
export function openMemoryDatabase(tables = new Tables()): Database {
  const listeners = new Map<string, Set<(payload: string) => void>>();
  const inTransaction: StoreTx = bind(queries, async (query: (tables: Tables) => unknown) => query(tables));
  let last: Promise<void> = Promise.resolve();

  async function alone<T>(work: () => T | Promise<T>): Promise<T> {
    const before = last;
    const { promise, resolve: done } = Promise.withResolvers<void>();
    last = promise;
    await before;
    try {
      const result = await work();
      tables.journal.forget();
      tell([...tables.hints]);
      return result;
    } catch (error) {
      tables.journal.rollBack();
      throw error;
    } finally {
      tables.hints.clear();
      done();
    }
  }

  function tell(channels: readonly string[]): void {
    for (const channel of channels) {
      for (const heard of listeners.get(channel) ?? []) queueMicrotask(() => heard(''));
    }
  }

  return {
    kind: 'memory',
    store: bind(queries, (query: (tables: Tables) => unknown) => alone(() => query(tables))),
    transaction: (work) => alone(() => work(inTransaction)),
    async listen(channel, heard) {
      const those = listeners.get(channel) ?? new Set();
      listeners.set(channel, those.add(heard));
      return async () => {
        those.delete(heard);
      };
    },
    async close() {},
  };
}
