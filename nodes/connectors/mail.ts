/** Sends the mail of message.send. */
import { type Static, Type } from 'typebox';
import { type Connector, type Delivery, TaktError } from '../../engine/sdk.ts';
import { senderAddress } from '../message/address.ts';
import { fingerprint, keepInMailbox, type MessageStore, readFiles, type StoredFile } from './mailbox.ts';
import { payloadReader } from './payload.ts';

const CONNECT_MS = 10_000;
/** Connections to the mail server; each message has its own. Servers turn away who has many: Postfix's standard is 50 of an address. */
const CONNECTIONS = 10;
const IDLE_MS = 30_000;

const Payload = Type.Object({
  channel: Type.Literal('email'),
  to: Type.Array(Type.String(), { minItems: 1, maxItems: 50 }),
  from: Type.Optional(Type.Object({ name: Type.String(), address: Type.String() })),
  subject: Type.String(),
  text: Type.Optional(Type.String()),
  html: Type.Optional(Type.String()),
  attachments: Type.Optional(Type.Array(Type.String())),
});
type Payload = Static<typeof Payload>;
const payloadOf = payloadReader(Payload);

export interface MailConnectorOptions extends MessageStore {
  /** `smtp://user:password@host:587` or `smtps://…`. Without it messages go to the development mailbox. */
  smtpUrl?: string | undefined;
  /** The sender of messages that name none: `takt@example.com` or `Sales <sales@example.com>`. */
  from: string;
}

/**
 * The connector `mail`. Result: `{ messageId, rejected }`. Throws TaktError, transient: MAIL_UNREACHABLE, MAIL_POSTPONED (4xx);
 * for good: MAIL_REFUSED (5xx), FILE_NOT_FOUND, MESSAGE_ATTACHMENT. MESSAGE_ADDRESS at once where `from` is no address.
 */
export function mailConnector(options: MailConnectorOptions): Connector {
  const standard = senderAddress(options.from);
  const { smtpUrl } = options;
  const outside = smtpUrl !== undefined && smtpUrl !== '';
  const deliver = outside ? bySmtp(smtpUrl) : toMailbox(options);
  return {
    name: 'mail',
    ...(outside && { atOnce: CONNECTIONS }),
    oneServer: true,
    async send(payload, delivery) {
      const { attachments = [], ...message } = payloadOf(payload);
      const messageId = `<${fingerprint(delivery.key)}@takt>`;
      const files = await readFiles(options, attachments);
      const rejected = await deliver({ ...message, from: message.from ?? standard }, files, messageId, delivery);
      return { messageId, rejected };
    },
  };
}

type Message = Omit<Payload, 'attachments'> & Required<Pick<Payload, 'from'>>;
/** Gives the addresses that were refused while others were taken. */
type Deliver = (message: Message, files: readonly StoredFile[], messageId: string, delivery: Delivery) => Promise<string[]>;

function toMailbox(store: MessageStore): Deliver {
  return async ({ from, ...message }, files, _messageId, delivery) => {
    const sender = from.name === '' ? from.address : `${from.name} <${from.address}>`;
    await keepInMailbox(store, { ...message, sender }, files, delivery);
    return [];
  };
}

async function connect(url: string) {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    dnsTimeout: CONNECT_MS,
    socketTimeout: IDLE_MS,
    // Texts come from templates: they must never be taken for a path or an address to read from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function bySmtp(url: string): Deliver {
  let transport: ReturnType<typeof connect> | undefined;
  return async ({ from, to, subject, text, html }, files, messageId, { signal }) => {
    try {
      const recipients = to.map((address) => ({ name: '', address }));
      const attachments = files.map(({ name, mime, bytes }) => ({ filename: name, contentType: mime, content: Buffer.from(bytes) }));
      transport ??= connect(url);
      const sending = (await transport).sendMail({ messageId, from, to: recipients, subject, text, html, attachments });
      const { rejected } = await orAborted(sending, signal);
      return rejected.map(String);
    } catch (thrown) {
      throw mailError(thrown);
    }
  };
}

/** The attempt's time may be over before the server has answered; whether it took the mail is then open, and it is sent again. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void =>
    reject(new TaktError('MAIL_UNREACHABLE', { message: 'The mail server did not answer in time.', transient: true }));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** By the server's reply code (RFC 5321, 4.2.1): 4yz may succeed later, 5yz will not. Without one the connection failed. */
function mailError(thrown: unknown): TaktError {
  if (thrown instanceof TaktError) return thrown;
  const detail = (name: string): unknown => (thrown instanceof Error ? Reflect.get(thrown, name) : undefined);
  const status = detail('responseCode');
  const response = detail('response');
  const said = typeof response === 'string' ? response.replace(/\s+/g, ' ').slice(0, 300) : '';
  if (typeof status !== 'number') {
    const code = detail('code');
    const why = typeof code === 'string' ? code : 'the connection broke';
    return new TaktError('MAIL_UNREACHABLE', { message: `The mail server could not be reached: ${why}.`, cause: thrown, transient: true });
  }
  if (status >= 500) return new TaktError('MAIL_REFUSED', { message: `The mail server refused the message: ${said}`, cause: thrown });
  return new TaktError('MAIL_POSTPONED', { message: `The mail server postponed the message: ${said}`, cause: thrown, transient: true });
}
