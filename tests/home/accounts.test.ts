/** Users and folders as they are on people's machines. What needs root to set up is tested where the tests run as root. */
import { chmod, chown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { weAreRoot } from '../../engine/home/files.ts';
import { openHome } from '../../engine/home/index.ts';
import { runProgram } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { answers, asNobody, cloneProject, query, temporaryFolder, visit } from './support.ts';

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
      await chmod(closed, 0o755);
      await (await openHome({ folder: inside, role: 'main', logger })).close();
      await chmod(closed, 0o700);
      await expect(openHome({ folder: inside, role: 'main', logger })).rejects.toMatchObject({
        code: 'HOME_FOLDER_UNUSABLE',
        message: expect.stringContaining('cannot reach'),
      });
    });

    const copies = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('postgresql-'));

    test('programs in a clone that only root may enter are copied once, for as long as that is needed', async () => {
      const clone = join(base, 'clone');
      await mkdir(clone, { mode: 0o700 });
      const { script } = await cloneProject(clone);
      const ages: number[] = [];
      for (const _ of [1, 2]) {
        const main = await visit(folder, { script });
        expect(main.told).toMatchObject({ folder });
        expect(await answers(main.told.url)).toBe(true);
        await main.leave();
        for (const copy of await copies()) ages.push((await stat(join(folder, copy))).ctimeMs);
      }
      expect(ages).toEqual([ages[0], ages[0]]);

      await runProgram('chmod', ['-R', 'a+rX', clone]);
      await (await visit(folder, { script })).leave();
      expect(await copies()).toEqual([]);
    });

    test('programs whose install script did not run, so that their libraries lack links, are copied and linked', async () => {
      const clone = join(base, 'clone');
      const { script, native } = await cloneProject(clone);
      const library = join(native, 'lib');
      for (const entry of await readdir(library, { withFileTypes: true })) if (entry.isSymbolicLink()) await rm(join(library, entry.name));
      const main = await visit(folder, { script });
      expect(await answers(main.told.url)).toBe(true);
      expect(await copies()).toHaveLength(1);
      await main.leave();
    });

    test("an ordinary user's database runs as that user, who can go on with it later", async () => {
      const user = await asNobody(base);
      await mkdir(folder);
      await chown(folder, user.uid ?? 0, user.gid ?? 0);
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
      const user = await asNobody(base);
      const theirs = await visit(folder, user);
      expect(theirs.told).toMatchObject({ folder });
      for (const name of ['.', 'pgdata', 'url', 'postgres.log']) expect(await ownerOf(join(folder, name))).toBe(user.uid);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      expect(await readFile(join(folder, 'url'), 'utf8')).toContain(theirs.told.url);
      await theirs.leave();
      expect(await answers(theirs.told.url)).toBe(false);
    });

    test("a folder or a database of somebody else's is refused", async () => {
      const user = await asNobody(base);
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
