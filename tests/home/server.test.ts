import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { asTaktError, type TaktError } from '../../engine/errors/index.ts';
import { openHome } from '../../engine/home/index.ts';
import { freePort } from '../../engine/home/secrets.ts';
import { judge } from '../../engine/home/server.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { query } from './support.ts';

const folder = join(tmpdir(), 'takt-never-made');
const open = (databaseUrl: string) => openHome({ databaseUrl, folder, role: 'main', logger: silentLogger });

const failure = async (databaseUrl: string): Promise<TaktError> =>
  open(databaseUrl).then(
    () => Promise.reject(new Error('It opened.')),
    (error: unknown) => asTaktError(error),
  );

const changed = (change: (url: URL) => void): string => {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
};

test('a server that fits is used as it is, by as many as like', async () => {
  const url = inject('postgresUrl');
  const homes = await Promise.all([open(url), open(url)]);
  expect(homes[0]).toMatchObject({ url, kind: 'server', folder: undefined, note: undefined });
  await Promise.all(homes.map((home) => home.close()));
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a port where nobody listens is told with the way out', async () => {
  const port = await freePort();
  const error = await failure(`postgres://takt:s3cret@127.0.0.1:${port}/takt`);
  expect(error).toMatchObject({ code: 'HOME_SERVER_UNREACHABLE', transient: true, hint: expect.stringContaining('start the server') });
  expect(error.message).toContain(`127.0.0.1:${port}/takt`);
});

test('an unknown database is told with the statement that makes it', async () => {
  const error = await failure(changed((url) => (url.pathname = '/no_such_database')));
  expect(error).toMatchObject({ code: 'HOME_SERVER_UNREACHABLE', hint: expect.stringContaining('create database') });
});

test.each([
  ['a wrong password', () => changed((url) => (url.password = 'tell-nobody'))],
  ['a password with a slash, which makes the address invalid', () => 'postgres://takt:tell-nobody/x@localhost/takt'],
  ['an address of something else', () => 'mysql://takt:tell-nobody@localhost/takt'],
])('%s is refused, and the password is told nowhere', async (_, url) => {
  const error = await failure(url());
  expect(error.code).toBe('HOME_SERVER_UNREACHABLE');
  const cause = error.cause instanceof Error ? { ...error.cause, message: error.cause.message, stack: error.cause.stack } : error.cause;
  expect(JSON.stringify([error.message, error.hint, error.toData(), cause ?? null])).not.toContain('tell-nobody');
});

test('a database that is not in UTF-8 is refused', async () => {
  const name = `${inject('databasePrefix')}${randomBytes(4).toString('hex')}`;
  await query(inject('postgresUrl'), `create database ${name} template template0 encoding 'SQL_ASCII' locale 'C' locale_provider libc`);
  const error = await failure(changed((url) => (url.pathname = `/${name}`)));
  expect(error).toMatchObject({ code: 'HOME_SERVER_ENCODING', message: expect.stringContaining('SQL_ASCII') });
  await query(inject('postgresUrl'), `drop database ${name}`);
});

test('PostgreSQL 14 is too old, 15 is not', () => {
  expect(() => judge({ version: 140_019, encoding: 'UTF8' }, 'db:5432/takt')).toThrow(
    expect.objectContaining({ code: 'HOME_SERVER_TOO_OLD', message: expect.stringContaining('PostgreSQL 14') }),
  );
  expect(() => judge({ version: 150_000, encoding: 'UTF8' }, 'db:5432/takt')).not.toThrow();
});
