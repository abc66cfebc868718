import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCluster, stopCluster } from '../../engine/home/cluster.ts';
import { choosePlace } from '../../engine/home/place.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { query, temporaryFolder } from '../home/support.ts';
import { publishMarking, type Server, startServer } from './support.ts';

const QUICK = { fsync: 'off', full_page_writes: 'off' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home: string;
let url: string;
let server: Server;
const start = async (): Promise<string> => (await runCluster(await choosePlace(home), QUICK, silentLogger)).url;
/** What a session was told at its beginning it keeps: all begin anew. */
const CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'takt' and pid <> pg_backend_pid()";

beforeAll(async () => {
  folder = await temporaryFolder();
  home = join(folder.path, 'home');
  url = await start();
  server = await startServer(url);
  await publishMarking(server);
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

const lead = (company_name: string) => server.call('POST', '/api/v1/records/lead', { company_name });

it('a database that goes away under a running server and comes back', async () => {
  expect(await server.healthUntil(({ status }) => status === 'ok')).toMatchObject({ database: 'ok', problems: [] });
  expect((await lead('Before')).status).toBe(201);
  await stopCluster(home, silentLogger);

  const health = await server.call('GET', '/health');
  expect([health.status, health.headers['retry-after']]).toEqual([503, '5']);
  expect(health.body).toMatchObject({
    status: 'unavailable',
    code: 'DATABASE_UNAVAILABLE',
    problems: [{ code: 'DATABASE_UNAVAILABLE', hint: expect.stringContaining('Start PostgreSQL'), since: expect.stringMatching(/^20/) }],
  });
  expect((await server.call('GET', '/health/live')).status).toBe(200);
  const refused = await Promise.all(Array.from({ length: 50 }, (_, i) => lead(`Away ${i}`)));
  for (const { status, body, headers } of refused) {
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'DATABASE_UNAVAILABLE', '5']);
  }
  const tries = () => server.log().filter(({ part, level }) => part === 'worker' && level === 50);
  await server.healthUntil(() =>
    server.engine.ports.vitals.states().some(({ part, failure }) => part === 'worker' && failure !== undefined),
  );

  await start();
  expect(await server.healthUntil(({ status }) => status === 'ok')).toMatchObject({ problems: [] });
  expect((await lead('After')).status).toBe(201);
  await server.healthUntil(({ worker }) => JSON.stringify(worker).includes('"dueRuns":0'));
  const page = await server.engine.runs.page({ workflowId: 'w' }, 10);
  expect(page.items.map(({ status }) => status)).toEqual(['done', 'done']);
  // One line when it went, however often it was tried, and one when it came back.
  expect(tries()).toHaveLength(1);
  expect(server.log().filter(({ part, msg }) => part === 'worker' && String(msg).startsWith('It works again'))).toHaveLength(1);
});

it('a database that takes no writes', async () => {
  await query(url, 'alter database takt set default_transaction_read_only = on');
  await query(url, CUT);
  const health = await server.healthUntil(({ code }) => code === 'DATABASE_READ_ONLY');
  expect(health.problems).toMatchObject([{ hint: expect.stringContaining('primary') }]);
  const refused = await lead('Read only');
  expect([refused.status, refused.body.code]).toEqual([503, 'DATABASE_READ_ONLY']);
  await query(`${url}?default_transaction_read_only=off`, 'alter database takt reset default_transaction_read_only');
  await query(url, CUT);
  await server.healthUntil(({ status }) => status === 'ok');
  expect((await lead('Writable')).status).toBe(201);
});
