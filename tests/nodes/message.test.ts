import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { mailAddress, oneLine, senderAddress } from '../../nodes/message/address.ts';
import { sendNode } from '../../nodes/message/send.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { refusal } from '../support/refusal.ts';
import { left } from './support.ts';

function send(params: JsonObject, lead: JsonObject = { name: 'Ann', emails: ['ann@shop.example', 'ann@home.example'] }) {
  const b = new NodeBench();
  const { id } = b.create('lead', lead);
  const { result } = b.run(sendNode, { channel: 'email', subject: 'Hello', text: 'Hi', ...params }, { record: id });
  if (result.kind !== 'wait' || result.wait.kind !== 'effect') throw new Error('No effect was filed.');
  return result.wait.effect;
}

describe('message.send', () => {
  it("writes to the first e-mail of the run's record", () => {
    expect(send({ subject: 'Hello {{record.name}}', text: 'Dear {{record.name}}' })).toEqual({
      connector: 'mail',
      destination: 'shop.example',
      payload: { channel: 'email', to: ['ann@shop.example'], subject: 'Hello Ann', text: 'Dear Ann' },
    });
  });

  it('writes to the addresses that are given, each once', () => {
    expect(send({ to: '= record.emails' }).payload.to).toEqual(['ann@shop.example', 'ann@home.example']);
    expect(send({ to: ['a@x.example', 'a@x.example', '= record.emails[1]'] }).payload.to).toEqual(['a@x.example', 'ann@home.example']);
  });

  it('escapes values in HTML, and only there', () => {
    const lead = { name: '<b>Ann</b> & Co', emails: ['a@x.example'] };
    const { payload } = send({ text: '{{record.name}}', html: '<p>{{record.name}}</p>' }, lead);
    expect(payload.text).toBe('<b>Ann</b> & Co');
    expect(payload.html).toBe('<p>&lt;b&gt;Ann&lt;/b&gt; &amp; Co</p>');
  });

  it('goes on with what the server said, and tells of it as an event about the record', () => {
    const b = new NodeBench();
    const { id } = b.create('lead', { name: 'Ann', emails: ['ann@shop.example'] });
    const sent = b.run(sendNode, { channel: 'email', subject: 'Hello', text: 'Hi' }, { record: id, node: 'greet' });
    const memo = sent.result.kind === 'wait' ? sent.result.memo : undefined;
    expect(sent.events).toEqual([]);
    const result: JsonObject = { messageId: '<1@takt>', rejected: [] };
    const outcome = b.resume(sendNode, { kind: 'effect', result }, memo, { record: id, node: 'greet' });
    expect(left(outcome)).toEqual({ port: 'next', output: { messageId: '<1@takt>', rejected: [], to: ['ann@shop.example'], sent: true } });
    expect(outcome.events).toMatchObject([
      {
        type: 'message.sent',
        topic: 'email',
        data: { message: '<1@takt>', subject: 'Hello', channel: 'email', node: 'greet', workflow: 'bench' },
      },
    ]);
  });

  it('writes to the addresses of records that are given by their ids', () => {
    const b = new NodeBench();
    const ann = b.create('user', { name: 'Ann', emails: ['ann@takt.example'], phones: ['+74951234567'] }).id;
    const bob = b.create('user', { name: 'Bob' }).id;
    const to = (list: Json, channel = 'email') => {
      const { result } = b.run(sendNode, { channel, to: list, text: 'Hi', subject: 'x' });
      return result.kind === 'wait' && result.wait.kind === 'effect' ? result.wait.effect.payload.to : undefined;
    };
    expect(to([ann, 'c@x.example'])).toEqual(['ann@takt.example', 'c@x.example']);
    expect(to(ann, 'sms')).toEqual(['+74951234567']);
    expect(to(bob, 'push')).toEqual([bob]);
    expect(refusal(() => to([ann, bob]))).toMatchObject({
      code: 'MESSAGE_NO_RECIPIENT',
      message: 'The user "Bob" has no email to write to.',
    });
    expect(refusal(() => to('00000000-0000-7000-8000-0000000000ff')).code).toBe('NODE_RECORD_ID');
  });

  it('tells when there is nobody to write to', () => {
    expect(refusal(() => send({}, { name: 'Ann' })).code).toBe('MESSAGE_NO_RECIPIENT');
    expect(refusal(() => send({ to: '= null' })).code).toBe('MESSAGE_NO_RECIPIENT');
  });

  it('refuses more than 50 recipients, and a message without a body', () => {
    const to = Array.from({ length: 51 }, (_, i) => `a${i}@x.example`);
    expect(refusal(() => send({ to })).code).toBe('NODE_PARAMS');
    expect(sendNode.checkFile({ channel: 'email', subject: 'x' }).problems).not.toEqual([]);
    expect(sendNode.checkFile({ channel: 'fax', subject: 'x', text: 'y' }).problems).toMatchObject([{ pointer: '/channel' }]);
  });

  it('does not let a value add headers or recipients', () => {
    expect(send({ subject: '= "Hello\r\nBcc: all@x.example"' }).payload.subject).toBe('Hello Bcc: all@x.example');
    for (const to of ['a@x.example\r\nBcc: b@x.example', 'a@x.example, b@x.example', 'a@x.example>,<b@x.example', 'Ann <a@x.example>'])
      expect(refusal(() => send({ to })).code).toBe('MESSAGE_ADDRESS');
    expect(refusal(() => send({ from: 'Ann\r\nBcc: b@x.example' })).code).toBe('MESSAGE_ADDRESS');
  });

  it('keeps the name of a sender in one line', () => {
    expect(send({ from: '= "Sales\r\nX: y <sales@x.example>"' }).payload.from).toEqual({ name: 'Sales X: y', address: 'sales@x.example' });
  });
});

