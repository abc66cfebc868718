import { expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { memoryQueue } from '../../engine/outbox/memory-queue.ts';
import type { DispatchQueue } from '../../engine/outbox/queue.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import { onLeadCreated, openTestEngine, workflow } from './support.ts';

it('an answer that comes after its step has failed and was retried is the answer to the retried step', async () => {
  const asked = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  let calls = 0;
  const connector = {
    name: 'mail',
    async send() {
      calls++;
      if (calls === 2) throw new TaktError('EFFECT_DEAD', { message: 'No such mailbox.' });
      asked.resolve();
      await late.promise;
      return { messageId: 'late' };
    },
  };
  const queues: DispatchQueue[] = [];
  const queue = (clock: Parameters<typeof memoryQueue>[0]): DispatchQueue => {
    const made = memoryQueue(clock);
    queues.push(made);
    return made;
  };
  const takt = await openTestEngine('memory', { queue, connectors: () => [connector] });
  const mail = {
    type: 'message.send',
    params: { channel: 'email', to: 'a@example.com', subject: 'Hi', text: 'Hi' },
    retry: { attempts: 1 },
  };
  await takt.publish(workflow('w', { start: onLeadCreated, mail }, [['start', 'mail']]));
  await takt.create('lead', { last_name: 'One' });
  const slow = takt.engine.drain();
  await asked.promise;

  // Nothing was heard of its dispatcher: another one gets the job, and is refused.
  const other = takt.another();
  const run = (await other.runs.page({}, 1)).items[0]?.id ?? '';
  const { effects } = await other.runs.get(run);
  await other.ports.database.transaction(async (tx) =>
    queues[0]?.enqueue(tx, [{ effectId: effects[0]?.id ?? '', connector: 'mail', destination: 'example.com', delayMs: 0 }]),
  );
  await other.drain();
  expect((await other.runs.get(run)).run.status).toBe('failed');
  await other.runs.retry(run);
  await workOnce(other.ports);

  late.resolve();
  await slow;
  const { run: row, effects: after, steps } = await takt.engine.runs.get(run);
  expect(after).toMatchObject([{ status: 'sent', result: { messageId: 'late' } }]);
  expect(steps.map((step) => step.status)).toEqual(['failed', 'done']);
  expect(row.status).toBe('done');
  await takt.close();
});
