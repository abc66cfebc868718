/** The program as a person starts it: processes of their own, with the embedded database. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stopCluster } from '../../engine/home/cluster.ts';
import { freePort } from '../../engine/home/secrets.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { postmasterPid } from '../home/support.ts';

const TAKT = fileURLToPath(new URL('../../bin/takt.mjs', import.meta.url));

let base: string;
let data: string;
let port: number;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'takt-process-'));
  await chmod(base, 0o711);
  data = join(base, 'data');
  port = await freePort();
});
afterAll(async () => {
  // A test that fails leaves its processes behind.
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await stopCluster(data, silentLogger);
  await rm(base, { recursive: true, force: true });
});

type Child = ChildProcessByStdio<null, Readable, Readable>;

const children: Child[] = [];

function spawnTakt(...argv: string[]): Child {
  const { DATABASE_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, [TAKT, ...argv], {
    env: { ...env, TAKT_DATA: data, TAKT_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function takt(...argv: string[]): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawnTakt(...argv);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, out, err };
}

interface Server {
  child: Child;
  lines: string[];
  ended: Promise<unknown[]>;
}

const startServer = (...argv: string[]): Promise<Server> => startProcess('start', '--port', String(port), ...argv);

/** Resolves when the process says that it is ready. */
async function startProcess(...argv: string[]): Promise<Server> {
  const child = spawnTakt(...argv);
  const ended = once(child, 'exit');
  const lines: string[] = [];
  const complaint = text(child.stderr);
  const ready = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (line.includes('Ctrl-C stops')) ready.resolve();
  });
  await Promise.race([
    ready.promise,
    ended.then(async () => {
      throw new Error(`The server did not start:\n${lines.join('\n')}\n${await complaint}`);
    }),
  ]);
  return { child, lines, ended };
}

const api = async (path: string, init: RequestInit = {}): Promise<Response> => {
  const key = (await readFile(join(data, 'api-key'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
};

const createLead = (name: string): Promise<Response> =>
  api('/api/v1/records/lead', { method: 'POST', body: JSON.stringify({ last_name: name, emails: ['x@leads.example'] }) });

describe('takt start', () => {
  test('the first start loads the demo, the printed request works, Ctrl-C stops everything', async () => {
    const { child, lines, ended } = await startServer();
    expect(lines.join('\n')).toContain('A demo workspace was loaded');
    expect(lines.join('\n')).toContain(`curl -s http://127.0.0.1:${port}/api/v1/records/lead`);
    expect((await stat(join(data, 'api-key'))).mode & 0o777).toBe(0o600);
    expect((await createLead('First')).status).toBe(201);

    const second = await takt('start', '--port', String(port + 1));
    expect(second).toMatchObject({ code: 1 });
    expect(second.err).toContain('[HOME_IN_USE]');
    expect(second.err).not.toContain('    at ');

    expect((await takt('check', '--json')).out).toContain('"serverRuns": true');
    child.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(lines.at(-1)).toBe('Takt has stopped.');
    await expect(postmasterPid(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('without a server the command line starts the database for itself', async () => {
    const { code, out } = await takt('records', 'lead', '--search', 'first', '--columns', 'name');
    expect(out).toBe('name\nFirst\n');
    expect(code).toBe(0);
    await expect(postmasterPid(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('after kill -9 of everything the next start has what was committed, and loads nothing again', async () => {
    const first = await startServer();
    expect((await createLead('Survivor')).status).toBe(201);
    const postmaster = await postmasterPid(data);
    first.child.kill('SIGKILL');
    process.kill(postmaster, 'SIGKILL');
    await first.ended;

    const again = await startServer();
    expect(again.lines.join('\n')).not.toContain('A demo workspace was loaded');
    const { out } = await takt('records', 'lead', '--search', 'survivor', '--columns', 'name');
    expect(out).toContain('Survivor');
    again.child.kill('SIGTERM');
    expect(await again.ended).toEqual([0, null]);
  });

  test('an API alone accepts and leaves the runs to a worker, which may be killed and replaced', async () => {
    const server = await startServer('--api-only');
    expect(server.lines.join('\n')).toContain('Runs are left to workers');
    expect((await createLead('Patient')).status).toBe(201);
    expect((await takt('check', '--json')).out).toContain('"serverRuns": false');
    expect((await takt('runs', '--status', 'active', '--json')).out).toContain('"lead-scoring"');

    const killed = await startProcess('worker');
    killed.child.kill('SIGKILL');
    await killed.ended;
    const worker = await startProcess('worker');
    await expect.poll(async () => (await takt('runs', '--status', 'active', '--json')).out, { timeout: 30_000 }).toBe('[]\n');
    expect((await takt('records', 'lead', '--search', 'patient', '--columns', 'owner')).out).toMatch(/^owner\n\S/);

    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual([0, null]);
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toEqual([0, null]);
    expect(worker.lines.at(-1)).toBe('The worker has stopped.');
    await expect(postmasterPid(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('a port that is taken is one clear message, and the database is stopped again', async () => {
    const blocker = createServer().listen(port, '127.0.0.1');
    await once(blocker, 'listening');
    const { code, err } = await takt('start', '--port', String(port));
    blocker.close();
    expect(code).toBe(1);
    expect(err).toMatch(/^Error: Port \d+ of 127\.0\.0\.1 is taken by another program\. \[START_PORT\]\n {2}Choose another port/);
    await expect(postmasterPid(data)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
