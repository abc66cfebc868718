/** Clients of the HTTP API in a thread of their own: what they cost is not of the server's one thread, as it is not where they are elsewhere. */
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

interface Clientele {
  /** Where events are posted to. */
  url: string;
  token: string;
  /** Ids of the records that the events are about, in turn. */
  records: readonly string[];
  /** Requests under way at once. */
  atOnce: number;
}

export interface Clients {
  /** Posts so many events, one by one; the numbers of their orders begin with `from`. */
  post(from: number, count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openClients(clientele: Clientele): Promise<Clients> {
  const thread = new Worker(new URL(import.meta.url), { workerData: clientele });
  await once(thread, 'message');
  return {
    async post(from, count) {
      thread.postMessage({ from, count });
      const [problem] = await once(thread, 'message');
      if (problem !== null) throw new Error(String(problem));
    },
    async close() {
      await thread.terminate();
    },
  };
}

function serve({ url, token, records, atOnce }: Clientele, port: NonNullable<typeof parentPort>): void {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const send = (body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 201 ? resolve() : reject(new Error(`The API answered ${response.statusCode}.`)),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  port.on('message', ({ from, count }: { from: number; count: number }) => {
    let next = from;
    const client = async (): Promise<void> => {
      while (next < from + count) {
        const n = next++;
        const data = { order: `O-${n}`, amount: (n * 7919) % 100_000 };
        await send(JSON.stringify({ type: 'order.paid', record: records[n % records.length], data }));
      }
    };
    Promise.all(Array.from({ length: atOnce }, client)).then(
      () => port.postMessage(null),
      (error: unknown) => port.postMessage(String(error)),
    );
  });
  port.postMessage('ready');
}

if (!isMainThread && parentPort) serve(workerData, parentPort);
