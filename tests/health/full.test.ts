/**
 * A disk that is really full: a small one, which root may mount on Linux. Where that is not allowed, PostgreSQL's own words for it are put to
 * the same parts.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { Vitals } from '../../engine/health/vitals.ts';
import { type EmbeddedHome, openEmbedded } from '../../engine/home/embedded.ts';
import { keepHome } from '../../engine/home/keeper.ts';
import { systemClock } from '../../engine/ports/clock.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { temporaryFolder } from '../home/support.ts';
import { publishMarking, type Server, startServer, turn } from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let disk: string;
let isMounted: boolean;
beforeEach(async () => {
  folder = await temporaryFolder();
  disk = join(folder.path, 'home');
  await mkdir(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=755', 'takt-test', disk], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    isMounted = false;
  }
});
afterEach(async () => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
  await folder.remove();
});

/** Leaves 4 MB: enough for some hundred leads. */
async function fill(): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  await writeFile(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - 4_000_000));
}

async function open(): Promise<{ home: EmbeddedHome; server: Server; close(): Promise<void> }> {
  const home = await openEmbedded({
    folder: disk,
    role: 'main',
    logger: silentLogger,
    settings: { max_wal_size: '48MB', min_wal_size: '32MB' },
  });
  const server = await startServer(home.url);
  const stop = keepHome(home, server.engine.ports.vitals);
  return {
    home,
    server,
    async close() {
      await stop();
      await server.close();
      await home.close();
    },
  };
}

async function withoutDisk(): Promise<void> {
  const vitals = new Vitals({ clock: systemClock, logger: silentLogger });
  const full = Object.assign(new Error('could not extend file'), { code: '53100' });
  vitals.failed('intake', new Error('Failed query', { cause: full }));
  const message = 'PostgreSQL did not start:\nFATAL: could not write to file "pg_wal/xlogtemp.1": No space left on device';
  vitals.failed('worker', Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
  const stop = keepHome({ revive: () => Promise.reject(new TaktError('HOME_START_FAILED', { message })) }, vitals);
  const codeOf = (part: string) => vitals.states().find((state) => state.part === part)?.failure?.error.code;
  while (codeOf('home') === undefined) await turn();
  await stop();
  expect([codeOf('intake'), codeOf('home')]).toEqual(['DATABASE_FULL', 'DATABASE_FULL']);
}

it('a disk that fills up: writes are refused, nothing that was accepted is lost, and it goes on by itself when there is room', async () => {
  if (!isMounted) return withoutDisk();
  const { server, close } = await open();
  await publishMarking(server);
  await fill();
  const accepted: string[] = [];
  let refused: string[] = [];
  for (let round = 0; refused.length === 0; round++) {
    const leads = Array.from({ length: 10 }, (_, i) => ({ company_name: `L${round}-${i}`, channel: `${round}.${i} `.repeat(20) }));
    const answers = await Promise.all(leads.map((lead) => server.call('POST', '/api/v1/records/lead', lead)));
    accepted.push(...answers.filter(({ status }) => status === 201).map(({ body }) => String(body.id)));
    refused = answers.filter(({ status }) => status !== 201).map(({ status, body }) => `${status} ${String(body.code)}`);
  }
  // The server may go down with its disk: then it is both.
  for (const answer of refused) expect(['503 DATABASE_FULL', '503 DATABASE_UNAVAILABLE']).toContain(answer);
  const health = await server.healthUntil(({ code }) => code === 'DATABASE_FULL');
  expect(health).toMatchObject({
    code: 'DATABASE_FULL',
    problems: expect.arrayContaining([expect.objectContaining({ hint: expect.stringContaining('Make room') })]),
  });
  expect((await server.call('GET', '/health/live')).status).toBe(200);

  await rm(join(disk, 'ballast'));
  expect(await server.healthUntil(({ status }) => status === 'ok')).toMatchObject({ problems: [] });
  expect((await server.call('POST', '/api/v1/records/lead', { company_name: 'After' })).status).toBe(201);
  await server.healthUntil(({ worker }) => JSON.stringify(worker).includes('"dueRuns":0'));
  const [row] = await server.database.statement(
    `select (select count(*)::int from records where id = any($1::uuid[]) and data->>'city' = 'Done') as done,
            (select count(*)::int from runs where status = 'done' and record_id = any($1::uuid[])) as runs`,
    [accepted],
  );
  expect(row).toEqual({ done: accepted.length, runs: accepted.length });
  await close();
});
