import { TaktError } from '../errors/index.ts';
import { bind } from './bind.ts';
import type { Executor } from './database.ts';
import type { StoreTx } from './port.ts';
import * as queries from './queries/index.ts';

const executors = new WeakMap<StoreTx, Executor>();

/** The store on a database or on a transaction of it. */
export function sqlStore(executor: Executor): StoreTx {
  const store = bind(queries, async (query: (executor: Executor) => unknown) => query(executor));
  executors.set(store, executor);
  return store;
}

/** What a store of SQL works on, for libraries that write to tables of their own in our transaction. Throws INTERNAL for another store. */
export function executorOf(store: StoreTx): Executor {
  const executor = executors.get(store);
  if (!executor)
    throw new TaktError('INTERNAL', { message: 'The store does not work on SQL.', hint: 'Open a SQL database for this queue.' });
  return executor;
}
