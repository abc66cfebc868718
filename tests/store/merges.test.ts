/** Merges and the runs that go on with another record, on every store alike. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../engine/store/port.ts';
import type { MergeRow } from '../../engine/unit/rows.ts';
import { databaseKinds, type FreshDatabase, freshDatabase } from '../support/databases.ts';
import { id, NOW, run } from './rows.ts';

const merge = (n: number, winner: number, loser: number): MergeRow => ({
  id: id(n),
  entity: 'lead',
  winner: id(winner),
  loser: id(loser),
  changes: { fields: { city: [null, 'Omsk'] }, links: [{ id: id(7), entity: 'task', field: 'lead', change: [id(loser), id(winner)] }] },
  runs: [],
  author: { kind: 'person', id: 'test' },
  at: NOW,
  undoneAt: null,
});

describe.each(databaseKinds)('merges on %s', (kind) => {
  let fresh: FreshDatabase;
  let db: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    db = fresh.db;
  });
  afterEach(() => fresh.drop());

  it('are kept, found by both of their records, and marked when they are taken back', async () => {
    for (const row of [merge(1, 10, 11), merge(2, 12, 10), merge(3, 13, 14)]) await db.store.insertMerge(row);
    expect(await db.store.mergeById(id(1), true)).toEqual(merge(1, 10, 11));
    expect(await db.store.mergeById(id(9), false)).toBeUndefined();
    expect((await db.store.mergesOfRecord(id(10), 10)).map((row) => row.id)).toEqual([id(2), id(1)]);
    expect((await db.store.mergesOfRecord(id(10), 1)).map((row) => row.id)).toEqual([id(2)]);
    await db.store.markMergeUndone(id(1), NOW + 1);
    expect(await db.store.mergeById(id(1), false)).toEqual({ ...merge(1, 10, 11), undoneAt: NOW + 1 });
  });

  it('let open runs go on with another record, and hear of it what they wait for', async () => {
    const [from, to] = [id(10), id(11)];
    const waiting = run(1, { status: 'waiting', recordId: from });
    waiting.state.registered = [`w message.opened * record:${from}`];
    await db.store.insertRuns([
      waiting,
      run(2, { status: 'failed', recordId: from }),
      run(3, { status: 'done', recordId: from }),
      run(4, { recordId: from }),
      run(5, { recordId: id(12) }),
    ]);
    const wait = (runId: string, correlation: string) => ({ runId, waitId: 'w', type: 'message.opened', topic: '*', correlation });
    await db.store.insertWaits([wait(id(1), `record:${from}`), wait(id(1), 'order=7'), wait(id(5), `record:${from}`)]);
    expect(await db.store.moveRuns({ from, to, except: [id(4)] })).toEqual([id(1), id(2)]);
    const moved = await db.store.runById(id(1));
    expect([moved?.recordId, moved?.state.registered]).toEqual([to, [`w message.opened * record:${to}`]]);
    expect((await db.store.runById(id(3)))?.recordId).toBe(from);
    const correlations = [`record:${from}`, `record:${to}`, 'order=7'];
    const waits = await db.store.waitsFor(['message.opened'], correlations);
    expect(waits.map((row) => `${row.runId} ${row.correlation}`).sort()).toEqual(
      [`${id(1)} record:${to}`, `${id(1)} order=7`, `${id(5)} record:${from}`].sort(),
    );
    expect(await db.store.moveRuns({ from: to, to: from, among: [id(2), id(5)] })).toEqual([id(2)]);
    expect((await db.store.runById(id(1)))?.recordId).toBe(to);
  });
});
