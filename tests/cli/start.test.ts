import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keyFile, makeFirstKey, prepareFirstStart } from '../../api/demo/first-start.ts';
import { closeAll } from '../../api/start/closers.ts';
import { secretKey, writeNew } from '../../api/start/secret.ts';
import { readSettings } from '../../api/start/settings.ts';
import { counters } from '../../engine/store/schema.ts';
import { type Folder, openTerminal, type Terminal, temporary } from './support.ts';

let folder: Folder;
let terminal: Terminal;
beforeEach(async () => {
  folder = await temporary();
  terminal = await openTerminal();
});
afterEach(async () => {
  await terminal.close();
  await folder.remove();
});

const leads = async (): Promise<number> => (await terminal.bench.engine.records.page({ entity: 'lead' }, 100)).items.length;

describe('the first start', () => {
  test('loads the demo into an empty database, once', async () => {
    expect(await prepareFirstStart(terminal.bench, true)).toBe(true);
    expect(await leads()).toBe(6);
    expect(await prepareFirstStart(terminal.bench, true)).toBe(false);
  });

  test('finishes a load that was broken off', async () => {
    await terminal.bench.database.orm.insert(counters).values({ name: 'demo', value: 0 });
    const data = { key: 'demo-anna', last_name: 'Lind' };
    await terminal.bench.engine.intake.submitOne(
      { kind: 'create', entity: 'user', data, onExisting: 'error' },
      { kind: 'system', id: 'demo' },
    );
    expect(await prepareFirstStart(terminal.bench, true)).toBe(true);
    expect(await leads()).toBe(6);
  });

  test('leaves a database alone that is in use, or is to stay empty', async () => {
    expect(await prepareFirstStart(terminal.bench, false)).toBe(false);
    expect(await prepareFirstStart(terminal.bench, true)).toBe(false);
    expect(await leads()).toBe(0);
  });

  test('makes one key, in a file for its owner only, in the place of one of a database of the past', async () => {
    await folder.write('api-key', 'takt_of_the_past\n');
    const takt = { ...terminal.bench, folder: folder.path };
    await makeFirstKey(takt);
    await makeFirstKey(takt);
    const token = (await readFile(keyFile(folder.path), 'utf8')).trim();
    expect((await terminal.bench.keys.authenticate(token))?.scopes).toEqual(['admin']);
    expect((await terminal.bench.keys.page(10)).items).toHaveLength(1);
    expect((await stat(keyFile(folder.path))).mode & 0o777).toBe(0o600);
  });
});

describe('the secret key', () => {
  test('is made once and stays', async () => {
    const made = await secretKey(undefined, folder.path);
    expect(made).toHaveLength(32);
    expect(await secretKey(undefined, folder.path)).toEqual(made);
    expect((await stat(join(folder.path, 'secret-key'))).mode & 0o777).toBe(0o600);
  });

  test('of the environment wins, and is refused where it is not 32 bytes', async () => {
    const given = Buffer.alloc(32, 7).toString('base64');
    expect(await secretKey(given, folder.path)).toEqual(Buffer.alloc(32, 7));
    await expect(secretKey('short', folder.path)).rejects.toMatchObject({ code: 'START_SECRET' });
  });

  test('writeNew never replaces a file', async () => {
    const path = join(folder.path, 'file');
    expect(await writeNew(path, 'one')).toBe(true);
    expect(await writeNew(path, 'two')).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('one');
  });
});

describe('settings', () => {
  test('lists are split, empty variables are unset', () => {
    const settings = readSettings({ TAKT_NODES: ' a, b ,', TAKT_SMTP_URL: '', DATABASE_URL: ' ' });
    expect(settings).toMatchObject({ nodePackages: ['a', 'b'], smtpUrl: undefined, databaseUrl: undefined });
  });

  test('an unknown log level is a usage error', () => {
    expect(() => readSettings({ TAKT_LOG: 'loud' })).toThrow(/TAKT_LOG/);
  });
});

test('closing goes on after a failure, in reverse order, and tells the first', async () => {
  const closed: number[] = [];
  const closer = (n: number, error?: Error) => async (): Promise<void> => {
    closed.push(n);
    if (error) throw error;
  };
  await expect(closeAll([closer(1), closer(2, new Error('two')), closer(3, new Error('three'))])).rejects.toThrow('three');
  expect(closed).toEqual([3, 2, 1]);
});