describe('message.send by other channels', () => {
  const lead: JsonObject = { name: 'Ann', phones: ['8 (495) 123-45-67', '+44 20 7946 0018'] };
  const by = (channel: string, params: JsonObject = {}, record = lead) => {
    const b = new NodeBench();
    const { id } = b.create('lead', record);
    const { result } = b.run(sendNode, { channel, text: 'Hi', ...params }, { record: id });
    if (result.kind !== 'wait' || result.wait.kind !== 'effect') throw new Error('No effect was filed.');
    return { id, ...result.wait.effect };
  };

  it.each(['sms', 'whatsapp'])('%s goes to the first phone of the record', (channel) => {
    expect(by(channel)).toMatchObject({
      connector: 'message',
      destination: channel,
      payload: { channel, to: ['+74951234567'], text: 'Hi' },
    });
  });

  it('normalises a phone number that is given, and refuses one without its country', () => {
    expect(by('sms', { to: '+7 495 123-45-67' }).payload.to).toEqual(['+74951234567']);
    expect(refusal(() => by('sms', { to: '123-45-67' })).code).toBe('MESSAGE_ADDRESS');
    expect(refusal(() => by('sms', {}, { name: 'Ann' })).code).toBe('MESSAGE_NO_RECIPIENT');
  });

  it.each(['telegram', 'slack', 'push', 'in_app', 'messenger'])('%s goes to the person by id, or to a name', (channel) => {
    const { id, payload } = by(channel);
    expect(payload.to).toEqual([id]);
    expect(by(channel, { to: ['@ann_b', '#sales'] }).payload.to).toEqual(['@ann_b', '#sales']);
    expect(refusal(() => by(channel, { to: 'ann b\r\n' })).code).toBe('MESSAGE_ADDRESS');
  });

  it('telegram prefers the name that a contact has there', () => {
    const b = new NodeBench();
    const { id } = b.create('contact', { name: 'Ann', telegram: '@ann' });
    const { result } = b.run(sendNode, { channel: 'telegram', text: 'Hi' }, { record: id });
    expect(result).toMatchObject({ wait: { effect: { payload: { to: ['@ann'] } } } });
  });

  it('telegram finds that name also for a person who is named by id', () => {
    const b = new NodeBench();
    const [head, deputy] = [b.create('user', { name: 'Hanna', telegram: 'hanna' }).id, b.create('user', { name: 'Dan' }).id];
    const { result } = b.run(sendNode, { channel: 'telegram', to: [head, deputy, '#sales'], text: 'Hi' });
    expect(result).toMatchObject({ wait: { effect: { payload: { to: ['hanna', deputy, '#sales'] } } } });
  });

  it('a record that is nobody is not written to', () => {
    const b = new NodeBench();
    const { id } = b.create('deal', { name: 'D' });
    expect(refusal(() => b.run(sendNode, { channel: 'push', text: 'Hi' }, { record: id })).code).toBe('MESSAGE_NO_RECIPIENT');
    expect(refusal(() => b.run(sendNode, { channel: 'push', text: 'Hi' })).code).toBe('MESSAGE_NO_RECIPIENT');
  });

  it.each([
    ['sms', 1_000],
    ['push', 1_000],
    ['messenger', 2_000],
    ['telegram', 4_096],
    ['slack', 40_000],
  ])('%s takes %d characters and no more', (channel, most) => {
    expect(by(channel, { text: 'я'.repeat(most) }).payload.text).toHaveLength(most);
    expect(refusal(() => by(channel, { text: 'я'.repeat(most + 1) }))).toMatchObject({
      code: 'MESSAGE_TOO_LONG',
      place: { pointer: '/params/text' },
    });
  });

  it('only mail has HTML, a sender and a subject that must be there', () => {
    const problems = (params: JsonObject) => sendNode.checkFile(params).problems.map(({ pointer }) => pointer);
    expect(problems({ channel: 'sms', text: 'x', html: '<p>x</p>', from: 'a@x.example' })).toEqual(['/html', '/from']);
    expect(problems({ channel: 'sms', subject: 'x' })).toEqual(['']);
    expect(problems({ channel: 'email', text: 'x' })).toEqual(['']);
    expect(problems({ channel: 'email', subject: 'x', html: 'x' })).toEqual([]);
  });

  const file = '00000000-0000-7000-8000-00000000000a';
  it('files go along where the channel takes them, each once', () => {
    expect(send({ attachments: file }).payload.attachments).toEqual([file]);
    expect(send({ attachments: [file, file] }).payload.attachments).toEqual([file]);
    expect(by('telegram', { attachments: [file] }).payload.attachments).toEqual([file]);
    expect(refusal(() => by('sms', { attachments: [file] })).code).toBe('MESSAGE_ATTACHMENT');
  });

  it('a file that an expression does not find is told, not left out', () => {
    expect(refusal(() => send({ attachments: '= nodes.pdf.file' })).code).toBe('MESSAGE_ATTACHMENT');
    expect(refusal(() => send({ attachments: ['/etc/passwd'] })).code).toBe('MESSAGE_ATTACHMENT');
    expect(refusal(() => send({ attachments: Array.from({ length: 11 }, () => file) })).code).toBe('NODE_PARAMS');
  });
});

