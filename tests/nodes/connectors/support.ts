import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from '../../../engine/sdk.ts';

export const delivery = (overrides: Partial<Delivery> = {}): Delivery => ({
  key: 'run-1:send:1',
  attempt: 1,
  effectId: 'effect-1',
  runId: 'run-1',
  recordId: undefined,
  signal: new AbortController().signal,
  ...overrides,
});

export interface Site {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  port: number;
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, site: Site) => void;

/** A real HTTP server on the loopback address. */
export async function openSite(answer: Answer): Promise<Site> {
  const requests: Site['requests'] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      requests.push({ method, url, headers, body: Buffer.concat(chunks).toString() });
      answer(request, response, site);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: Site = {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}
