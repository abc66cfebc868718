/** The customers: an HTTP server and a mail server that remember under which key they have heard of which order. */
import { openPost, openSite } from '../nodes/connectors/support.ts';

/** Something that has reached the outside. */
export interface Received {
  channel: 'http' | 'mail';
  /** Id of the order. */
  order: string;
  /** The idempotency key, or the Message-ID; empty where there was none. */
  key: string;
}

export interface Outside {
  origin: string;
  smtpUrl: string;
  received(): Received[];
  close(): Promise<void>;
}

/** An answer takes so long, milliseconds: a sender that dies meanwhile cannot know whether it was heard. */
const ANSWER_MS = 40;

export async function openOutside(): Promise<Outside> {
  const site = await openSite((_request, response) => {
    setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), ANSWER_MS);
  });
  const post = await openPost();
  return {
    origin: site.origin,
    smtpUrl: `smtp://127.0.0.1:${post.port}`,
    received: () => [
      ...site.requests.map(
        ({ headers, body }): Received => ({ channel: 'http', order: orderOf(body), key: String(headers['idempotency-key'] ?? '') }),
      ),
      ...post.mails.map(({ raw }): Received => {
        const head = raw.toString().split('\r\n\r\n', 1)[0] ?? '';
        return { channel: 'mail', order: field(head, 'Subject').replace('Drill ', ''), key: field(head, 'Message-ID') };
      }),
    ],
    async close() {
      await site.close();
      await post.close();
    },
  };
}

function orderOf(body: string): string {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null && 'order' in value ? String(value.order) : '';
}

const field = (head: string, name: string): string => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
