import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeError, safeLogger } from '../../api/server/safe-logger.ts';
import { asTaktError } from '../../engine/index.ts';
import { type Credential, Credentials } from '../../engine/services/credentials.ts';
import { rows } from '../../engine/store/database.ts';
import { sql } from '../../engine/store/drizzle.ts';
import { type Bench, listOf, logInto, openBench } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

const CREDENTIALS = '/api/v1/credentials';

describe('a credential', () => {
  test('is stored sealed, listed by name, never given out, deleted', async () => {
    const body = { kind: 'basic', username: 'shop', password: 'open sesame' };
    const put = await bench.call('PUT', `${CREDENTIALS}/shop`, { body });
    expect(put.body).toEqual({ name: 'shop', kind: 'basic', updatedAt: '2027-01-04T09:00:00.000Z' });
    const list = await bench.call('GET', CREDENTIALS);
    expect(list.text).not.toMatch(/sesame|sealed/);
    const stored = JSON.stringify(await rows(bench.database.orm, sql`select * from credentials`));
    expect(stored).not.toMatch(/sesame/);
    expect(await bench.credentials.open('shop')).toEqual(body);
    expect((await bench.call('DELETE', `${CREDENTIALS}/shop`)).status).toBe(204);
    expect((await bench.call('DELETE', `${CREDENTIALS}/shop`)).body.code).toBe('CREDENTIAL_NOT_FOUND');
    expect(await bench.credentials.open('shop')).toBeUndefined();
  });

  test('of a kind that is not known is refused', async () => {
    const { status, body } = await bench.call('PUT', `${CREDENTIALS}/odd`, { body: { kind: 'smoke', signal: 'up' } });
    expect([status, body.code]).toEqual([400, 'INPUT_INVALID']);
  });

  test('comes back as it was, whatever its letters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }), async (secret) => {
        const credential: Credential = { kind: 'webhook', secret };
        await bench.credentials.put('any', credential);
        expect(await bench.credentials.open('any')).toEqual(credential);
      }),
      { numRuns: 30 },
    );
  });

  test('is sealed anew each time', async () => {
    const sealed = async (): Promise<unknown> => {
      await bench.credentials.put('twice', { kind: 'bearer', token: 'same' });
      return (await rows(bench.database.orm, sql`select sealed from credentials where name = 'twice'`))[0];
    };
    expect(await sealed()).not.toEqual(await sealed());
  });

  test('does not open under another name, with another key, or changed', async () => {
    const { database, clock } = bench;
    await bench.credentials.put('mine', { kind: 'bearer', token: 'original' });
    await database.orm.execute(sql`insert into credentials select 'yours', kind, sealed, updated_at from credentials where name = 'mine'`);
    await database.orm.execute(
      sql`insert into credentials select 'bent', kind, overlay(sealed placing case substr(sealed, 40, 1) when 'A' then 'B' else 'A' end from 40), updated_at from credentials where name = 'mine'`,
    );
    const stranger = new Credentials({ database, clock }, new Uint8Array(32).fill(8));
    for (const attempt of [bench.credentials.open('yours'), bench.credentials.open('bent'), stranger.open('mine')]) {
      await expect(attempt).rejects.toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
    }
  });

  test('for incoming signatures authorises no outgoing request', async () => {
    await bench.credentials.put('incoming', { kind: 'webhook', secret: 's' });
    expect(await bench.credentials.forRequests('incoming')).toBeUndefined();
  });

  test('needs a key of 32 bytes', () => {
    expect(() => new Credentials(bench.engine.ports, new Uint8Array(31))).toThrow(expect.objectContaining({ code: 'CREDENTIAL_KEY' }));
  });

  test('is listed in pages', async () => {
    for (const name of ['page-1', 'page-2']) await bench.credentials.put(name, { kind: 'bearer', token: 't' });
    const first = await bench.call('GET', `${CREDENTIALS}?limit=1`);
    const second = await bench.call('GET', `${CREDENTIALS}?limit=1&cursor=${String(first.body.next)}`);
    expect(listOf(first.body.items)[0]?.name).not.toBe(listOf(second.body.items)[0]?.name);
  });
});

describe('the log', () => {
  test('says who asked for what and how it ended, and holds no secret and no body', async () => {
    const made = await bench.call('POST', '/api/v1/keys', { body: { name: 'logged', scopes: ['admin'] } });
    const key = String(made.body.token);
    await bench.call('PUT', `${CREDENTIALS}/logged`, { key, body: { kind: 'bearer', token: 'token-of-a-partner' } });
    await bench.call('POST', '/api/v1/records/lead', { key, body: { first_name: 'Confidentia', notes: 1 } });
    await bench.call('POST', '/api/v1/records/lead', {
      key,
      headers: { 'content-type': 'application/json', cookie: 'session=sweet' },
      payload: '{"first_name": "Confidentia"',
    });
    await bench.call('GET', '/api/v1/records/lead?q=Confidentia', { key });
    await bench.call('POST', '/hooks/none?token=query-secret', { key: null, body: { secret: 'of the body' } });
    await bench.call('GET', '/api/v1/records/lead', { key: `takt_${'Z'.repeat(43)}` });
    const log = bench.log();
    expect(log).toContain('"path":"/api/v1/records/lead"');
    expect(log).toContain('"code":"JSON_INVALID"');
    for (const secret of [key, bench.admin, 'ZZZZ', 'token-of-a-partner', 'Confidentia', 'sweet', 'query-secret', 'of the body'])
      expect(log).not.toContain(secret);
  });

  test('keeps the cause of a failure, which the answer does not tell', async () => {
    const broken = await openBench();
    await broken.database.script('alter table mailbox rename to elsewhere');
    const { status, body, text } = await broken.call('GET', '/api/v1/mailbox?record=01900000-0000-7000-8000-00000000beef');
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(text).not.toMatch(/mailbox"|select|relation/);
    expect(broken.log()).toMatch(/relation \\"mailbox\\" does not exist/);
    expect(broken.log()).not.toContain('00000000beef');
    await broken.close();
  });

  test('hides what is secret by its name', () => {
    const lines: string[] = [];
    safeLogger(logInto(lines)).info({ authorization: 'a-1', user: { password: 'p-1', name: 'Ann' }, headers: { cookie: 'c-1' } }, 'told');
    expect(lines.join('')).toContain('Ann');
    expect(lines.join('')).not.toMatch(/a-1|p-1|c-1/);
  });

  test('tells of an error all its causes, but no rows', () => {
    const driver = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(ann@example.com) exists.' });
    const query = new Error('Failed query: insert…\nparams: ann@example.com', { cause: driver });
    const told = JSON.stringify(describeError(asTaktError(query)));
    expect(told).toContain('23505');
    expect(told).not.toContain('ann@example.com');
  });
});
