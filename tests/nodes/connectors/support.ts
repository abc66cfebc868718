import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
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

export interface Post {
  port: number;
  mails: { to: string[]; raw: Buffer }[];
  close(): Promise<void>;
}

/** A real SMTP server on the loopback address. */
export async function openPost(options: SMTPServerOptions = {}): Promise<Post> {
  const mails: Post['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    // A connection that the server's test has cut off would keep it open for half a minute.
    closeTimeout: 20,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { port, mails, close: () => new Promise((resolve) => server.close(resolve)) };
}
