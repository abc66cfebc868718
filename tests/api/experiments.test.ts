import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitWorkflow } from '../support/split-workflow.ts';
import { type Bench, listOf, openMemoryBench, publish, workflowFile } from './support.ts';

describe('experiments', () => {
  let bench: Omit<Bench, 'database'>;
  beforeAll(async () => {
    bench = await openMemoryBench();
    await publish(bench, splitWorkflow('mail-test'));
    await publish(bench, workflowFile('plain', { type: 'trigger.manual' }));
  });
  afterAll(() => bench.close());

  const list = async (id = 'mail-test') => listOf((await bench.call('GET', `/api/v1/workflows/${id}/experiments`)).body.items);
  const adopt = (node: string, arm: string | null) =>
    bench.call('POST', `/api/v1/workflows/mail-test/experiments/${node}/adopt`, { body: { arm } });
  const leads = async (prefix: string, count: number) => {
    const body = Array.from({ length: count }, (_, i) => ({ last_name: `${prefix}${i}` }));
    await bench.call('POST', '/api/v1/records/lead/bulk', { body });
    await bench.engine.drain();
  };

  test('before anybody came by, it is too early to say anything', async () => {
    expect(await list()).toMatchObject([
      {
        node: 'subject',
        state: 'too_few',
        winner: null,
        arms: [
          { name: 'short', n: 0, rate: 0 },
          { name: 'long', n: 0 },
        ],
      },
    ]);
    expect(await list('plain')).toEqual([]);
  });

  test('the ways are counted, compared and judged in sentences', async () => {
    await leads('A', 100);
    const [experiment] = await list();
    expect(experiment).toMatchObject({ state: 'winner', best: 'short', winner: null, minimum: 20, confidence: 0.95, adopt: 'by_hand' });
    const [short, long] = listOf(experiment?.arms);
    expect([Number(short?.n) + Number(long?.n), short?.rate, long?.successes]).toEqual([100, 1, 0]);
    const [comparison] = listOf(experiment?.comparisons);
    expect(comparison).toMatchObject({ name: 'long', difference: 1 });
    expect(Number(experiment?.p)).toBeLessThan(0.001);
    expect(experiment?.text).toContainEqual(expect.stringContaining('short is the best'));
  });

  test('the way that is taken is taken by all new records, and the experiment goes on when it is given back', async () => {
    expect((await adopt('subject', 'short')).body).toMatchObject({ winner: 'short' });
    await leads('B', 10);
    const counted = async () => listOf((await list())[0]?.arms).reduce((sum, arm) => sum + Number(arm.n), 0);
    expect(await counted()).toBe(100);
    expect((await adopt('subject', null)).body).toMatchObject({ winner: null });
    await leads('C', 10);
    expect(await counted()).toBe(110);
  });

  test.each([
    ['a way that there is not', 'subject', 'middle', 422, 'EXPERIMENT_ARM'],
    ['a node that is no split', 'works', 'short', 404, 'EXPERIMENT_UNKNOWN'],
  ])('%s is refused', async (_what, node, arm, status, code) => {
    expect((await adopt(node, arm)).body).toMatchObject({ status, code });
  });

  test('to take a way needs workflows:publish', async () => {
    const key = await bench.keyWith('workflows:read', 'workflows:write');
    expect((await bench.call('GET', '/api/v1/workflows/mail-test/experiments', { key })).status).toBe(200);
    const refused = await bench.call('POST', '/api/v1/workflows/mail-test/experiments/subject/adopt', { key, body: { arm: null } });
    expect(refused.body.code).toBe('SCOPE_MISSING');
    expect((await bench.call('GET', '/api/v1/workflows/none/experiments')).body.code).toBe('WORKFLOW_NOT_PUBLISHED');
  });
});
