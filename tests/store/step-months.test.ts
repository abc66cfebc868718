/** The months of the steps, on every store alike. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { firstIdAt } from '../../engine/ports/ids.ts';
import type { Database, StoreTx } from '../../engine/store/port.ts';
import type { StepRow } from '../../engine/unit/rows.ts';
import { databaseKinds, type FreshDatabase, freshDatabase, freshSqlDatabase } from '../support/databases.ts';
import { NOW, run } from './rows.ts';

/** Long after today, so that the months that a database begins with are over. */
const [MARCH, APRIL, MAY] = [Date.UTC(2090, 2), Date.UTC(2090, 3), Date.UTC(2090, 4)];
const march = { name: 'steps_2090_03', from: firstIdAt(MARCH), to: firstIdAt(APRIL) };
const april = { name: 'steps_2090_04', from: firstIdAt(APRIL), to: firstIdAt(MAY) };

const step = (runId: string, seq = 1): StepRow => ({
  runId,
  seq,
  node: 'n',
  type: 'data.set',
  status: 'done',
  port: 'next',
  attempt: 1,
  input: null,
  output: { n: 1 },
  error: null,
  startedAt: NOW,
  endedAt: NOW,
  cpuMicros: 5,
});

describe.each(databaseKinds)('the months of the steps on %s', (kind) => {
  let fresh: FreshDatabase;
  let db: Database;
  beforeEach(async () => {
    fresh = await freshDatabase(kind);
    db = fresh.db;
  });
  afterEach(() => fresh.drop());

  const change = (work: (tx: StoreTx) => Promise<unknown>): Promise<unknown> =>
    db.transaction(async (tx) => {
      await tx.lockStepMonths();
      await work(tx);
    });
  const names = async (): Promise<string[]> =>
    (await db.store.stepMonths()).filter((month) => month.from !== null).map((month) => month.name);
  const kept = async (runId: string): Promise<number[]> => (await db.store.stepsOfRun(runId)).map((row) => row.seq);

  it('are told with their bounds, the oldest first', async () => {
    await change((tx) => tx.addStepMonth(april));
    await change((tx) => tx.addStepMonth(march));
    expect((await db.store.stepMonths()).slice(-2)).toEqual([march, april]);
  });

  it('a month takes in what was written before it was there', async () => {
    const [before, first, last] = [firstIdAt(MARCH - 1), firstIdAt(MARCH), firstIdAt(APRIL - 1)];
    await db.store.upsertSteps([before, first, last].map((runId) => step(runId)));
    await change((tx) => tx.addStepMonth(march));
    await change((tx) => tx.dropStepMonth(march, []));
    expect([await kept(before), await kept(first), await kept(last)]).toEqual([[1], [], []]);
  });

  it('a dropped month leaves the steps of the runs that are kept, and they can go on', async () => {
    await change((tx) => tx.addStepMonth(march));
    const [gone, stays] = [firstIdAt(MARCH + 1), firstIdAt(MARCH + 2)];
    await db.store.upsertSteps([step(gone), step(stays), step(stays, 2)]);
    await change((tx) => tx.dropStepMonth(march, [stays]));
    await db.store.upsertSteps([{ ...step(stays, 2), output: { n: 2 } }, step(stays, 3)]);
    expect(await names()).toEqual([]);
    expect([await kept(gone), await kept(stays)]).toEqual([[], [1, 2, 3]]);
    expect((await db.store.stepsOfRun(stays))[1]?.output).toEqual({ n: 2 });
  });

  it('a change that is taken back leaves months and steps as they were', async () => {
    await change((tx) => tx.addStepMonth(march));
    await db.store.upsertSteps([step(firstIdAt(MARCH))]);
    const broken = change(async (tx) => {
      await tx.dropStepMonth(march, []);
      throw new Error('no');
    });
    await expect(broken).rejects.toThrow('no');
    expect([await names(), await kept(firstIdAt(MARCH))]).toEqual([[march.name], [1]]);
  });

  it('the runs of a month are found by their ids', async () => {
    const ids = [MARCH - 1, MARCH, APRIL - 1, APRIL].map(firstIdAt);
    await db.store.insertRuns(ids.map((id, n) => run(n, { id })));
    expect(await db.store.runIdsBetween(march.from, march.to, 10)).toEqual(ids.slice(1, 3));
    expect(await db.store.runIdsBetween(null, march.to, 2)).toEqual(ids.slice(0, 2));
  });
});

describe('a month that is being vacuumed', () => {
  it('is waited for while others write their steps', async () => {
    const { db, url, drop } = await freshSqlDatabase('postgres');
    onTestFinished(drop);
    const vacuum = new pg.Client({ connectionString: url });
    await vacuum.connect();
    onTestFinished(() => vacuum.end());
    const change = (work: (tx: StoreTx) => Promise<unknown>): Promise<unknown> =>
      db.transaction(async (tx) => {
        await tx.lockStepMonths();
        await work(tx);
      });
    await change((tx) => tx.addStepMonth(march));
    await vacuum.query(`begin; lock table ${march.name} in share update exclusive mode`);

    let over = false;
    const dropped = change((tx) => tx.dropStepMonth(march, [])).finally(() => {
      over = true;
    });
    const waits = `select 1 from pg_locks where relation = '${march.name}'::regclass and not granted`;
    while ((await vacuum.query(waits)).rowCount === 0);
    await db.store.upsertSteps([step(firstIdAt(APRIL))]);
    expect([over, (await db.store.stepsOfRun(firstIdAt(APRIL))).length]).toEqual([false, 1]);

    await vacuum.query('commit');
    await dropped;
    expect((await db.store.stepMonths()).filter(({ name }) => name === march.name)).toEqual([]);
  });
});
