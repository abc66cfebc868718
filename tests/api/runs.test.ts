import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { at, type Bench, listOf, openMemoryBench, publish, workflowFile } from './support.ts';

const DAY = 86_400_000;

describe('runs', () => {
  let bench: Omit<Bench, 'database'>;
  const manual: JsonObject = { type: 'trigger.manual', params: {} };
  const file = (id: string, nodes: JsonObject, edges: string[][], trigger = manual): JsonObject => ({
    ...workflowFile(id, trigger),
    nodes: { start: trigger, ...nodes },
    edges,
  });
  const line = (id: string, node: JsonObject, trigger = manual): JsonObject => file(id, { here: node }, [['start', 'here']], trigger);
  beforeAll(async () => {
    bench = await openMemoryBench();
  });
  afterAll(() => bench.close());

  /** Starts it, carries it out as far as it goes, and gives its id. */
  const start = async (id: string, body: JsonObject = {}): Promise<string> => {
    const { body: answer } = await bench.call('POST', `/api/v1/workflows/${id}/runs`, { body });
    await bench.engine.drain();
    return String(answer.run);
  };
  const look = async (id: string) => (await bench.call('GET', `/api/v1/runs/${id}`)).body;
  const statusOf = async (id: string): Promise<Json | undefined> => at((await look(id)).run).status;
  const act = (id: string, action: string, body?: JsonObject) => bench.call('POST', `/api/v1/runs/${id}/${action}`, body ? { body } : {});

  test('a paused run does not move though its time is over, and goes on at once when it is resumed', async () => {
    await publish(bench, line('patient', { type: 'flow.wait', params: { for: 'P1D' } }));
    const id = await start('patient');
    expect((await act(id, 'pause')).body).toMatchObject({ status: 'paused' });
    bench.clock.advance(2 * DAY);
    await bench.engine.drain();
    expect(await statusOf(id)).toBe('paused');
    expect(listOf((await bench.call('GET', '/api/v1/runs?status=paused')).body.items).map((run) => run.id)).toEqual([id]);
    expect((await act(id, 'pause')).body).toMatchObject({ status: 409, code: 'RUN_CANNOT_PAUSE' });
    expect((await act(id, 'resume')).body).toMatchObject({ status: 'active' });
    await bench.engine.drain();
    expect(await statusOf(id)).toBe('done');
    expect((await act(id, 'resume')).body).toMatchObject({ status: 409, code: 'RUN_NOT_PAUSED' });
  });

  test('all runs of a workflow are paused and resumed, those of others are left alone', async () => {
    await publish(bench, line('others', { type: 'flow.wait', params: { for: 'P1D' } }));
    const mine = [await start('patient'), await start('patient')];
    const other = await start('others');
    const all = (action: string, workflow: string) => bench.call('POST', `/api/v1/runs/${action}`, { body: { workflow } });
    expect((await all('pause', 'patient')).body).toEqual({ changed: 2 });
    expect((await all('pause', 'patient')).body).toEqual({ changed: 0 });
    expect(await Promise.all([...mine, other].map(statusOf))).toEqual(['paused', 'paused', 'waiting']);
    expect((await all('resume', 'patient')).body).toEqual({ changed: 2 });
    await bench.engine.drain();
    expect(await Promise.all(mine.map(statusOf))).toEqual(['waiting', 'waiting']);
    expect((await all('pause', 'nothing')).body.code).toBe('WORKFLOW_NOT_FOUND');
  });

  test('a failed run is retried on the newest version, where that has mended the fault', async () => {
    const divide = (by: number): JsonObject => line('divide', { type: 'data.set', params: { values: { x: `= 1 / ${by}` } } });
    await publish(bench, divide(0));
    const failed = [await start('divide'), await start('divide'), await start('divide')];
    await publish(bench, divide(2));
    const [first = '', second = '', third = ''] = failed;
    await act(first, 'retry');
    await bench.engine.drain();
    expect(at((await look(first)).run)).toMatchObject({ status: 'failed', version: 1 });
    expect((await act(first, 'retry', { version: 'newest' })).body).toMatchObject({ version: 2 });
    await bench.engine.drain();
    expect(await statusOf(first)).toBe('done');
    const many = await bench.call('POST', '/api/v1/runs/retry', { body: { workflow: 'divide', version: 'newest' } });
    expect(many.body).toEqual({ retried: 2 });
    await bench.engine.drain();
    expect(await Promise.all([second, third].map(statusOf))).toEqual(['done', 'done']);
    expect((await act(first, 'retry', { version: 'newer' })).status).toBe(400);
  });

  test('a run that was called names its caller, and the caller what it has called and waits for', async () => {
    await publish(bench, line('called', { type: 'flow.wait', params: { for: 'P1D' } }, { type: 'trigger.call', params: {} }));
    await publish(bench, line('caller', { type: 'flow.call', params: { workflow: 'called' } }));
    const id = await start('caller');
    const details = await look(id);
    const [called] = listOf(details.called);
    expect(called).toMatchObject({ workflow: 'called', parent: id, status: 'waiting' });
    expect(details.waits).toEqual([{ node: 'here', kind: 'child', run: called?.id }]);
    expect(listOf((await bench.call('GET', `/api/v1/runs?parent=${id}`)).body.items).map((run) => run.id)).toEqual([called?.id]);
    expect(at(details.run).parent).toBeNull();
  });

  test('what a run waits for is told: moments, events, branches, items, its turn', async () => {
    const made = await bench.call('POST', '/api/v1/records/lead', { body: { last_name: 'Doe' } });
    const record = String(made.body.id);
    await publish(
      bench,
      file(
        'busy',
        {
          answer: { type: 'flow.wait_event', params: { events: [{ event: 'message.answered', topic: 'email' }], timeout: 'P3D' } },
          meet: { type: 'flow.join', params: { wait: 'all' } },
          loop: { type: 'flow.each', params: { items: "= ['a', 'b', 'c']", parallel: 2 } },
          each: { type: 'flow.wait', params: { for: 'P1D' } },
        },
        [
          ['start', 'answer'],
          ['start', 'meet'],
          ['answer', 'meet'],
          ['start', 'loop'],
          ['loop:item', 'each'],
        ],
      ),
    );
    const run = await start('busy', { record });
    const now = bench.clock.now();
    const until = (days: number): string => new Date(now + days * DAY).toISOString();
    expect(listOf((await look(run)).waits)).toEqual([
      {
        node: 'answer',
        kind: 'event',
        until: until(3),
        events: [{ type: 'message.answered', topic: 'email', correlation: `record:${record}` }],
      },
      { node: 'meet', kind: 'join', join: { need: 'all', arrived: 1 } },
      { node: 'loop', kind: 'scope', items: { count: 3, done: 0, running: 2, failed: 0 } },
      { node: 'each', kind: 'time', index: 0, until: until(1) },
      { node: 'each', kind: 'time', index: 1, until: until(1) },
    ]);
  });

  test('a run in line for a critical section knows who is within and how many are before it', async () => {
    await publish(
      bench,
      file('stock', { enter: { type: 'flow.lock', params: { key: 'stock' } }, count: { type: 'flow.wait', params: { for: 'PT1H' } } }, [
        ['start', 'enter'],
        ['enter', 'count'],
      ]),
    );
    const [holder] = [await start('stock'), await start('stock')];
    const third = await start('stock');
    expect((await look(third)).waits).toEqual([{ node: 'enter', kind: 'place', line: { key: 'lock:stock', holder, ahead: 1 } }]);
  });

  test('to pause needs runs:write', async () => {
    const key = await bench.keyWith('runs:read', 'workflows:publish');
    const refused = await bench.call('POST', '/api/v1/runs/pause', { key, body: { workflow: 'patient' } });
    expect(refused.body.code).toBe('SCOPE_MISSING');
  });
});
