import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitWorkflow } from '../support/split-workflow.ts';
import { openTerminal, type Terminal, temporary } from './support.ts';

const PLAIN = { takt: 1, id: 'plain', name: 'Plain', nodes: { start: { type: 'trigger.manual' } }, edges: [] };

let terminal: Terminal;
const takt = (...argv: string[]) => terminal.takt(...argv);
const json = async (...argv: string[]) => JSON.parse((await takt(...argv, '--json')).out);
const create = async (count: number): Promise<void> => {
  const { engine } = terminal.bench;
  const change = { kind: 'create', entity: 'lead', data: { last_name: 'X' }, onExisting: 'error' } as const;
  await engine.intake.submit(Array<typeof change>(count).fill(change), { kind: 'system', id: 'test' });
  await engine.drain();
};

beforeAll(async () => {
  terminal = await openTerminal();
  const folder = await temporary();
  for (const workflow of [splitWorkflow('follow-up'), PLAIN])
    await takt('workflow', 'import', await folder.write(`${workflow.id}.json`, JSON.stringify(workflow)), '--publish');
  await folder.remove();
});
afterAll(() => terminal.close());

describe('an experiment', () => {
  it('says what is missing as long as nobody came by', async () => {
    const { out } = await takt('experiment', 'show', 'follow-up');
    expect(out).toContain('Too few to judge: each arm needs 20, short has 0, long has 0.');
    expect((await takt('experiment', 'show', 'plain')).out).toBe('plain has no flow.split.\n');
    expect((await takt('experiment', 'show', 'none')).err).toContain('[WORKFLOW_NOT_PUBLISHED]');
  });

  it('shows its ways, the difference with its interval, the verdict and what to do with it', async () => {
    await create(120);
    const { out } = await takt('experiment', 'show', 'follow-up');
    expect(out).toMatch(/^way +records +successes +rate +behind short by \(95% confidence\)$/m);
    expect(out).toMatch(/^short +\d+ +\d+ +100\.0%$/m);
    expect(out).toMatch(/^long +\d+ +0 +0\.0% +100\.0 points \(\d+\.\d to 100\.0\)$/m);
    expect(out).toMatch(/^short is the best \(p = /m);
    expect(out).toContain('takt experiment adopt follow-up subject short');
    expect((await json('experiment', 'show', 'follow-up'))[0]).toMatchObject({ node: 'subject', verdict: { state: 'winner' } });
  });

  it('has a way taken by all new records, and goes on when it is reset', async () => {
    const { out } = await takt('experiment', 'adopt', 'follow-up', 'subject', 'long');
    expect(out).toBe('All new records take long. To go on with the experiment: takt experiment reset follow-up subject\n');
    await create(5);
    expect((await takt('experiment', 'show', 'follow-up')).out).toMatch(/^long .*taken by all new records$/m);
    const counted = async () =>
      (await json('experiment', 'show', 'follow-up'))[0].arms.reduce((sum: number, arm: { n: number }) => sum + arm.n, 0);
    expect(await counted()).toBe(120);
    expect((await takt('experiment', 'reset', 'follow-up', 'subject')).out).toBe('New records are split again at subject.\n');
    await create(5);
    expect(await counted()).toBe(125);
  });

  it('knows its ways and its node', async () => {
    expect((await takt('experiment', 'adopt', 'follow-up', 'subject', 'middle')).err).toContain('Its ways: short, long.');
    expect((await takt('experiment', 'adopt', 'follow-up', 'works', 'short')).err).toContain('[EXPERIMENT_UNKNOWN]');
  });
});
