import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { atTheDoor, enter, visitorCard, whoIsIn } from '../../engine/home/door.ts';
import { makeFolder } from '../../engine/home/files.ts';
import { openHome } from '../../engine/home/index.ts';
import { processBirth, waitForEnd } from '../../engine/home/process.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { answers, postmasterPid, query, temporaryFolder, type Visit, visit } from './support.ts';

const logger = silentLogger;
let folder: string;
let remove: () => Promise<void>;

beforeEach(async () => {
  const place = await temporaryFolder();
  folder = join(place.path, 'home');
  remove = place.remove;
});
afterEach(() => remove());

/** Kills the visitor at once, as the system does when memory runs out. PostgreSQL stays behind. */
const murder = (visitor: Visit): Promise<void> => visitor.kill('SIGKILL');

async function murderPostgres(): Promise<void> {
  const pid = await postmasterPid(folder);
  const birth = await processBirth(pid);
  process.kill(pid, 'SIGKILL');
  expect(await waitForEnd(pid, birth ?? '', 10)).toBe(true);
}

describe('a second main', () => {
  test('is refused, and told who is in', async () => {
    const first = await visit(folder);
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({
      code: 'HOME_IN_USE',
      status: 409,
      message: expect.stringContaining(`Process ${first.pid} `),
    });
    expect(await answers(first.told.url)).toBe(true);
    await first.leave();
  });

  test('is refused within one process too', async () => {
    const home = await openHome({ folder, role: 'main', logger });
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({ code: 'HOME_IN_USE' });
    await home.close();
    await (await openHome({ folder, role: 'main', logger })).close();
  });

  test('is refused when all start at the same instant: exactly one gets in', async () => {
    const visits = await Promise.all([1, 2, 3, 4].map(() => visit(folder)));
    expect(visits.map(({ told }) => told.code ?? 'in').sort()).toEqual(['HOME_IN_USE', 'HOME_IN_USE', 'HOME_IN_USE', 'in']);
    await Promise.all(visits.map((each) => each.leave()));
  });

  test('gets in when the first was killed, even if its pid belongs to somebody else by now', async () => {
    await makeFolder(folder, 0o711);
    await enter(folder, { ...(await visitorCard('main')), birth: 'an earlier process with our pid' });
    await (await openHome({ folder, role: 'main', logger })).close();
  });
});

describe('a guest', () => {
  test('starts the database for its visit when nobody is in', async () => {
    const guest = await visit(folder, { role: 'guest' });
    expect(await answers(guest.told.url)).toBe(true);
    await guest.leave();
    expect(await answers(guest.told.url)).toBe(false);
  });

  test('works beside a main and leaves it in peace', async () => {
    const main = await visit(folder);
    const guest = await openHome({ folder, role: 'guest', logger });
    expect(guest.url).toBe(main.told.url);
    await guest.close();
    expect(await answers(main.told.url)).toBe(true);
    await main.leave();
    expect(await answers(main.told.url)).toBe(false);
  });

  test('keeps the database when main, which came and went meanwhile, leaves first', async () => {
    const guest = await openHome({ folder, role: 'guest', logger });
    const main = await visit(folder);
    expect(main.told.url).toBe(guest.url);
    await main.leave();
    expect(await answers(guest.url)).toBe(true);
    await guest.close();
    expect(await answers(guest.url)).toBe(false);
  });
});

describe('after kill -9', () => {
  test('of Takt, the next start uses the PostgreSQL that was left over, and stops it in the end', async () => {
    const first = await visit(folder);
    const pid = await postmasterPid(folder);
    await murder(first);
    const home = await openHome({ folder, role: 'main', logger });
    expect(await postmasterPid(folder)).toBe(pid);
    expect(await answers(home.url)).toBe(true);
    await home.close();
    expect(await processBirth(pid)).toBeUndefined();
  });

  test('of Takt, a left-over PostgreSQL that does not answer is stopped and started anew', async () => {
    const first = await visit(folder);
    const pid = await postmasterPid(folder);
    await murder(first);
    const file = join(folder, 'pgdata', 'postmaster.pid');
    const lines = (await readFile(file, 'utf8')).split('\n');
    lines[3] = '1'; // Nothing listens on this port.
    await writeFile(file, lines.join('\n'));
    const home = await openHome({ folder, role: 'main', logger });
    expect(await postmasterPid(folder)).not.toBe(pid);
    expect(await processBirth(pid)).toBeUndefined();
    await home.close();
  });

  test('of Takt, a left-over PostgreSQL that hangs in its stop is ended and started anew', async () => {
    const first = await visit(folder);
    const pid = await postmasterPid(folder);
    const superuser = (await readFile(join(folder, 'superuser.url'), 'utf8')).trim();
    const [checkpointer] = await query(superuser, `select pid from pg_stat_activity where backend_type = 'checkpointer'`);
    await murder(first);
    process.kill(Number(checkpointer?.pid), 'SIGSTOP');
    process.kill(pid, 'SIGINT');
    const home = await openHome({ folder, role: 'main', logger });
    expect(await postmasterPid(folder)).not.toBe(pid);
    expect(await processBirth(pid)).toBeUndefined();
    expect(await answers(home.url)).toBe(true);
    await home.close();
  }, 90_000);

  test('of Takt and PostgreSQL, everything that was committed is there', async () => {
    const first = await visit(folder);
    await query(first.told.url, 'create table kept (n int)');
    await query(first.told.url, 'insert into kept select generate_series(1, 1000)');
    await murder(first);
    await murderPostgres();
    const home = await openHome({ folder, role: 'main', logger });
    expect(await query(home.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
    expect(await readFile(join(folder, 'postgres.log'), 'utf8')).toContain('database system was not properly shut down');
    await home.close();
  });

  test('of Takt, a running PostgreSQL whose postmaster.pid was deleted is not joined by a second one', async () => {
    const first = await visit(folder);
    const pid = await postmasterPid(folder);
    await murder(first);
    const file = join(folder, 'pgdata', 'postmaster.pid');
    const text = await readFile(file, 'utf8');
    await rm(file);
    await expect(openHome({ folder, role: 'main', logger })).rejects.toMatchObject({
      code: 'HOME_START_FAILED',
      message: expect.stringContaining('still in use'),
    });
    expect(await processBirth(pid)).toBeDefined();
    await writeFile(file, text); // So that the tear-down finds and stops it.
  });
});

test('Ctrl-C, which reaches all processes of the terminal, stops PostgreSQL politely', async () => {
  const main = await visit(folder);
  await main.kill('SIGINT');
  const log = await readFile(join(folder, 'postgres.log'), 'utf8');
  expect(log).toContain('database system is shut down');
  expect(log).not.toContain('immediate shutdown');
  expect(await answers(main.told.url)).toBe(false);
});

describe('the door', () => {
  test('lets in one at a time, however many come at once', async () => {
    await makeFolder(folder, 0o711);
    let inside = 0;
    let most = 0;
    let turns = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        atTheDoor(folder, async () => {
          most = Math.max(most, ++inside);
          await whoIsIn(folder);
          inside--;
          turns++;
        }),
      ),
    );
    expect({ most, turns }).toEqual({ most: 1, turns: 8 });
  });

  test('is free again after work that failed', async () => {
    await makeFolder(folder, 0o711);
    await expect(
      atTheDoor(folder, async () => {
        throw new Error('tripped');
      }),
    ).rejects.toThrow('tripped');
    expect(await atTheDoor(folder, async () => 'in')).toBe('in');
  });
});
