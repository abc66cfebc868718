import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { type MailboxMessage, mailConnector } from '../../../nodes/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { refusal, rejection } from '../support.ts';
import { delivery } from './support.ts';

const message: JsonObject = {
  channel: 'email',
  to: ['ann@shop.example'],
  subject: 'Привет, Анна',
  text: 'Good day',
  html: '<p>Good day</p>',
};

interface Post {
  port: number;
  mails: { to: string[]; raw: Buffer }[];
}

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
});

/** A real SMTP server on the loopback address. */
async function postOffice(options: SMTPServerOptions = {}): Promise<Post> {
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
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, mails };
}

const bySmtp = (port: number, login = '') =>
  mailConnector({
    smtpUrl: `smtp://${login}127.0.0.1:${port}`,
    from: 'Sales <sales@takt.example>',
    storeMailbox: () => Promise.reject(new Error('The mailbox is not used where there is a server.')),
  });

const replying = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });

describe('by SMTP', () => {
  it('delivers the message', async () => {
    const { port, mails } = await postOffice();
    const result = await bySmtp(port).send(message, delivery());
    expect(result).toEqual({ messageId: expect.stringMatching(/^<[0-9a-f]{40}@takt>$/), rejected: [] });
    const mail = await PostalMime.parse(mails[0]?.raw ?? '');
    expect(mail).toMatchObject({
      messageId: result.messageId,
      subject: 'Привет, Анна',
      from: { name: 'Sales', address: 'sales@takt.example' },
      to: [{ address: 'ann@shop.example' }],
      text: 'Good day\n',
    });
    expect(mail.html?.trim()).toBe('<p>Good day</p>');
  });

  it('gives a repetition the same Message-ID, another message another', async () => {
    const { port, mails } = await postOffice();
    const connector = bySmtp(port);
    for (const [key, attempt] of [
      ['a', 1],
      ['a', 2],
      ['b', 1],
    ] as const)
      await connector.send(message, delivery({ key, attempt }));
    const [first, second, third] = await Promise.all(mails.map(async ({ raw }) => (await PostalMime.parse(raw)).messageId));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('sends from another address where the message names one', async () => {
    const { port, mails } = await postOffice();
    await bySmtp(port).send({ ...message, from: { name: 'Vera, Sales', address: 'vera@takt.example' } }, delivery());
    expect((await PostalMime.parse(mails[0]?.raw ?? '')).from).toMatchObject({ name: 'Vera, Sales', address: 'vera@takt.example' });
  });

  it('does not read files for a message', async () => {
    const { port, mails } = await postOffice();
    await bySmtp(port).send({ ...message, text: '{"path":"/etc/hostname"}', html: 'file:///etc/hostname' }, delivery());
    expect((await PostalMime.parse(mails[0]?.raw ?? '')).text?.trim()).toBe('{"path":"/etc/hostname"}');
  });

  it('tells which addresses were refused while others were taken', async () => {
    const { port, mails } = await postOffice({
      onRcptTo: ({ address }, _session, done) => done(address.startsWith('gone') ? replying(550, 'No such user') : null),
    });
    const result = await bySmtp(port).send({ ...message, to: ['gone@shop.example', 'ann@shop.example'] }, delivery());
    expect(result.rejected).toEqual(['gone@shop.example']);
    expect(mails.map(({ to }) => to)).toEqual([['ann@shop.example']]);
  });

  it.each([
    [450, 'MAIL_POSTPONED', true],
    [451, 'MAIL_POSTPONED', true],
    [550, 'MAIL_REFUSED', false],
    [552, 'MAIL_REFUSED', false],
  ])('takes the reply %d for %s', async (responseCode, code, transient) => {
    const { port } = await postOffice({ onRcptTo: (_address, _session, done) => done(replying(responseCode, 'Not this one')) });
    const error = await rejection(bySmtp(port).send(message, delivery()));
    expect(error).toMatchObject({ code, transient });
    expect(error.message).toContain('Not this one');
  });

  it('tells no password when the server does not let it in', async () => {
    const { port } = await postOffice({ authOptional: false, onAuth: (_auth, _session, done) => done(new Error('Wrong password')) });
    const error = await rejection(bySmtp(port, 'takt:s3cret-pw@').send(message, delivery()));
    expect(error.code).toBe('MAIL_REFUSED');
    expect(JSON.stringify(error.toData())).not.toContain('s3cret-pw');
  });

  it('a server that is not there is worth another attempt', async () => {
    const { port } = await postOffice();
    await new Promise<void>((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(await rejection(bySmtp(port).send(message, delivery()))).toMatchObject({ code: 'MAIL_UNREACHABLE', transient: true });
  });

  it('stops when the time of the attempt is over', async () => {
    const stop = new AbortController();
    const { port } = await postOffice({ onData: () => stop.abort() });
    const error = await rejection(bySmtp(port).send(message, delivery({ signal: stop.signal })));
    expect(error).toMatchObject({ code: 'MAIL_UNREACHABLE', transient: true });
  });
});

describe('without a mail server', () => {
  it('puts the message into the development mailbox', async () => {
    const kept: MailboxMessage[] = [];
    const connector = mailConnector({
      from: 'Sales <sales@takt.example>',
      async storeMailbox(one) {
        kept.push(one);
      },
    });
    const { html: _html, ...plain } = message;
    const result = await connector.send(plain, delivery({ recordId: 'record-1' }));
    expect(result).toMatchObject({ rejected: [] });
    expect(kept).toEqual([
      {
        effectKey: 'run-1:send:1',
        channel: 'email',
        sender: 'Sales <sales@takt.example>',
        recipients: ['ann@shop.example'],
        subject: 'Привет, Анна',
        text: 'Good day',
        html: null,
        recordId: 'record-1',
        runId: 'run-1',
      },
    ]);
  });
});

it('does not start with a sender that is no address', () => {
  expect(refusal(() => mailConnector({ from: 'Sales', storeMailbox: async () => {} })).code).toBe('MESSAGE_ADDRESS');
});
