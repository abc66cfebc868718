import PostalMime from 'postal-mime';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { TaktError } from '../../../engine/sdk.ts';
import { type MailboxMessage, type MessageStore, mailConnector, messageConnector, type StoredFile } from '../../../nodes/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { refusal, rejection } from '../../support/refusal.ts';
import { delivery, openPost, type Post } from './support.ts';

const message: JsonObject = {
  channel: 'email',
  to: ['ann@shop.example'],
  subject: 'Привет, Анна',
  text: 'Good day',
  html: '<p>Good day</p>',
};

const offices: Post[] = [];
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});

async function postOffice(options: SMTPServerOptions = {}): Promise<Post> {
  const office = await openPost(options);
  offices.push(office);
  return office;
}

const report: StoredFile = {
  id: '00000000-0000-7000-8000-00000000000a',
  name: 'Отчёт за неделю.pdf',
  mime: 'application/pdf',
  size: 2_000,
  bytes: Uint8Array.from({ length: 2_000 }, (_, i) => i % 256),
};

const bySmtp = (port: number, login = '', readFile = async () => report) =>
  mailConnector({
    smtpUrl: `smtp://${login}127.0.0.1:${port}`,
    from: 'Sales <sales@takt.example>',
    storeMailbox: () => Promise.reject(new Error('The mailbox is not used where there is a server.')),
    readFile,
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

  it('delivers the files that go with it, byte by byte and under their names', async () => {
    const { port, mails } = await postOffice();
    await bySmtp(port).send({ ...message, attachments: [report.id] }, delivery());
    const { attachments } = await PostalMime.parse(mails[0]?.raw ?? '');
    expect(attachments).toMatchObject([{ filename: 'Отчёт за неделю.pdf', mimeType: 'application/pdf', disposition: 'attachment' }]);
    expect(new Uint8Array(attachments[0]?.content instanceof ArrayBuffer ? attachments[0].content : [])).toEqual(report.bytes);
  });

  it('sends nothing where a file is missing or the files are too large', async () => {
    const { port, mails } = await postOffice();
    const absent = bySmtp(port, '', () => Promise.reject(new TaktError('FILE_NOT_FOUND')));
    expect(await rejection(absent.send({ ...message, attachments: ['x'] }, delivery()))).toMatchObject({
      code: 'FILE_NOT_FOUND',
      transient: false,
    });
    const large = bySmtp(port, '', async () => ({ ...report, size: 10_000_001 }));
    expect(await rejection(large.send({ ...message, attachments: ['x', 'y'] }, delivery()))).toMatchObject({ code: 'MESSAGE_ATTACHMENT' });
    expect(mails).toEqual([]);
  });

  it('a store of files that does not answer is worth another attempt', async () => {
    const { port } = await postOffice();
    const away = bySmtp(port, '', () => Promise.reject(new Error('The connection broke.')));
    expect(await rejection(away.send({ ...message, attachments: ['x'] }, delivery()))).toMatchObject({
      code: 'DATABASE_UNAVAILABLE',
      transient: true,
    });
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
    const { port, close } = await postOffice();
    await close();
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
  function mailbox() {
    const kept: MailboxMessage[] = [];
    const store: MessageStore = {
      async storeMailbox(one) {
        kept.push(one);
      },
      readFile: async () => report,
    };
    return { kept, store };
  }

  it('puts the message into the development mailbox', async () => {
    const { kept, store } = mailbox();
    const connector = mailConnector({ ...store, from: 'Sales <sales@takt.example>' });
    const { html: _html, ...plain } = message;
    const result = await connector.send({ ...plain, attachments: [report.id] }, delivery({ recordId: 'record-1' }));
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
        attachments: [{ file: report.id, name: 'Отчёт за неделю.pdf', size: 2_000 }],
        recordId: 'record-1',
        runId: 'run-1',
      },
    ]);
  });

  it('puts messages of other channels there, marked with the channel, under one id for every attempt', async () => {
    const { kept, store } = mailbox();
    const sms: JsonObject = { channel: 'sms', to: ['+74951234567'], text: 'Good day' };
    const results = [];
    for (const attempt of [1, 2]) results.push(await messageConnector(store).send(sms, delivery({ attempt })));
    expect(results[0]).toEqual({ messageId: expect.stringMatching(/^[0-9a-f]{40}$/), rejected: [] });
    expect(results[1]).toEqual(results[0]);
    expect(kept[0]).toMatchObject({ channel: 'sms', recipients: ['+74951234567'], subject: null, text: 'Good day', attachments: [] });
  });
});

it('does not start with a sender that is no address', () => {
  const nowhere: MessageStore = { storeMailbox: async () => {}, readFile: async () => report };
  expect(refusal(() => mailConnector({ ...nowhere, from: 'Sales' })).code).toBe('MESSAGE_ADDRESS');
});
