import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openPgBossQueue } from '../../engine/outbox/pgboss-queue.ts';
import type { NewEffectJob } from '../../engine/outbox/queue.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { freshSqlDatabase, sqlKinds } from '../support/databases.ts';

const HOUR = 3_600_000;

describe.each(sqlKinds)('the queue on pg-boss on %s', (kind) => {
  const to = (server: string, n: number, delayMs = 0): NewEffectJob => ({
    effectId: `00000000-0000-7000-8000-00000000000${n}`,
    connector: 'http',
    destination: server,
    delayMs,
  });

  it('gives out nothing for servers that get no more now; what an older version has enqueued names none', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    const queue = await openPgBossQueue(db, silentLogger, ({ destination }) => destination);
    try {
      await db.transaction((tx) => queue.enqueue(tx, [to('a', 1), to('b', 2), to('a', 3)]));
      await db.script(`update pgboss.job set group_id = null where data->>'effectId' = '${to('a', 3).effectId}'`);
      const others = await queue.take(10, ['a']);
      expect(others.map(({ effectId, server }) => [effectId, server]).sort()).toEqual([
        [to('b', 2).effectId, 'b'],
        [to('a', 3).effectId, ''],
      ]);
      expect((await queue.take(10, [])).map((job) => job.effectId)).toEqual([to('a', 1).effectId]);
    } finally {
      await queue.close();
      await drop();
    }
  });

  it('takes a destination of any length', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    const queue = await openPgBossQueue(db, silentLogger);
    try {
      // Nothing that an index could compress.
      const long = Array.from({ length: 2_000 }, (_, i) => createHash('sha256').update(String(i)).digest('base64')).join('');
      await db.transaction((tx) => queue.enqueue(tx, [to(long, 1), to('short', 2)]));
      expect((await queue.take(10, [])).map((job) => job.effectId).sort()).toEqual([to('', 1).effectId, to('', 2).effectId]);
    } finally {
      await queue.close();
      await drop();
    }
  });

  it('gives a job out once, only after its transaction has committed, and not before its time', async () => {
    const { db, drop } = await freshSqlDatabase(kind);
    const queue = await openPgBossQueue(db, silentLogger);
    try {
      await expect(
        db.transaction(async (tx) => {
          await queue.enqueue(tx, [to('a', 1)]);
          throw new Error('rolled back');
        }),
      ).rejects.toThrow('rolled back');
      expect(await queue.take(10, [])).toEqual([]);
      await db.transaction((tx) => queue.enqueue(tx, [to('a', 2), to('a', 3, HOUR)]));
      const taken = await queue.take(10, []);
      expect(taken.map((job) => job.effectId)).toEqual([to('a', 2).effectId]);
      expect(await queue.take(10, [])).toEqual([]);
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
