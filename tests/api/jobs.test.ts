import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { at, type Bench, listOf, openMemoryBench, publish, workflowFile } from './support.ts';

describe('bulk starts and jobs', () => {
  let bench: Omit<Bench, 'database'>;
  beforeAll(async () => {
    bench = await openMemoryBench();
    await publish(bench, workflowFile('greet', { type: 'trigger.manual', params: { entity: 'contact' } }));
    await publish(bench, workflowFile('alone', { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } }));
    const contacts = Array.from({ length: 12 }, (_, i) => ({ last_name: `C${i}`, score: i, key: `c${i}` }));
    expect((await bench.call('POST', '/api/v1/records/contact/bulk', { body: contacts })).body).toMatchObject({ created: 12 });
  });
  afterAll(() => bench.close());

  const start = (id: string, body: JsonObject, key?: string) =>
    bench.call('POST', `/api/v1/workflows/${id}/bulk`, { body, ...(key === undefined ? {} : { key }) });

  test('a bulk start is a job that starts the workflow on every record that fits, with the input', async () => {
    const started = await start('greet', { entity: 'contact', where: 'score >= 9', input: { why: 'spring' } });
    expect(started.status).toBe(202);
    expect(started.body).toMatchObject({ kind: 'start', status: 'running', total: 12, done: 0, made: 0, author: { kind: 'key' } });
    const address = String(started.headers.location);
    expect(address).toBe(`/api/v1/jobs/${String(started.body.id)}`);
    await bench.engine.drain();
    expect((await bench.call('GET', address)).body).toMatchObject({ status: 'done', done: 12, made: 3, failed: 0 });
    const runs = listOf((await bench.call('GET', '/api/v1/runs?workflow=greet')).body.items);
    expect(runs.map((run) => run.status)).toEqual(['done', 'done', 'done']);
    const [run] = runs;
    const [event] = listOf((await bench.call('GET', `/api/v1/events?record=${String(run?.record)}&type=run.requested`)).body.items);
    expect(at(event, 'data')).toMatchObject({ input: { why: 'spring' } });
  });

  test('a deleted record is neither counted nor started', async () => {
    const [contact] = listOf((await bench.call('GET', '/api/v1/records/contact?limit=1')).body.items);
    await bench.call('DELETE', `/api/v1/records/contact/${String(contact?.id)}`);
    expect((await start('greet', { entity: 'contact' })).body.total).toBe(11);
    await bench.engine.drain();
    await bench.call('POST', `/api/v1/records/contact/${String(contact?.id)}/restore`);
  });

  test.each([
    ['of a workflow without a trigger.manual', 'alone', { entity: 'lead' }, 409, 'WORKFLOW_NOT_MANUAL'],
    ['on another entity than the trigger asks for', 'greet', { entity: 'lead' }, 409, 'WORKFLOW_NOT_MANUAL'],
    ['of a workflow that is not published', 'nothing', { entity: 'lead' }, 409, 'WORKFLOW_NOT_PUBLISHED'],
    ['on an entity that there is not', 'greet', { entity: 'contcat' }, 404, 'ENTITY_UNKNOWN'],
    ['with a condition that cannot be read', 'greet', { entity: 'contact', where: 'score >' }, 400, 'EXPR_SYNTAX'],
    ['with a segment that there is not', 'greet', { entity: 'contact', where: "$inSegment('vip')" }, 404, 'SEGMENT_UNKNOWN'],
    ['with a count of events', 'greet', { entity: 'contact', where: "$eventCount('a') > 1" }, 422, 'EVENT_COUNT_HERE'],
    ['with a field that there is not', 'greet', { entity: 'contact', were: 'true' }, 400, 'INPUT_INVALID'],
  ])('a bulk start %s is refused', async (_what, id, body, status, code) => {
    const answer = await start(id, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  test('a job that runs can be ended once, and lists tell it', async () => {
    const { id } = (await start('greet', { entity: 'contact' })).body;
    const running = await bench.call('GET', '/api/v1/jobs?status=running&kind=start');
    expect(listOf(running.body.items).map((job) => job.id)).toEqual([id]);
    expect((await bench.call('POST', `/api/v1/jobs/${String(id)}/cancel`)).body).toMatchObject({ status: 'cancelled' });
    expect((await bench.call('POST', `/api/v1/jobs/${String(id)}/cancel`)).body).toMatchObject({ status: 409, code: 'JOB_ENDED' });
    await bench.engine.drain();
    expect((await bench.call('GET', `/api/v1/jobs/${String(id)}`)).body).toMatchObject({ status: 'cancelled', made: 0 });
    expect(listOf((await bench.call('GET', '/api/v1/jobs?status=running')).body.items)).toEqual([]);
    expect((await bench.call('GET', '/api/v1/jobs/01900000-0000-7000-8000-000000000000')).body.code).toBe('JOB_NOT_FOUND');
  });

  test('to start needs runs:write, to look runs:read', async () => {
    const reader = await bench.keyWith('runs:read', 'records:write');
    expect((await start('greet', { entity: 'contact' }, reader)).body.code).toBe('SCOPE_MISSING');
    expect((await bench.call('GET', '/api/v1/jobs', { key: reader })).status).toBe(200);
    expect((await bench.call('GET', '/api/v1/jobs', { key: await bench.keyWith('records:read') })).status).toBe(403);
  });
});
