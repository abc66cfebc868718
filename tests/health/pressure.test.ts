/** More comes than can be written: every request is answered, and what was accepted gets its runs. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GroupCommit } from '../../engine/runtime/group-commit.ts';
import { freshDatabase } from '../support/databases.ts';
import { publishMarking, type Server, startServer } from './support.ts';

let server: Server;
let url: string;
let drop: () => Promise<void>;
beforeAll(async () => {
  const fresh = await freshDatabase('postgres');
  drop = fresh.drop;
  url = fresh.url ?? '';
  server = await startServer(url, { underWay: { requests: 300, bytes: 20_000_000 } });
  await publishMarking(server);
});
afterAll(async () => {
  await server.close();
  await drop();
});

it('clients that send faster than is worked are told to come back, with a time; whoever was accepted has a run', async () => {
  const answers = await Promise.all(
    Array.from({ length: 1_500 }, (_, i) => server.call('POST', '/api/v1/records/lead', { company_name: `L${i}` })),
  );
  const accepted = answers.filter(({ status }) => status === 201);
  const sentAway = answers.filter(({ status }) => status !== 201);
  for (const { status, body, headers } of sentAway) {
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'OVERLOADED', '5']);
  }
  // Both, or the test says nothing.
  expect([accepted.length > 0, sentAway.length > 0]).toEqual([true, true]);
  await server.healthUntil(({ worker }) => JSON.stringify(worker).includes('"dueRuns":0'));
  const [row] = await server.database.statement(
    "select count(*)::int as done from runs where status = 'done' and record_id = any($1::uuid[])",
    [accepted.map(({ body }) => String(body.id))],
  );
  expect(row).toEqual({ done: accepted.length });
  expect(await server.healthUntil(({ status }) => status === 'ok')).toMatchObject({ intake: { waiting: 0, bytes: 0 } });
  // Nothing of what was sent away is held any more.
  expect((await server.call('POST', '/api/v1/records/lead', { company_name: 'After' })).status).toBe(201);
});

it('bodies are counted before they are read', async () => {
  const large = { items: 'x'.repeat(900_000) };
  const answers = await Promise.all(Array.from({ length: 60 }, () => server.call('POST', '/api/v1/records/lead', large)));
  expect(new Set(answers.map(({ status, body }) => `${status} ${String(body.code)}`))).toEqual(
    new Set(['400 RECORD_INVALID', '503 OVERLOADED']),
  );
});

it('who waits too long for a lock is told so; the change is written when the lock is gone', async () => {
  // Longer than a first request takes on a busy machine, which compiles the schemas of its route.
  const patient = await startServer(url, { answerMs: 1_000 });
  // Over a real connection: a request whose body has been read ends there as a stream, though its answer is still to come.
  const { origin, headers } = await patient.listen();
  // Its run writes the city, before or after.
  const { body } = await server.call('POST', '/api/v1/records/lead', { company_name: 'Locked' });
  const release = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const holder = patient.database.transaction(async (tx) => {
    await tx.recordsByIds([String(body.id)], 'wait');
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const bulk = await patient.call('POST', '/api/v1/records/lead/bulk?onExisting=update', [{ key: 'k', company_name: 'Fine' }]);
  expect(bulk.status).toBe(200);
  const late = await fetch(`${origin}/api/v1/records/lead/${String(body.id)}`, {
    method: 'PATCH',
    headers,
    body: '{"company_name":"Late"}',
  });
  expect([late.status, late.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await late.json()).toMatchObject({ code: 'ANSWER_LATE' });
  release.resolve();
  await holder;
  await patient.engine.intake.drained();
  expect((await patient.call('GET', `/api/v1/records/lead/${String(body.id)}`)).body.company_name).toBe('Late');
  await patient.close();
});

it('what waits for a transaction is bounded by its bytes, and so is a transaction', async () => {
  const gate = Promise.withResolvers<void>();
  const batches: number[][] = [];
  const group = new GroupCommit<number, number>(
    async (batch) => {
      batches.push([...batch]);
      await gate.promise;
      return batch.map((value) => ({ ok: true, value }));
    },
    { batch: { entries: 10, bytes: 100 }, waiting: { entries: 1_000, bytes: 250 }, sizeOf: (size) => size },
  );
  const first = group.submit([500]);
  await Promise.resolve();
  const rest = [60, 60, 30, 90].map((size) => group.submit([size]));
  expect(() => group.submit([20])).toThrow(expect.objectContaining({ code: 'OVERLOADED', transient: true }));
  expect(group.waiting).toEqual({ entries: 4, bytes: 240 });
  gate.resolve();
  await Promise.all([first, ...rest]);
  expect(batches).toEqual([[500], [60], [60, 30], [90]]);
  expect(group.waiting).toEqual({ entries: 0, bytes: 0 });
});
