import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbedded } from '../../engine/home/embedded.ts';
import { openHome } from '../../engine/home/index.ts';
import { processBirth, runProgram } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { answers, postmasterPid, query, temporaryFolder } from './support.ts';

const logger = silentLogger;
let folder: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  const place = await temporaryFolder();
  folder = join(place.path, 'home');
  remove = place.remove;
});
afterEach(() => remove());

describe('a new home', () => {
  test('is a PostgreSQL that keeps what it has committed and speaks Unicode', async () => {
    const told: string[] = [];
    const home = await openHome({ folder, role: 'main', logger: { ...logger, info: (_, message) => told.push(message) } });
    expect(home).toMatchObject({ kind: 'embedded', folder, note: undefined });
    expect(told).toContain('Preparing the database, about 5 seconds.');
    const settings = [
      'server_encoding',
      'fsync',
      'full_page_writes',
      'synchronous_commit',
      'data_checksums',
      'listen_addresses',
      'jit',
      'TimeZone',
    ];
    const [row] = await query(home.url, `select ${settings.map((name) => `current_setting('${name}') as "${name}"`).join(', ')}`);
    expect(row).toEqual({
      server_encoding: 'UTF8',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      jit: 'off',
      TimeZone: 'UTC',
    });
    expect(await query(home.url, `select lower('ПРИВЕТ') as low`)).toEqual([{ low: 'привет' }]);
    await query(home.url, 'create extension pg_trgm');
    expect(await query(home.url, `select similarity('Иванов', 'иванов') as same`)).toEqual([{ same: 1 }]);
    await home.close();
  });

  test('lets nobody in without its password, which only its owner may read', async () => {
    const home = await openHome({ folder, role: 'main', logger });
    const wrong = new URL(home.url);
    wrong.password = 'guessed';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    for (const name of ['url', 'superuser.url']) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, 'url'), 'utf8')).trim()).toBe(home.url);
    await home.close();
  });

  test('gives Takt a database of its own, not the rights of a superuser', async () => {
    const home = await openHome({ folder, role: 'main', logger });
    expect(await query(home.url, 'select rolsuper as super, rolcreaterole as roles from pg_roles where rolname = current_user')).toEqual([
      { super: false, roles: false },
    ]);
    await expect(query(home.url, `select pg_read_file('/etc/passwd')`)).rejects.toMatchObject({ code: '42501' });
    await home.close();
  });
});

describe('a home that is opened again', () => {
  test('has what was written before, at the same address', async () => {
    const first = await openHome({ folder, role: 'main', logger });
    await query(first.url, 'create table kept as select 42 as n');
    await first.close();
    expect(await answers(first.url)).toBe(false);
    const second = await openHome({ folder, role: 'main', logger });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await second.close();
  });

  test('moves to another port when somebody has taken its own', async () => {
    const first = await openHome({ folder, role: 'main', logger });
    await first.close();
    const thief = createServer();
    await new Promise<void>((resolve) => thief.listen(Number(new URL(first.url).port), '127.0.0.1', resolve));
    const second = await openHome({ folder, role: 'main', logger });
    expect(second.url).not.toBe(first.url);
    expect(await answers(second.url)).toBe(true);
    await second.close();
    thief.close();
  });

  test('starts a new log when the old one is longer than 10 MB', async () => {
    await (await openHome({ folder, role: 'main', logger })).close();
    await truncate(join(folder, 'postgres.log'), 11 * 1024 * 1024);
    await (await openHome({ folder, role: 'main', logger })).close();
    expect((await stat(join(folder, 'postgres.log'))).size).toBeLessThan(100_000);
    expect((await stat(join(folder, 'postgres.log.1'))).size).toBe(11 * 1024 * 1024);
  });

  test('tells the words of the log when it does not start, and is free again afterwards', async () => {
    await (await openHome({ folder, role: 'main', logger })).close();
    const conf = join(folder, 'pgdata', 'postgresql.conf');
    const good = await readFile(conf, 'utf8');
    await appendFile(conf, '\nno_such_setting = 1\n');
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({
      code: 'HOME_START_FAILED',
      message: expect.stringContaining('no_such_setting'),
    });
    await writeFile(conf, good);
    await (await openHome({ folder, role: 'main', logger })).close();
  });

  test('is refused when the file with its password is gone, instead of being made anew', async () => {
    await (await openHome({ folder, role: 'main', logger })).close();
    await rm(join(folder, 'superuser.url'));
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({ code: 'HOME_FOLDER_UNUSABLE' });
  });

  test('is refused when another major version of PostgreSQL has made it', async () => {
    await (await openHome({ folder, role: 'main', logger })).close();
    await writeFile(join(folder, 'pgdata', 'PG_VERSION'), '17\n');
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({
      code: 'HOME_FOLDER_UNUSABLE',
      message: expect.stringContaining('PostgreSQL 17'),
    });
  });
});

