import { describe, expect, it } from 'vitest';
import { openPgBossQueue } from '../../engine/outbox/pgboss-queue.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { freshSqlDatabase, sqlKinds } from '../support/databases.ts';

const HOUR = 3_600_000;

describe.each(sqlKinds)('the queue on pg-boss on %s', (kind) => {
  it('gives a job out once, only after its transaction has committed, and not before its time', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    const queue = await openPgBossQueue(db, silentLogger);
    try {
      const id = (n: number): string => `00000000-0000-7000-8000-00000000000${n}`;
      await expect(
        db.transaction(async (tx) => {
          await queue.enqueue(tx, [{ effectId: id(1), delayMs: 0 }]);
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      expect(await queue.take(10)).toEqual([]);
      await db.transaction((tx) =>
        queue.enqueue(tx, [
          { effectId: id(2), delayMs: 0 },
          { effectId: id(3), delayMs: HOUR },
        ]),
      );
      const taken = await queue.take(10);
      expect(taken.map((job) => job.effectId)).toEqual([id(2)]);
      expect(await queue.take(10)).toEqual([]);
      await db.transaction((tx) =>
        queue.complete(
          tx,
          taken.map((job) => job.id),
        ),
      );
    } finally {
      await queue.close();
      await drop();
    }
  });
});

it('the queue on pg-boss leaves nothing running where it cannot be opened', async () => {
  const { db, drop } = await freshSqlDatabase('pglite');
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const failing: typeof db = {
    ...db,
    script: async (text) => {
      if (/select pgboss\.create_queue/i.test(text)) throw new Error('lost');
      return db.script(text);
    },
  };
  try {
    await expect(openPgBossQueue(failing, silentLogger)).rejects.toThrow('lost');
    expect(timers()).toBe(before);
  } finally {
    await drop();
  }
});
