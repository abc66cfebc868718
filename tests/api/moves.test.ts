import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { type Bench, listOf, openMemoryBench, publish, workflowFile } from './support.ts';

describe('moves between versions', () => {
  let bench: Omit<Bench, 'database'>;
  const onLead: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'] } };
  const file = (nodes: JsonObject, edges: string[][]): JsonObject => ({
    ...workflowFile('follow-up', onLead),
    nodes: { start: onLead, ...nodes },
    edges,
  });
  const wait: JsonObject = { type: 'flow.wait', title: 'Three days', params: { for: 'P3D' } };
  beforeAll(async () => {
    bench = await openMemoryBench();
    await publish(
      bench,
      file({ pause: wait, mail: { type: 'flow.end', params: { outcome: 'old' } } }, [
        ['start', 'pause'],
        ['pause', 'mail'],
      ]),
    );
    for (const name of ['A', 'B']) await bench.call('POST', '/api/v1/records/lead', { body: { last_name: name } });
    await bench.engine.drain();
    await publish(
      bench,
      file({ rest: wait, mail: { type: 'flow.end', params: { outcome: 'new' } } }, [
        ['start', 'rest'],
        ['rest', 'mail'],
      ]),
    );
  });
  afterAll(() => bench.close());

  const plan = (query: string, key?: string) =>
    bench.call('GET', `/api/v1/workflows/follow-up/move?${query}`, key === undefined ? {} : { key });
  const move = (body: JsonObject) => bench.call('POST', '/api/v1/workflows/follow-up/move', { body });

  test('the plan says where runs stand, and why they cannot go on in the other version', async () => {
    expect((await plan('from=1&to=2')).body).toEqual({
      from: 1,
      to: 2,
      runs: 2,
      movable: 0,
      places: [{ node: 'pause', title: 'Three days', waits: 'time', runs: 2, movable: false, reason: 'Version 2 has no node "pause".' }],
    });
    expect((await plan('from=1&to=2&mapping=pause=rest')).body).toMatchObject({ movable: 2 });
  });

  test.each([
    ['a version that there is not', 'from=1&to=9', 404, 'WORKFLOW_VERSION_NOT_FOUND'],
    ['an old version that there is not', 'from=8&to=2', 404, 'WORKFLOW_VERSION_NOT_FOUND'],
    ['twice the same version', 'from=2&to=2', 400, 'MOVE_INVALID'],
    ['a mapping of a node that there is not', 'from=1&to=2&mapping=puase=rest', 400, 'MOVE_INVALID'],
    ['a mapping that is none', 'from=1&to=2&mapping=pause', 400, 'MOVE_INVALID'],
    ['a mapping that names a node twice', 'from=1&to=2&mapping=pause=rest,pause=mail', 400, 'MOVE_INVALID'],
    ['no version', 'from=1', 400, 'INPUT_INVALID'],
  ])('%s is refused', async (_what, query, status, code) => {
    expect((await plan(query)).body).toMatchObject({ status, code });
  });

  test('a slip in the mapping is told with what was meant', async () => {
    expect((await move({ from: 1, to: 2, mapping: { puase: 'rest' } })).body).toMatchObject({
      code: 'MOVE_INVALID',
      hint: 'Did you mean "pause"?',
    });
  });

  test('the move is a job, after which the runs end as the other version says', async () => {
    const moved = await move({ from: 1, to: 2, mapping: { pause: 'rest' } });
    expect(moved.status).toBe(202);
    await bench.engine.drain();
    expect((await bench.call('GET', String(moved.headers.location))).body).toMatchObject({
      kind: 'move',
      status: 'done',
      done: 2,
      made: 2,
      failed: 0,
    });
    bench.clock.advance(3 * 86_400_000);
    await bench.engine.drain();
    const runs = listOf((await bench.call('GET', '/api/v1/runs?workflow=follow-up')).body.items);
    expect(runs.map((run) => [run.version, run.outcome])).toEqual([
      [2, 'new'],
      [2, 'new'],
    ]);
  });

  test('to look needs runs:read, to move runs:write', async () => {
    const key = await bench.keyWith('runs:read');
    expect((await plan('from=1&to=2', key)).status).toBe(200);
    expect((await bench.call('POST', '/api/v1/workflows/follow-up/move', { key, body: { from: 1, to: 2 } })).body.code).toBe(
      'SCOPE_MISSING',
    );
  });
});
