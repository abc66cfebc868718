/** The worker's two lanes. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Change } from '../../engine/runtime/change.ts';
import type { Database } from '../../engine/store/port.ts';
import type { Sleeper } from '../../engine/worker/sleeper.ts';
import { Worker } from '../../engine/worker/worker.ts';
import { onLeadCreated, openTestEngine, START, somebody, workflow } from './support.ts';

/** Sleeps until it is woken, or not at all where it was woken before; tells how long it was to sleep first. */
function tellingSleeper(): Sleeper & { asked: Promise<number> } {
  const asked = Promise.withResolvers<number>();
  let woken = Promise.withResolvers<void>();
  return {
    asked: asked.promise,
    async sleep(ms) {
      asked.resolve(ms);
      await woken.promise;
      woken = Promise.withResolvers();
    },
    wake: () => woken.resolve(),
  };
}

/** Sleeps until it is woken. `asleep` resolves when it sleeps for so many times. */
function countingSleeper(): Sleeper & { asleep(times: number): Promise<void> } {
  let slept = 0;
  let woken = Promise.withResolvers<void>();
  return {
    async sleep() {
      slept++;
      await woken.promise;
      woken = Promise.withResolvers();
    },
    wake: () => woken.resolve(),
    async asleep(times) {
      while (slept < times) await turnOfTheLoop();
    },
  };
}

it('a batch of which no run can be moved gives the second lane rest, and the first a pause', async () => {
  const takt = await openTestEngine('postgres');
  const { engine } = takt;
  await takt.publish(
    workflow('w', { start: onLeadCreated, a: { type: 'record.update', params: { fields: { city: 'Done' } } } }, [['start', 'a']]),
  );
  const leads = Array.from(
    { length: 400 },
    (_, i): Change => ({ kind: 'create', entity: 'lead', data: { last_name: `L${i}` }, onExisting: 'error' }),
  );
  const made = await engine.intake.submit(leads, somebody);
  const ids = made.flatMap((one) => (one.ok && one.value.kind === 'record' ? one.value.record.id : []));
  expect(ids).toHaveLength(400);

  const sleepers: ReturnType<typeof tellingSleeper>[] = [];
  const worker = new Worker(engine.ports, () => {
    const sleeper = tellingSleeper();
    sleepers.push(sleeper);
    return sleeper;
  });
  await engine.ports.database.transaction(async (tx) => {
    await tx.recordsByIds(ids, 'wait');
    await worker.start();
    expect(await Promise.all(sleepers.map((sleeper) => sleeper.asked))).toEqual([10, 60_000]);
    await worker.stop();
  });
  await engine.drain();
  expect((await engine.runs.page({ workflowId: 'w', status: 'done' }, 200)).items).toHaveLength(200);
  await takt.close();
});

it('what becomes due while the first lane is at a batch does not wait for its end', async () => {
  const takt = await openTestEngine('memory');
  const { ports } = takt.engine;
  await takt.publish(workflow('w', { start: onLeadCreated, a: { type: 'data.set', params: { values: { x: 1 } } } }, [['start', 'a']]));
  const held = Promise.withResolvers<void>();
  let holds = false;
  const transaction: Database['transaction'] = async (work) => {
    if (holds) {
      holds = false;
      await held.promise;
    }
    return ports.database.transaction(work);
  };
  const sleepers: ReturnType<typeof countingSleeper>[] = [];
  const worker = new Worker({ ...ports, database: { ...ports.database, transaction } }, () => {
    const sleeper = countingSleeper();
    sleepers.push(sleeper);
    return sleeper;
  });
  const [first, second] = sleepers;
  await worker.start();
  await Promise.all(sleepers.map((sleeper) => sleeper.asleep(1)));
  holds = true;
  worker.wake();
  while (holds) await turnOfTheLoop();
  await takt.create('lead', { last_name: 'X' });
  worker.wake();
  await second?.asleep(2);
  expect((await takt.engine.runs.page({ status: 'done' }, 10)).items).toHaveLength(1);
  held.resolve();
  await first?.asleep(2);
  await worker.stop();
  await takt.close();
});

it('housekeeping that has failed is begun again within a minute', async () => {
  const takt = await openTestEngine('memory');
  const { ports } = takt.engine;
  const { database, clock } = ports;
  let looks = 0;
  const transaction: Database['transaction'] = (work) =>
    database.transaction((tx) =>
      work({
        ...tx,
        async deleteExpiredMarks(now, limit) {
          looks++;
          if (looks === 1) throw new Error('The first time it fails.');
          return tx.deleteExpiredMarks(now, limit);
        },
      }),
    );
  const sleepers: ReturnType<typeof countingSleeper>[] = [];
  const worker = new Worker({ ...ports, database: { ...database, transaction } }, () => {
    const sleeper = countingSleeper();
    sleepers.push(sleeper);
    return sleeper;
  });
  await worker.start();
  await sleepers[0]?.asleep(1);
  takt.clock.advance(59_000);
  worker.wake();
  await sleepers[0]?.asleep(2);
  expect(looks).toBe(1);
  takt.clock.advance(1_000);
  worker.wake();
  await sleepers[0]?.asleep(3);
  expect([looks, clock.now()]).toEqual([2, Date.parse(START) + 60_000]);
  await worker.stop();
  await takt.close();
});
