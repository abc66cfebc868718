/** Takt as a contestant: put together as a server does it, in a process of its own. */

import type { Change } from '../../../engine/runtime/change.ts';
import { rows } from '../../../engine/store/database.ts';
import { sql } from '../../../engine/store/drizzle.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { AUTHOR, openTaktAt } from '../bed.ts';
import { FIVE_STEPS, makeLeads, paid } from '../work.ts';
import { serve, until } from './programs/protocol.ts';

const LEADS = 5_000;

/** One step beside the trigger, as a plain job; events of a type of their own. */
const ONE_STEP: JsonObject = {
  takt: 1,
  id: 'one-step',
  name: 'One step',
  nodes: {
    paid: { type: 'trigger.event', params: { event: 'order.noted' } },
    note: { type: 'record.update', params: { fields: { budget: '= event.data.amount', source: 'order' } } },
  },
  edges: [['paid', 'note']],
};

await serve(async ({ url, folder }) => {
  const takt = await openTaktAt(url, folder);
  await takt.publish(FIVE_STEPS, ONE_STEP);
  await takt.engine.start();
  let leads: Promise<string[]> | undefined;
  let posted = 0;
  /** The leads are made with the first events, which warm up: an idle process is one that has done nothing yet. */
  const events = async (count: number, type: string): Promise<Change[]> => {
    leads ??= makeLeads(takt, LEADS);
    const ids = await leads;
    return Array.from({ length: count }, () => {
      const n = posted++;
      return { ...paid(ids[n % LEADS] ?? '', n), type };
    });
  };
  const some = async (query: ReturnType<typeof sql>): Promise<boolean> => (await rows(takt.database.orm, query)).length > 0;
  const settled = (): Promise<void> => until(async () => !(await some(sql`select 1 from runs where due_at is not null limit 1`)));
  const post = async (count: number, type: string): Promise<void> => {
    const outcomes = await takt.engine.intake.submit(await events(count, type), AUTHOR);
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
    await settled();
  };
  const ended = async (): Promise<number> =>
    Number((await rows<{ n: string }>(takt.database.orm, sql`select count(*) as n from runs where status = 'done'`))[0]?.n);
  return {
    async workflows(count) {
      const before = await ended();
      await post(count, 'order.paid');
      const made = (await ended()) - before;
      if (made !== count) throw new Error(`${made} of ${count} runs are done.`);
    },
    jobs: (count) => post(count, 'order.noted'),
    async first() {
      const [event] = await events(1, 'order.paid');
      if (!event) throw new RangeError('No event was made.');
      const begun = performance.now();
      const written = await takt.engine.intake.submitOne(event, AUTHOR);
      if (written.kind !== 'event') throw new Error('The event was not written.');
      const run = written.runs[0] ?? '';
      while (!(await some(sql`select 1 from steps where run_id = ${run} limit 1`)));
      const waited = performance.now() - begun;
      await settled();
      return waited;
    },
    async stop() {
      await takt.engine.stop();
      await takt.close();
    },
  };
});
