import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../engine/engine.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import type { Change } from '../../engine/runtime/change.ts';
import { builtInNodes } from '../../nodes/index.ts';
import { builtInEntities } from '../../schemas/entities/index.ts';
import { type FreshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { somebody } from './support.ts';

/** A record that another transaction holds: a worker's that has lost its way to the database, say. */
describe('a record that is held by another transaction', () => {
  let fresh: FreshDatabase;
  let engine: Engine;
  let other: postgres.Sql;
  beforeAll(async () => {
    fresh = await freshSqlDatabase('postgres');
    const clock = systemClock;
    engine = new Engine({
      database: fresh.db,
      queue: memoryQueue(clock),
      clock,
      nodes: builtInNodes,
      connectors: [],
      entities: builtInEntities,
    });
    other = postgres(fresh.url ?? '', { max: 1 });
  });
  afterAll(async () => {
    await other.end();
    await fresh.drop();
  });

  const write = (change: Change) => engine.intake.submitOne(change, somebody);
  const lead = (data: Record<string, string>): Change => ({
    kind: 'create',
    entity: 'lead',
    data: { last_name: 'X', ...data },
    onExisting: 'update',
  });

  async function made(data: Record<string, string>): Promise<string> {
    const done = await write(lead(data));
    if (done.kind !== 'record') throw new Error('not a record');
    return done.record.id;
  }

  /** Holds a record while the work is done. */
  async function holding(id: string, work: () => Promise<void>): Promise<void> {
    await other.begin(async (sql) => {
      await sql`select 1 from records where id = ${id} for update`;
      await work();
    });
  }

  it('keeps none but its own changes waiting, and these come in the order in which they were sent', async () => {
    const [held, free] = [await made({ key: 'held' }), await made({ key: 'free' })];
    let late: Promise<unknown>[] = [];
    let answered = 0;
    await holding(held, async () => {
      late = [
        write({ kind: 'update', id: held, data: { last_name: 'first' } }),
        write(lead({ key: 'held', last_name: 'second' })),
        write({ kind: 'update', id: held, data: { last_name: 'third' } }),
        write({ kind: 'event', type: 'mail.opened', topic: '', data: {}, recordId: held }),
      ];
      for (const one of late) void one.then(() => answered++);
      await write({ kind: 'update', id: free, data: { last_name: 'Y' } });
      await made({ key: 'new' });
      await write({ kind: 'event', type: 'mail.opened', topic: '', data: {}, recordId: free });
      expect(answered).toBe(0);
    });
    await Promise.all(late);
    const changes = await fresh.db.store.changesOfRecord(held, undefined, 10);
    expect(changes.flatMap(({ changes: { last_name } }) => (last_name ? [last_name[1]] : []))).toEqual(['third', 'second', 'first', 'X']);
  });

  it('keeps events about it waiting, too: who is about to wait for them must not miss them', async () => {
    const [id, free] = [await made({ key: 'waited' }), await made({ key: 'not waited' })];
    let event: Promise<unknown> = Promise.resolve();
    let answered = false;
    await holding(id, async () => {
      event = write({ kind: 'event', type: 'mail.opened', topic: '', data: {}, recordId: id });
      void event.then(() => {
        answered = true;
      });
      await write({ kind: 'event', type: 'mail.opened', topic: '', data: {}, recordId: free });
      await made({ key: 'another' });
      expect(answered).toBe(false);
    });
    await event;
  });

  it('is told as before where it is not there, or is stale', async () => {
    const id = await made({ key: 'stale' });
    let late: Promise<unknown> = Promise.resolve();
    await holding(id, async () => {
      late = write({ kind: 'update', id, data: { last_name: 'Y' }, version: 7 });
      late.catch(() => {});
      await expect(write({ kind: 'update', id: '01900000-0000-7000-8000-000000000000', data: {} })).rejects.toMatchObject({
        code: 'RECORD_NOT_FOUND',
      });
    });
    await expect(late).rejects.toMatchObject({ code: 'RECORD_VERSION_STALE' });
  });

  it('has all its changes written before the intake is drained', async () => {
    const id = await made({ key: 'drained' });
    let late: Promise<unknown> = Promise.resolve();
    await holding(id, async () => {
      late = write({ kind: 'update', id, data: { last_name: 'Y' } });
      await made({ key: 'another' });
    });
    await engine.intake.drained();
    await expect(fresh.db.store.recordsByIds([id], 'none')).resolves.toMatchObject([{ data: { last_name: 'Y' } }]);
    await late;
  });
});
