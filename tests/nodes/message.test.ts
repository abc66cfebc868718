import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeBench } from '../../engine/testing.ts';
import { mailAddress, oneLine, senderAddress } from '../../nodes/message/address.ts';
import { sendNode } from '../../nodes/message/send.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { left, refusal } from './support.ts';

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

  it('goes on with what the server said', () => {
    const outcome = new NodeBench().resume(sendNode, { kind: 'effect', result: { messageId: '<1@takt>', rejected: [] } });
    expect(left(outcome)).toEqual({ port: 'next', output: { messageId: '<1@takt>', rejected: [] } });
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