describe('addresses', () => {
  it.each(['a@x.example', "o'neil+tag@mail.x.example", 'анна@x.example', 'a.b@x-y.example'])('takes %s', (address) => {
    expect(mailAddress(` ${address} `)).toBe(address);
  });

  it('gives a domain in its ASCII form', () => {
    expect(mailAddress('a@почта.рф')).toBe('a@xn--80a1acny.xn--p1ai');
  });

  it.each([
    '',
    '@',
    'a@',
    '@x.example',
    'a@localhost',
    'a b@x.example',
    'a@x..example',
    '.a@x.example',
    'a..b@x.example',
    'a@-x.example',
    'a@[127.0.0.1]',
    `${'a'.repeat(65)}@x.example`,
  ])('refuses %j', (address) => {
    expect(refusal(() => mailAddress(address)).code).toBe('MESSAGE_ADDRESS');
  });

  it('whatever is taken is one address in one line', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.emailAddress(),
          fc.tuple(fc.emailAddress(), fc.string()).map((p) => p.join('')),
        ),
        (text) => {
          let taken: string | undefined;
          try {
            taken = mailAddress(text);
          } catch {
            return;
          }
          expect(taken).toMatch(/^[^\s@,;<>()"\p{Cc}]+@[a-z0-9.-]+$/u);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a name for a sender may stand in quotes', () => {
    expect(senderAddress('"Sales, North" <n@x.example>')).toEqual({ name: 'Sales, North', address: 'n@x.example' });
    expect(senderAddress('n@x.example')).toEqual({ name: '', address: 'n@x.example' });
  });

  it('a header line has no control characters', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\u2028\u2029]/u.test(oneLine(text))));
  });
});
