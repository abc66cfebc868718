/** Effects that leave the house: HTTP requests to a receiver on the same machine. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sql } from '../../../engine/store/drizzle.ts';
import { advanceBatch } from '../../../engine/worker/batch.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { openTaktAt } from '../bed.ts';
import { type Benchmark, figure, median, timed, times } from '../figure.ts';
import { makeLeads, post, settled } from '../work.ts';

/** A receiver in a thread of its own; tells its port. */
const RECEIVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'));
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

const telling = (port: number): JsonObject => ({
  takt: 1,
  id: 'telling',
  name: 'Telling',
  nodes: {
    paid: { type: 'trigger.event', params: { event: 'order.paid' } },
    tell: {
      type: 'http.request',
      params: {
        method: 'POST',
        url: `http://127.0.0.1:${port}/orders`,
        body: { order: '= event.data.order', amount: '= event.data.amount' },
      },
    },
  },
  edges: [['paid', 'tell']],
});

const OPEN_EFFECTS = sql`select 1 from effects where status = 'pending' limit 1`;

/** Requests a second that a plain client gets through, as many at once. */
async function bare(port: number, count: number, atOnce: number): Promise<number> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next++ < count) {
      const response = await fetch(`http://127.0.0.1:${port}/orders`, { method: 'POST', body: '{"order":"O-1","amount":1}' });
      await response.arrayBuffer();
    }
  };
  const ms = await timed(() => Promise.all(Array.from({ length: atOnce }, client)));
  return (count / ms) * 1_000;
}

export const outbox: readonly Benchmark[] = [
  {
    names: ['outbox_per_s'],
    async run(bed, { rounds, events }, say) {
      const place = await bed.database();
      const takt = await openTaktAt(place.url, bed.folder);
      const receiver = new Worker(RECEIVER, { eval: true });
      try {
        const [port] = await once(receiver, 'message');
        await takt.publish(telling(port));
        const leads = await makeLeads(takt, events);
        const limits: number[] = [];
        const sent = async (round: number): Promise<number> => {
          await post(takt, leads, round);
          while ((await advanceBatch(takt.engine.ports, 200)).claimed > 0);
          const ms = await timed(async () => {
            await takt.engine.start();
            await settled(takt, OPEN_EFFECTS);
          });
          await settled(takt);
          await takt.engine.stop();
          return ms;
        };
        // As the other rates: of a process whose code is compiled.
        await sent(0);
        const rates = await times(rounds, async (round) => {
          const ms = await sent(round + 1);
          limits.push(await bare(port, events, 50));
          say(`${Math.round((events / ms) * 1_000)} effects a second beside ${Math.round(limits.at(-1) ?? 0)} bare requests`);
          return (events / ms) * 1_000;
        });
        return [figure('outbox_per_s', median(rates), 'effects/s', median(limits))];
      } finally {
        await receiver.terminate();
        await takt.close();
        await place.drop();
      }
    },
  },
];
