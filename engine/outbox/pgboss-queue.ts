/** The queue of effects on pg-boss: jobs in the same database, enqueued and completed in our own transactions. */

import { fromDrizzle, PgBoss } from 'pg-boss';
import type { Logger } from '../ports/logger.ts';
import { sql } from '../store/drizzle.ts';
import type { StoreTx } from '../store/port.ts';
import type { SqlDatabase } from '../store/sql-database.ts';
import { executorOf } from '../store/sql-store.ts';
import { isUnavailable } from '../store/trouble.ts';
import type { DispatchQueue, EffectJob } from './queue.ts';
import { byDestination, type ServerOf } from './server.ts';

const QUEUE = 'effects';
/** The channel on which an enqueuing commit hints that effects wait. */
const EFFECTS_CHANNEL = 'takt_effects';
/** Longer than a delivery may wait for its turn, and its attempt take, together. */
const LEASE_SECONDS = 150;
/** A job of whose dispatcher nothing is heard for so long is given out again; pg-boss allows no less than 10. */
const SILENCE_SECONDS = 15;
/** How often pg-boss looks for such jobs. */
const WATCH_SECONDS = 5;
const DAY = 86_400;

/** pg-boss sends several statements at once where it has no parameters. */
const onDatabase = (database: SqlDatabase): ReturnType<typeof fromDrizzle> => ({
  executeSql: async (text, values) => ({
    rows: values && values.length > 0 ? await database.statement(text, values) : await database.script(text),
  }),
});

/** How often an effect is tried is our own policy; the queue only has to give a job out again whose dispatcher died. */
const POLICY = {
  expireInSeconds: LEASE_SECONDS,
  heartbeatSeconds: SILENCE_SECONDS,
  retryLimit: 1_000,
  retryDelay: 1,
  retentionSeconds: 400 * DAY,
  deleteAfterSeconds: 3_600,
};

/** Opens the queue and makes its tables where they are missing. */
export async function openPgBossQueue(database: SqlDatabase, logger: Logger, serverOf: ServerOf = byDestination): Promise<DispatchQueue> {
  const boss = new PgBoss({
    db: onDatabase(database),
    backend: database.kind === 'pglite' ? 'pglite' : 'postgres',
    schedule: false,
    superviseIntervalSeconds: WATCH_SECONDS,
    monitorIntervalSeconds: WATCH_SECONDS,
  });
  boss.on('error', (error) => {
    // That the database is away the dispatcher tells, once; pg-boss tells it every few seconds.
    if (isUnavailable(error)) logger.debug({ err: error }, 'The job queue cannot reach the database.');
    else logger.error({ err: error }, 'The job queue reports an error.');
  });
  const close = (): Promise<void> => boss.stop({ graceful: false, close: false });
  try {
    await boss.start();
    await boss.createQueue(QUEUE, POLICY);
    // One that an earlier version made keeps its own.
    await boss.updateQueue(QUEUE, POLICY);
    // pg-boss looks a queue up on a connection of its own the first time it is used: not within a transaction of ours, which on
    // PGlite's one connection would wait for itself.
    await boss.insert(QUEUE, []);
  } catch (error) {
    // Its timers would keep a process alive that could not start, and that whoever watches it does not start again.
    await close();
    throw error;
  }
  return {
    async enqueue(tx, jobs) {
      const list = jobs.map((job) => ({
        data: { effectId: job.effectId },
        startAfter: job.delayMs / 1_000,
        group: { id: serverOf(job) },
      }));
      await boss.insert(QUEUE, list, { db: fromDrizzle(asTransaction(tx), sql) });
      await tx.hint(EFFECTS_CHANNEL);
    },
    async take(limit, without) {
      const jobs = await boss.fetch<{ effectId: string }>(QUEUE, { batchSize: limit, ignoreGroups: [...without] });
      return jobs.map((job): EffectJob => ({ id: job.id, effectId: job.data.effectId, server: job.groupId ?? '' }));
    },
    async touch(jobIds) {
      await boss.touch(QUEUE, [...jobIds]);
    },
    async complete(tx, jobIds) {
      await boss.complete(QUEUE, [...jobIds], null, { db: fromDrizzle(asTransaction(tx), sql) });
    },
    onHint: (heard) => database.listen(EFFECTS_CHANNEL, heard),
    close,
  };
}

/** drizzle's `execute` gives a promise-like whose row type its caller chooses; pg-boss wants a plain promise of rows. */
const asTransaction = (tx: StoreTx): Parameters<typeof fromDrizzle>[0] => ({
  execute: async (query) => {
    const result: unknown = await executorOf(tx).execute(isSql(query) ? query : sql``);
    return Array.isArray(result) ? result : Object(result);
  },
});

const isSql = (query: unknown): query is ReturnType<typeof sql> => typeof query === 'object' && query !== null && 'queryChunks' in query;
