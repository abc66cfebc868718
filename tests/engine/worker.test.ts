/** The worker's two lanes. */
import { expect, it } from 'vitest';
import type { Change } from '../../engine/runtime/change.ts';
import type { Sleeper } from '../../engine/worker/sleeper.ts';
import { Worker } from '../../engine/worker/worker.ts';
import { onLeadCreated, openTestEngine, somebody, workflow } from './support.ts';

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
