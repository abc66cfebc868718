import { afterEach, describe, expect, it } from 'vitest';
import { wordsConnector } from '../../../nodes/index.ts';
import type { JsonObject } from '../../../schemas/json.ts';
import { delivery, openSite, type Site } from './support.ts';

const connector = (allowPrivate: readonly string[]) =>
  wordsConnector({
    allowPrivate,
    resolveCredential: async (name) => (name === 'words' ? { kind: 'bearer', token: 'sk-very-secret' } : undefined),
  });
const open = connector(['127.0.0.0/8']);

const FACTS = [
  'Source: referral – raises the chance',
  'Anna Petrova, anna@example.com, +7 916 123-45-67, opened the quote 5 times',
  '35 % of 500,000 RUB',
];
const FALLBACK = 'Call Anna Petrova.';

let site: Site | undefined;
afterEach(async () => {
  await site?.close();
  site = undefined;
});

/** A service that gives this content, or answers in its own way. */
async function ask(content: string | Parameters<typeof openSite>[0], more: JsonObject = {}) {
  site = await openSite(
    typeof content === 'function'
      ? content
      : (_request, response) => {
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }));
        },
  );
  const payload = {
    url: `${site.origin}/v1/chat/completions`,
    model: 'small',
    facts: FACTS,
    names: ['Anna Petrova'],
    fallback: FALLBACK,
    locale: 'en',
    timeoutMs: 5_000,
    ...more,
  };
  return open.send(payload, delivery());
}
const text = (value: string): string => JSON.stringify({ text: value });
const template = (why: string) => ({ text: FALLBACK, source: 'template', why });

describe('the words of a language model', () => {
  it('are taken, with the names in their place, where all is well', async () => {
    const told = await ask(text('Call {C} now: the quote was opened 5 times, and 35% of 500 000 RUB are at stake.'), {
      credential: 'words',
    });
    expect(told).toEqual({
      text: 'Call Anna Petrova now: the quote was opened 5 times, and 35% of 500 000 RUB are at stake.',
      source: 'model',
      why: null,
    });
    const [request] = site?.requests ?? [];
    expect(request).toMatchObject({ method: 'POST', url: '/v1/chat/completions', headers: { authorization: 'Bearer sk-very-secret' } });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ model: 'small', response_format: { json_schema: { strict: true } } });
  });

  it('are asked for without names, addresses and phone numbers', async () => {
    await ask(text('Call {C}.'));
    const [request] = site?.requests ?? [];
    for (const secret of ['Anna', 'Petrova', 'anna@example.com', '916', '123-45-67']) expect(request?.body).not.toContain(secret);
    expect(request?.body).toContain('opened the quote 5 times');
  });

  it.each([
    ['a number that nobody gave', 'The chance is 90 %.'],
    ['a number in words', 'It is worth twice as much.'],
    ['a number of another size', 'At stake are 500k RUB.'],
    ['a share that was a count', 'The chance is 5 %.'],
    ['a number in other signs', 'The chance is ½.'],
  ])('are left where they hold %s', async (_, said) => {
    expect(await ask(text(said))).toEqual(template('WORDS_NUMBERS'));
  });

  it.each([
    ['somebody who was not named', 'Call {Q}.'],
    ['an address', 'Write to sales@other.example.'],
    ['a link', 'See https://evil.example.'],
  ])('are left where they hold %s', async (_, said) => {
    expect(await ask(text(said))).toEqual(template('WORDS_PRIVATE'));
  });

  it.each([
    ['no JSON', 'Call now.'],
    ['another form', JSON.stringify({ text: 'Call now.', and: 'more' })],
    ['nothing', text('  ')],
    ['a novel', text('word '.repeat(200))],
    ['a list', '["Call"]'],
  ])('are left where the answer is %s', async (_, content) => {
    expect(await ask(content)).toEqual(template('WORDS_FORM'));
  });

  it('are left where the service answers badly, late, or not at all', async () => {
    expect(await ask((_request, response) => response.writeHead(500).end('broken'))).toEqual(template('HTTP_STATUS'));
    await site?.close();
    expect(await ask((_request, response) => response.end('<html>'))).toEqual(template('WORDS_FORM'));
    await site?.close();
    expect(await ask(() => undefined, { timeoutMs: 50 })).toEqual(template('HTTP_TIMEOUT'));
    await site?.close();
    expect(await ask((request) => request.socket.destroy())).toEqual(template('HTTP_UNREACHABLE'));
    await site?.close();
    expect(await ask(text('Call.'), { credential: 'other' })).toEqual(template('CREDENTIAL_UNKNOWN'));
    expect(site?.requests).toEqual([]);
  });

  it('are not asked for at an address that is not public', async () => {
    site = await openSite((_request, response) => response.end());
    const payload = { url: `${site.origin}/v1`, model: 'm', facts: FACTS, names: [], fallback: FALLBACK, locale: 'ru', timeoutMs: 1_000 };
    expect(await connector([]).send(payload, delivery())).toEqual(template('HTTP_ADDRESS'));
    expect(site.requests).toEqual([]);
  });

  it('are asked for again where the process stops meanwhile', async () => {
    const stop = new AbortController();
    site = await openSite(() => stop.abort());
    const payload = { url: `${site.origin}/v1`, model: 'm', facts: FACTS, names: [], fallback: FALLBACK, locale: 'en', timeoutMs: 5_000 };
    await expect(open.send(payload, delivery({ signal: stop.signal }))).rejects.toMatchObject({ transient: true });
  });
});