test('a copy of a closed home is a backup, which opens in another place beside the original', async () => {
  const original = await openHome({ folder, role: 'main', logger });
  await query(original.url, 'create table kept as select 42 as n');
  await original.close();
  const copy = join(dirname(folder), 'copy');
  // As root the files' owner counts, so the copy keeps it: cp -a.
  expect(await runProgram('cp', ['-a', folder, copy])).toMatchObject({ code: 0 });
  const [first, second] = [await openHome({ folder, role: 'main', logger }), await openHome({ folder: copy, role: 'main', logger })];
  expect(second.url).not.toBe(first.url);
  expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  await second.close();
  expect(await query(first.url, 'select n from kept')).toEqual([{ n: 42 }]);
  await first.close();
});

describe('closing', () => {
  test('stops PostgreSQL politely, and twice is as good as once', async () => {
    const home = await openHome({ folder, role: 'main', logger });
    await Promise.all([home.close(), home.close()]);
    await home.close();
    expect(await answers(home.url)).toBe(false);
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).toContain('database system is shut down');
  });

  test('goes well although connections are still open', async () => {
    const home = await openHome({ folder, role: 'main', logger });
    const asleep = query(home.url, 'select pg_sleep(600)').catch((error: { code: string }) => error.code);
    await expect.poll(() => query(home.url, `select 1 from pg_stat_activity where wait_event = 'PgSleep'`)).toHaveLength(1);
    await home.close();
    expect(['57P01', 'CONNECTION_CLOSED']).toContain(await asleep);
  });
});

test('a half-made database of a broken first start is made anew', async () => {
  await (await openHome({ folder, role: 'main', logger })).close();
  await rename(join(folder, 'pgdata'), join(folder, 'pgdata.draft-0badcafe'));
  const home = await openHome({ folder, role: 'main', logger });
  expect(await answers(home.url)).toBe(true);
  await expect(stat(join(folder, 'pgdata.draft-0badcafe'))).rejects.toMatchObject({ code: 'ENOENT' });
  await home.close();
});

test('a postmaster.pid that points to a stranger neither stops the start nor harms the stranger', async () => {
  await (await openHome({ folder, role: 'main', logger })).close();
  await writeFile(join(folder, 'pgdata', 'postmaster.pid'), `${process.pid}\n${folder}/pgdata\n1\n5432\n\n127.0.0.1\n  1 1\nready\n`);
  const home = await openHome({ folder, role: 'main', logger });
  expect(await postmasterPid(folder)).not.toBe(process.pid);
  await home.close();
});

test('a postmaster.pid that points to a zombie does not stop the start', async () => {
  await (await openHome({ folder, role: 'main', logger })).close();
  // The shell becomes a program that never asks after its child.
  const careless = spawn('/bin/sh', ['-c', 'true & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [pid] = await once(createInterface(careless.stdout), 'line');
  await expect.poll(() => processBirth(Number(pid))).toBeUndefined();
  await writeFile(join(folder, 'pgdata', 'postmaster.pid'), `${pid}\n${folder}/pgdata\n1\n5432\n\n127.0.0.1\n  1 1\nready\n`);
  await (await openHome({ folder, role: 'main', logger })).close();
  careless.kill();
});

test('settings for throw-away databases come through the inner door only', async () => {
  const home = await openEmbedded({ folder, role: 'main', logger, settings: { fsync: 'off' } });
  expect(await query(home.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
  await home.close();
});
