import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workJob } from '../../engine/jobs/work.ts';
import type { Ports } from '../../engine/runtime/ports.ts';
import type { Database, StoreTx } from '../../engine/store/port.ts';
import { advanceBatch } from '../../engine/worker/batch.ts';
import { fireTimers } from '../../engine/worker/timers.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { serverError } from '../faults/errors.ts';
import { intercepted } from '../faults/store.ts';
import { untilSomebodyWaits } from '../support/locks.ts';
import { onLeadCreated, openTestEngine, START, somebody, type TestEngine, workflow } from './support.ts';

let takt: TestEngine;
beforeEach(async () => {
  takt = await openTestEngine('memory');
});
afterEach(() => takt.close());

/** The engine's ports; in their transactions a statement fails as often as told. */
function failing(name: keyof StoreTx, times: number, kind: 'serialisation' | 'idle'): Ports {
  const { ports } = takt.engine;
  const { database } = ports;
  let left = times;
  return {
    ...ports,
    database: {
      ...database,
      transaction: (work) =>
        database.transaction((tx) =>
          work(
            intercepted(tx, (called, statement) => {
              if (called === name && left-- > 0) throw serverError(kind);
              return statement();
            }),
          ),
        ),
    },
  };
}

const ALWAYS = Number.POSITIVE_INFINITY;
const set = { type: 'data.set', params: { values: { x: 1 } } };
const statuses = async (): Promise<string[]> => (await takt.engine.runs.page({}, 9)).items.map((run) => run.status);

describe('what others keep from being written', () => {
  it('is a run that is due still, beside those of its batch that are', async () => {
    await takt.publish(workflow('w', { start: onLeadCreated, a: set }, [['start', 'a']]));
    for (const last_name of ['One', 'Two', 'Three']) await takt.create('lead', { last_name });
    expect(await advanceBatch(failing('updateRuns', ALWAYS, 'serialisation'), 10)).toEqual({ claimed: 3, postponed: 3 });
    expect(await statuses()).toEqual(['active', 'active', 'active']);
    // The batch, its first half and the first of its runs are in nobody's way any more after eight attempts each.
    expect(await advanceBatch(failing('updateRuns', 24, 'serialisation'), 10)).toEqual({ claimed: 3, postponed: 1 });
    await takt.pass(0);
    expect(await statuses()).toEqual(['done', 'done', 'done']);
  });

  it('is a timer that is tried again in a second', async () => {
    await takt.publish(workflow('w', { start: { type: 'trigger.schedule', params: { cron: '1 9 * * *' } }, a: set }, [['start', 'a']]));
    takt.clock.advance(60_000);
    expect(await fireTimers(failing('insertEvents', ALWAYS, 'serialisation'))).toBe(1);
    expect(await takt.engine.nextDue()).toBe(Date.parse(START) + 61_000);
    await takt.pass(1_000);
    expect(await statuses()).toEqual(['done']);
  });

  it('is a piece of long work that is done later', async () => {
    const ports = await bulkStart();
    await expect(workJob(ports('serialisation', ALWAYS))).rejects.toMatchObject({ code: 'WRITE_CONFLICT' });
    await takt.pass(0);
    expect((await takt.engine.jobs.page({}, 9)).items).toMatchObject([{ status: 'done', made: 1 }]);
  });
});

/** A job that starts a workflow on one lead. */
async function bulkStart(): Promise<(kind: 'serialisation' | 'idle', times: number) => Ports> {
  await takt.publish(workflow('w', { start: { type: 'trigger.manual', params: { entity: 'lead' } }, a: set }, [['start', 'a']]));
  await takt.create('lead', { last_name: 'One' });
  await takt.engine.jobs.startBulk({ workflowId: 'w', entity: 'lead' }, somebody);
  return (kind, times) => failing('updateJob', times, kind);
}

describe('long work whose session the server ends', () => {
  it('is tried once more, since the process may have stood still', async () => {
    const ports = await bulkStart();
    expect(await workJob(ports('idle', 1))).toBe(true);
    expect((await takt.engine.jobs.page({}, 9)).items).toMatchObject([{ status: 'done', made: 1 }]);
  });

  it('has failed where that happens again', async () => {
    const ports = await bulkStart();
    expect(await workJob(ports('idle', 2))).toBe(true);
    expect((await takt.engine.jobs.page({}, 9)).items).toMatchObject([{ status: 'failed', made: 0 }]);
  });
});

it('a timer that could not be fired, and that another worker has taken, leaves the next one where it is', async () => {
  const every = (cron: string): JsonObject => ({ type: 'trigger.schedule', params: { cron } });
  await takt.publish(workflow('spoilt', { start: every('1 9 * * *'), a: set }, [['start', 'a']]));
  await takt.publish(workflow('fine', { start: every('2 9 * * *'), a: set }, [['start', 'a']]));
  takt.clock.advance(120_000);
  const { ports } = takt.engine;
  let [claims, refusals] = [0, 0];
  const transaction: Database['transaction'] = (work) =>
    ports.database.transaction((tx) =>
      work({
        ...tx,
        // Together, then alone, both in vain; then it is to be put off, and somebody else holds it.
        claimTimers: async (now) => (await tx.claimTimers(now, 2)).slice(++claims === 3 ? 1 : 0, claims === 2 ? 1 : 2),
        async insertEvents(events) {
          if (++refusals <= 2) throw serverError('refused');
          return tx.insertEvents(events);
        },
      }),
    );
  await fireTimers({ ...ports, database: { ...ports.database, transaction } });
  expect(await takt.engine.nextDue()).toBe(Date.parse(START) + 60_000);
  await takt.pass(0);
  expect(await statuses()).toEqual(['done', 'done']);
});

it('timers that are due at the same time ask the database one after the other', async () => {
  const idle = { type: 'trigger.idle', params: { workflow: 'other', for: 'PT1H' } };
  await takt.publish(workflow('other', { start: onLeadCreated, a: set }, [['start', 'a']]));
  for (const id of ['one', 'two']) await takt.publish(workflow(id, { start: idle, a: set }, [['start', 'a']]));
  takt.clock.advance(3_600_000);
  const { ports } = takt.engine;
  let [asking, most] = [0, 0];
  const transaction: Database['transaction'] = (work) =>
    ports.database.transaction((tx) =>
      work(
        intercepted(tx, async (name, statement) => {
          // What is written at the end goes out together.
          if (!name.startsWith('newestRunAt')) return statement();
          most = Math.max(most, ++asking);
          return statement().finally(() => asking--);
        }),
      ),
    );
  expect(await fireTimers({ ...ports, database: { ...ports.database, transaction } })).toBe(2);
  expect(most).toBe(1);
});

it('a record that another process makes at the same moment under the same key is found by who wanted to make it', async () => {
  const real = await openTestEngine('postgres');
  const { database, newId } = real.engine.ports;
  const { id } = await real.create('lead', { key: 'first', last_name: 'First' });
  const [first] = await database.store.recordsByIds([id], 'none');
  if (!first) throw new Error('It was created.');
  const made = Promise.withResolvers<void>();
  const theirs = { ...first, id: newId(), key: 'same' };
  const other = database.transaction(async (tx) => {
    await tx.insertRecords([theirs]);
    made.resolve();
    await untilSomebodyWaits(database);
  });
  await made.promise;
  const change = { kind: 'create', entity: 'lead', data: { key: 'same', last_name: 'Same' }, onExisting: 'skip' } as const;
  const [outcome] = await Promise.all([real.engine.intake.submitOne(change, somebody), other]);
  expect(outcome).toMatchObject({ op: 'unchanged', record: { id: theirs.id } });
  await real.close();
});
