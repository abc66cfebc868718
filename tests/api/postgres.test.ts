import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, listOf, openBench, publish, workflowFile } from './support.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench({}, 'postgres');
  await publish(bench, workflowFile('form', { type: 'trigger.webhook', params: { hook: 'form' } }));
});
afterAll(() => bench.close());

test('on PostgreSQL a delivery that comes a hundred times at once starts one run', async () => {
  const headers = { 'idempotency-key': 'd-1' };
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => bench.call('POST', '/hooks/form', { key: null, body: { n: 1 }, headers })),
  );
  expect(new Set(answers.map(({ status, body }) => `${status} ${String(body.id)}`)).size).toBe(1);
  expect(listOf((await bench.call('GET', '/api/v1/runs?workflow=form')).body.items)).toHaveLength(1);
});

test('on PostgreSQL health tells what waits and for how long', async () => {
  bench.clock.advance(2_000);
  const { body } = await bench.call('GET', '/health');
  expect(body).toMatchObject({ worker: { dueRuns: 1, lagMs: 2_000 }, outbox: { pending: 0, dead: 0 } });
  await bench.engine.drain();
  expect((await bench.call('GET', '/health')).body).toMatchObject({ worker: { dueRuns: 0, lagMs: 0 } });
});

test('on PostgreSQL of two changes made on one version at once the second is told', async () => {
  const { id } = (await bench.call('POST', '/api/v1/records/lead', { body: { first_name: 'Ann' } })).body;
  const change = (first_name: string) => bench.call('PATCH', `/api/v1/records/lead/${String(id)}?version=1`, { body: { first_name } });
  const statuses = (await Promise.all([change('Anna'), change('Annie')])).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 409]);
});
