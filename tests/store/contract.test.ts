/** What every store must do alike. What the engine makes of it stands in tests/engine. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../engine/store/port.ts';
import type { StoredFind } from '../../engine/store/queries/records.ts';
import { OPEN_RUN } from '../../engine/store/schema.ts';
import { sqlState } from '../../engine/store/sql-state.ts';
import type { ChangeRow, RunRow } from '../../engine/unit/rows.ts';
import { databaseKinds, type FreshDatabase, freshDatabase } from '../support/databases.ts';
import { event, id, NOW, record, run } from './rows.ts';

/** Longer than what is looked up. */
const LONG = 'word '.repeat(100);

describe.each(databaseKinds)('a store on %s', (kind) => {
  let fresh: FreshDatabase;
  let db: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    db = fresh.db;
  });
  afterEach(() => fresh.drop());

  const find = (more: Partial<StoredFind>): StoredFind => ({ entity: 'lead', contains: {}, hot: {}, limit: 10, ...more });

  it('takes everything back when a transaction throws', async () => {
    await db.store.insertRecords([record(1, { key: 'a', data: { n: 1 } })]);
    await db.store.insertRuns([run(1)]);
    await db.store.upsertTimers([
      { id: id(1), kind: 'schedule', workflowId: 'w', node: 'n', key: '', recordId: null, dueAt: NOW, data: {} },
    ]);
    const broken = db.transaction(async (tx) => {
      await tx.updateRecords([{ row: record(1, { key: 'b', data: { n: 2 }, version: 2 }), base: record(1) }]);
      await tx.insertRecords([record(2, { key: 'a' })]);
      await tx.insertEvents([event(1, { key: 'once' })]);
      await tx.updateRuns([run(1, { status: 'done', dueAt: null })]);
      await tx.deleteTimers('w');
      await tx.bumpCatalog();
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect(await db.store.recordPage({ entity: 'lead', deleted: false, sort: 'created' }, 10)).toEqual([
      record(1, { key: 'a', data: { n: 1 } }),
    ]);
    expect(await db.store.recordByKey('lead', 'b')).toBeUndefined();
    expect(await db.store.findRecordIds([find({ contains: { n: 1 } }), find({ contains: { n: 2 } })])).toEqual([[id(1)], []]);
    expect(await db.store.eventsByKeys(['once'])).toEqual([]);
    expect(await db.store.runById(id(1))).toEqual(run(1));
    expect([await db.store.nextDue(), await db.store.nextTimerDue(), await db.store.catalogRevision()]).toEqual([NOW, NOW, 0]);
  });

  it('takes back what a statement did before it was refused', async () => {
    await db.store.insertRecords([record(1, { key: 'a' })]);
    const refused = db.store.insertRecords([record(2, { data: { n: 1 } }), record(3, { key: 'a' })]);
    await expect(refused).rejects.toSatisfy((error) => sqlState(error) === '23505');
    expect(await db.store.countRecords('lead')).toBe(1);
    expect(await db.store.findRecordIds([find({ contains: { n: 1 } })])).toEqual([[]]);
  });

  it('gives the key of a deleted record to another', async () => {
    await db.store.insertRecords([
      record(1, { key: 'a', deletedAt: NOW }),
      record(2, { key: 'a' }),
      record(3, { entity: 'deal', key: 'a' }),
    ]);
    expect((await db.store.recordByKey('lead', 'a'))?.id).toBe(id(2));
  });

  it('refuses a text that JSON columns cannot hold', async () => {
    await expect(db.store.insertRecords([record(1, { data: { text: 'a\u0000b' } })])).rejects.toSatisfy(
      (error) => sqlState(error) === '22P05',
    );
  });

  it('keeps of JSON what JSON has, in the order of jsonb', async () => {
    const data = Object.assign(record(1).data, { zz: 1, b: { y: [undefined, 2], x: undefined }, a: null });
    await db.store.insertRecords([record(1, { data })]);
    const [row] = await db.store.recordsByIds([id(1)], 'none');
    expect(JSON.stringify(row?.data)).toBe('{"a":null,"b":{"y":[null,2]},"zz":1}');
  });

  it('updates a record only where its version is the one that the change was made on', async () => {
    await db.store.insertRecords([record(1), record(2, { version: 5 })]);
    const changed = [1, 2].map((n) => ({ row: record(n, { stage: 'won', version: 2 }), base: record(n) }));
    expect(await db.store.updateRecords(changed)).toEqual([id(1)]);
    expect((await db.store.recordsByIds([id(2), id(1)], 'wait')).map((row) => [row.id, row.stage])).toEqual([
      [id(1), 'won'],
      [id(2), null],
    ]);
  });

  it('leaves out a run whose entry is there and an event whose key is there, also within one statement', async () => {
    const runs = [run(1, { entryKey: 'x' }), run(2, { entryKey: 'x' }), run(3, { entryKey: 'x', workflowId: 'other' })];
    expect(await db.store.insertRuns(runs)).toEqual(new Set([id(1), id(3)]));
    expect(await db.store.insertRuns([run(4, { entryKey: 'x' })])).toEqual(new Set());
    expect(await db.store.insertEvents([event(1, { key: 'k' }), event(2, { key: 'k' }), event(3)])).toEqual(new Set([id(1), id(3)]));
  });

  it('gives out due runs, the longest due first, and is not touched by what is done to a claimed one', async () => {
    await db.store.insertRuns([
      run(1, { dueAt: NOW + 2 }),
      run(2, { dueAt: NOW + 1 }),
      run(3, { dueAt: NOW + 9 }),
      run(4, { dueAt: null }),
    ]);
    expect((await db.store.claimRuns(NOW + 2, 10)).map((row) => row.id)).toEqual([id(2), id(1)]);
    expect((await db.store.claimRuns(NOW + 2, 1)).map((row) => row.id)).toEqual([id(2)]);
    expect((await db.store.claimRuns(NOW + 2, 10, { among: [id(1), id(3)] })).map((row) => row.id)).toEqual([id(1)]);
    expect((await db.store.claimRuns(NOW + 2, 10, { except: [id(2)] })).map((row) => row.id)).toEqual([id(1)]);
    const [claimed] = await db.store.claimRuns(NOW + 2, 1);
    claimed?.state.tokens.push({ id: 1, node: 'n', status: 'ready', visit: 0, failures: 0, seq: 0 });
    expect((await db.store.runById(id(2)))?.state.tokens).toEqual([]);
    await db.store.updateRuns([run(2, { dueAt: null, status: 'done' })]);
    expect(await db.store.nextDue()).toBe(NOW + 2);
  });

  it('tells a run that moves or waits at once, a failed one when it is retried, an ended one never', async () => {
    await db.store.insertRuns([
      run(1, { status: 'waiting', dueAt: NOW + 9 }),
      run(2, { status: 'waiting', dueAt: null }),
      run(3, { status: 'failed', dueAt: null }),
      run(4, { status: 'done', dueAt: null }),
    ]);
    const payload = { ok: true as const, result: {} };
    await db.store.sendSignals(
      [1, 2, 3, 4].map((n) => ({ runId: id(n), waitId: 'w', payload, at: NOW })),
      NOW,
    );
    const told = await db.store.signalsOfRuns([1, 2, 3, 4].map(id));
    expect(told.map((signal) => signal.runId)).toEqual([1, 2, 3].map(id));
    expect((await db.store.claimRuns(NOW, 10)).map((row) => row.id).sort()).toEqual([id(1), id(2)]);
    await db.store.deleteSignals(told.map((signal) => signal.id));
    expect(await db.store.signalsOfRuns([id(1)])).toEqual([]);
  });

  it('gives every workflow its share of the due runs, the longest due of each', async () => {
    const at = (n: number, workflowId: string, more: Partial<RunRow> = {}) => run(n, { workflowId, dueAt: NOW + n, ...more });
    const many = Array.from({ length: 20 }, (_, n) => at(n + 1, 'many'));
    await db.store.insertRuns([
      ...many,
      at(30, 'few'),
      at(31, 'few'),
      at(40, 'none', { dueAt: null }),
      at(41, 'later', { dueAt: NOW + 900 }),
    ]);
    const claim = async (limit: number) => (await db.store.claimRunsFairly(NOW + 100, limit)).map((row) => row.id);
    expect(await claim(3)).toEqual([id(1), id(2), id(30)]);
    expect(await claim(8)).toEqual([...[1, 2, 3, 4].map(id), id(30), id(31)]);
    expect(await claim(1)).toEqual([id(1)]);
    expect(await db.store.claimRunsFairly(NOW, 5)).toEqual([]);
  });

  it('finds the runs that a run has called, and those of a workflow by their states and version, piece by piece', async () => {
    await db.store.insertRuns([
      run(1, { status: 'paused' }),
      run(2, { parent: { run: id(1), wait: 'w' } }),
      run(3, { status: 'waiting', parent: { run: id(1), wait: 'w' } }),
      run(4, { status: 'done', parent: { run: id(2), wait: 'w' } }),
      run(5, { workflowId: 'other' }),
      run(6, { version: 2 }),
    ]);
    const called = (more: { status?: 'waiting' } = {}) => db.store.runPage({ parent: id(1), ...more }, undefined, 10);
    expect((await called()).map((row) => row.id)).toEqual([id(3), id(2)]);
    expect((await called({ status: 'waiting' })).map((row) => row.id)).toEqual([id(3)]);
    const moving = (after: string | null, limit: number) =>
      db.store.runsOfWorkflow({ workflowId: 'w', statuses: ['active', 'waiting'] }, after, limit);
    expect((await moving(null, 1)).map((row) => row.id)).toEqual([id(2)]);
    expect((await moving(id(2), 10)).map((row) => row.id)).toEqual([id(3), id(6)]);
    const onFirst = await db.store.runsOfWorkflow({ workflowId: 'w', version: 1, statuses: OPEN_RUN }, id(1), 10);
    expect(onFirst.map((row) => row.id)).toEqual([id(2), id(3)]);
    expect((await db.store.runsOfWorkflow({ workflowId: 'w', statuses: ['paused'] }, null, 10)).map((row) => row.id)).toEqual([id(1)]);
  });

  it('adds up what people have to do, in their order, of the stages that count', async () => {
    const [olga, ivan, none] = [id(90), id(91), id(92)];
    await db.store.insertRecords([
      record(1, { owner: olga, stage: 'new', data: { amount: { amount: 10.5 }, n: 3 } }),
      record(2, { owner: olga, stage: 'lost', data: { amount: { amount: 100 } } }),
      record(3, { owner: ivan, stage: 'work', data: { amount: { amount: 7 } } }),
      record(4, { owner: ivan, stage: 'new', deletedAt: NOW }),
      record(5, { owner: ivan, entity: 'deal', data: {} }),
    ]);
    const owners = [ivan, none, olga];
    const open = { entity: 'lead', stages: ['new', 'work'] };
    expect(await db.store.ownerLoads({ ...open, sum: null }, owners)).toEqual([1, 0, 1]);
    expect(await db.store.ownerLoads({ ...open, sum: ['amount', 'amount'] }, owners)).toEqual([7, 0, 10.5]);
    expect(await db.store.ownerLoads({ entity: 'lead', stages: null, sum: null }, owners)).toEqual([1, 0, 2]);
    expect(await db.store.ownerLoads({ entity: 'deal', stages: null, sum: ['n'] }, owners)).toEqual([0, 0, 0]);
  });

  it('adds up only what has certain values, and lies in a time', async () => {
    const [olga, ivan] = [id(90), id(91)];
    const task = (n: number, owner: string, status: string, due: string) =>
      record(n, { owner, entity: 'task', stage: null, data: { status, due_at: due, tags: ['a', status] } });
    await db.store.insertRecords([
      task(1, olga, 'open', '2027-03-01T00:00:00.000Z'),
      task(2, olga, 'done', '2027-03-01T10:00:00.000Z'),
      task(3, ivan, 'open', '2027-03-02T00:00:00.000Z'),
      record(4, { owner: ivan, entity: 'task', stage: null, data: { status: 'open' } }),
    ]);
    const tasks = { entity: 'task', stages: null, sum: null };
    const today = { field: 'due_at', from: '2027-03-01T00:00:00.000Z', until: '2027-03-02T00:00:00.000Z' };
    expect(await db.store.ownerLoads({ ...tasks, contains: { status: 'open' } }, [olga, ivan])).toEqual([1, 2]);
    expect(await db.store.ownerLoads({ ...tasks, contains: { tags: ['done'] } }, [olga, ivan])).toEqual([1, 0]);
    expect(await db.store.ownerLoads({ ...tasks, between: today }, [olga, ivan])).toEqual([2, 0]);
    expect(await db.store.ownerLoads({ ...tasks, between: today, contains: { status: 'open' } }, [olga, ivan])).toEqual([1, 0]);
  });

  it('lists changes of owner in the order of time, page by page, and knows which was the first', async () => {
    const owned = (
      n: number,
      version: number,
      at: number,
      owner: [string | null, string | null],
      op: ChangeRow['op'] = 'updated',
    ): ChangeRow => ({
      recordId: id(n),
      version,
      at,
      op,
      author: { kind: 'person', id: 'boss' },
      changes: { owner, name: ['a', 'b'] },
    });
    const [olga, ivan] = [id(90), id(91)];
    await db.store.insertRecords([record(1, { stage: 'won' }), record(2, { deletedAt: NOW }), record(3), record(4, { entity: 'deal' })]);
    await db.store.insertChanges([
      owned(1, 2, NOW + 5, [null, olga]),
      { ...owned(1, 3, NOW + 6, [olga, ivan]), changes: { name: ['b', 'c'] } },
      owned(1, 4, NOW + 7, [olga, ivan]),
      owned(2, 1, NOW, [null, olga], 'created'),
      owned(2, 2, NOW + 5, [olga, null]),
      owned(3, 2, NOW, [null, ivan]),
      owned(3, 3, NOW + 9, [ivan, olga]),
      owned(4, 2, NOW + 5, [null, olga]),
    ]);
    const asked = { entity: 'lead', from: NOW, until: NOW + 9 };
    const all = await db.store.ownerChanges(asked, undefined, 10);
    expect(all.map(({ recordId, version, at, to, first }) => [recordId, version, at - NOW, to, first])).toEqual([
      [id(3), 2, 0, ivan, true],
      [id(1), 2, 5, olga, true],
      [id(2), 2, 5, null, false],
      [id(1), 4, 7, ivan, false],
    ]);
    expect(all[1]).toMatchObject({ createdAt: NOW, stage: 'won', author: { kind: 'person', id: 'boss' } });
    expect(await db.store.ownerChanges(asked, undefined, 2)).toEqual(all.slice(0, 2));
    expect(await db.store.ownerChanges(asked, all[1], 2)).toEqual(all.slice(2));
    expect(await db.store.ownerChanges({ ...asked, from: NOW + 8, until: NOW + 10 }, undefined, 5)).toMatchObject([
      { to: olga, first: false },
    ]);
  });

  it('counts records with and without the deleted ones', async () => {
    await db.store.insertRecords([record(1), record(2, { deletedAt: NOW }), record(3, { entity: 'deal' })]);
    expect([await db.store.countRecords('lead'), await db.store.countLiving('lead')]).toEqual([2, 1]);
  });

  it.each<[string, Partial<StoredFind>, number[]]>([
    ['a value', { contains: { city: 'Pune' } }, [1, 3]],
    ['a number, not the text of its digits', { contains: { n: 1 } }, [1]],
    ['a long text', { contains: { note: LONG } }, [3]],
    ['a moment', { contains: { met: '2026-03-02' } }, [1]],
    ['what is looked up and what is not', { contains: { city: 'Pune', met: '2026-03-02' } }, [1]],
    ['an element of a list', { contains: { emails: ['b@x'] } }, [2]],
    ['all elements of a list', { contains: { emails: ['a@x', 'c@x'] } }, [1]],
    ['a list, not a single value that equals its element', { contains: { city: ['Pune'] } }, []],
    ['a single value, not a list that has it', { contains: { emails: 'a@x' } }, []],
    ['a part of an object', { contains: { about: { id: '7' } } }, [3]],
    ['null, not a field that is missing', { contains: { city: null } }, [2]],
    ['several at once', { contains: { city: 'Pune', n: '1' } }, [3]],
    ['a column', { hot: { stage: 'new' } }, [1, 2]],
    ['columns and data', { hot: { stage: 'new', owner: id(90) }, contains: { city: 'Pune' } }, [1]],
    ['no more than the limit, the oldest', { contains: { city: 'Pune' }, limit: 1 }, [1]],
    ['a moment within a time', { contains: { city: 'Pune' }, between: { field: 'met', from: '2026-03-02', until: '2026-03-03' } }, [1]],
    ['a time that ends with the moment', { between: { field: 'met', from: '2026-03-01', until: '2026-03-02' } }, []],
    ['another entity', { entity: 'deal', contains: { city: 'Pune' } }, [5]],
  ])('finds by %s', async (_, wanted, expected) => {
    await db.store.insertRecords([
      record(3, { stage: 'won', data: { city: 'Pune', n: '1', note: LONG, about: { id: '7', entity: 'deal' } } }),
      record(1, { stage: 'new', owner: id(90), data: { city: 'Pune', n: 1, met: '2026-03-02', emails: ['a@x', 'c@x'] } }),
      record(2, { stage: 'new', data: { city: null, emails: ['b@x'], about: {} } }),
      record(4, { deletedAt: NOW, stage: 'new', data: { city: 'Pune', n: 1 } }),
      record(5, { entity: 'deal', data: { city: 'Pune' } }),
    ]);
    const ask = () => db.store.findRecordIds([find(wanted), find({ hot: { key: 'none' } })]);
    expect(await ask()).toEqual([expected.map(id), []]);
    // Once more when they are gone: whatever the first find has prepared must have followed.
    const bases = await db.store.recordsByIds(expected.map(id), 'none');
    await db.store.updateRecords(bases.map((base) => ({ base, row: { ...base, deletedAt: NOW, version: 2 } })));
    const [found = []] = await ask();
    expect(found.filter((hit) => expected.map(id).includes(hit))).toEqual([]);
  });

  it('gives records page by page, forwards and backwards, by age and by name', async () => {
    const names = ['b', 'a', 'c', 'a'];
    await db.store.insertRecords(names.map((name, i) => record(i + 1, { sortName: name, search: `${name} 100%` })));
    const pages = async (sort: 'created' | '-created' | 'name' | '-name'): Promise<string[]> => {
      const ids: string[] = [];
      for (let after: { id: string; sortName: string } | undefined; ; ) {
        const [row] = await db.store.recordPage({ entity: 'lead', deleted: false, sort, after }, 1);
        if (!row) return ids;
        ids.push(row.id);
        after = row;
      }
    };
    expect(await pages('created')).toEqual([1, 2, 3, 4].map(id));
    expect(await pages('-created')).toEqual([4, 3, 2, 1].map(id));
    expect(await pages('name')).toEqual([2, 4, 1, 3].map(id));
    expect(await pages('-name')).toEqual([3, 1, 4, 2].map(id));
    const search = async (...parts: string[]): Promise<string[]> =>
      (await db.store.recordPage({ entity: 'lead', deleted: false, sort: 'created', search: parts }, 10)).map((row) => row.id);
    expect([await search('a 1', 'c 1'), await search('0%'), await search('_')]).toEqual([[2, 3, 4].map(id), [1, 2, 3, 4].map(id), []]);
  });

  it('tells those who listen once the transaction has committed, and not of one that was taken back', async () => {
    const heard: string[] = [];
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const stop = await db.listen('takt_test', () => {
      heard.push('told');
      resolve();
    });
    heard.length = 0;
    const broken = db.transaction(async (tx) => {
      await tx.hint('takt_test');
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect(heard).toEqual([]);
    await db.transaction(async (tx) => {
      await tx.hint('takt_test');
      expect(heard).toEqual([]);
    });
    await told;
    await stop();
  });
});
