import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advanceBatch } from '../../engine/worker/batch.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { onLeadCreated, openTestEngine, type TestEngine, workflow } from './support.ts';

/** A workflow that is under way while the other runs away: it must get to its end as if nothing were. */
const neighbour = workflow(
  'neighbour',
  {
    start: { type: 'trigger.record', params: { entity: 'deal', on: ['created'] } },
    a: { type: 'flow.wait', params: { for: 'PT1M' } },
    b: { type: 'record.update', params: { fields: { name: 'Seen' } } },
  },
  [
    ['start', 'a'],
    ['a', 'b'],
  ],
);

const set = (values: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'data.set', params: { values }, ...more });
const each = (items: string, more: JsonObject = {}): JsonObject => ({ type: 'flow.each', params: { items, parallel: 100, ...more } });

/**
 * Each runs away on the first lead, by no more than 10 MB of memory for the process; before they were bounded the hundred texts took 22 s and were
 * written. `code`, `node`: how its run fails.
 */
const runaways: Record<string, { file: JsonObject; code: string; node?: string }> = {
  'branches that double at every turn': {
    file: workflow('bomb', { start: onLeadCreated, a: set({ x: 1 }, { maxVisits: 10_000 }), b: set({ y: 1 }), c: set({ z: 1 }) }, [
      ['start', 'a'],
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'a'],
      ['c', 'a'],
    ]),
    code: 'RUN_BRANCHES',
  },
  'items of items of items': {
    file: workflow(
      'bomb',
      {
        start: onLeadCreated,
        a: each('= [1..1000]'),
        b: each('= [1..1000]'),
        c: each('= [1..1000]'),
        d: { type: 'flow.wait', params: { for: 'P1D' } },
      },
      [
        ['start', 'a'],
        ['a:item', 'b'],
        ['b:item', 'c'],
        ['c:item', 'd'],
      ],
    ),
    code: 'RUN_BRANCHES',
  },
  'a cycle without an end': {
    file: workflow('bomb', { start: onLeadCreated, a: set({ x: '= $exists(vars.x) ? vars.x + 1 : 1' }, { maxVisits: 50 }) }, [
      ['start', 'a'],
      ['a', 'a'],
    ]),
    code: 'RUN_VISITS',
    node: 'a',
  },
  'a text that doubles at every turn': {
    file: workflow(
      'bomb',
      { start: onLeadCreated, a: set({ x: '= $exists(vars.x) ? vars.x & vars.x : "0123456789"' }, { maxVisits: 1_000 }) },
      [
        ['start', 'a'],
        ['a', 'a'],
      ],
    ),
    code: 'RUN_TOO_LARGE',
    node: 'a',
  },
  'values that are kept under ever new names': {
    file: workflow(
      'bomb',
      {
        start: onLeadCreated,
        ...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, set({ [`v${i}`]: '= $pad("", 900000, "x")' })])),
      },
      [['start', 'n0'], ...Array.from({ length: 29 }, (_, i): [string, string] => [`n${i}`, `n${i + 1}`])],
    ),
    code: 'RUN_TOO_LARGE',
  },
  'a hundred texts of a million characters in one step': {
    file: workflow(
      'bomb',
      { start: onLeadCreated, a: set(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`v${i}`, '= $pad("", 1000000, "x")']))) },
      [['start', 'a']],
    ),
    code: 'STEP_TOO_LARGE',
    node: 'a',
  },
  'a list that holds one large text a thousand times': {
    file: workflow('bomb', { start: onLeadCreated, a: set({ x: '= ($t := $pad("", 100000, "x"); [1..1000].($t))' }) }, [['start', 'a']]),
    code: 'STEP_TOO_LARGE',
    node: 'a',
  },
  'a list of large items': {
    file: workflow(
      'bomb',
      {
        start: onLeadCreated,
        a: each('= ($t := $pad("", 100000, "x"); [1..1000].($t))'),
        b: { type: 'flow.wait', params: { for: 'P1D' } },
      },
      [
        ['start', 'a'],
        ['a:item', 'b'],
      ],
    ),
    code: 'STEP_TOO_LARGE',
    node: 'a',
  },
};

describe('a workflow that runs away harms only itself', () => {
  let takt: TestEngine;
  beforeEach(async () => {
    takt = await openTestEngine('postgres');
    await takt.publish(neighbour);
  });
  afterEach(() => takt.close());

  const neighbourIsDone = async (): Promise<void> => {
    await takt.pass(60_000);
    expect((await takt.engine.runs.page({ workflowId: 'neighbour' }, 5)).items).toMatchObject([{ status: 'done' }]);
    expect((await takt.all('deal')).map((deal) => deal.name)).toEqual(['Seen']);
  };

  it.each(Object.keys(runaways))('%s', async (name) => {
    const { file, code, node } = runaways[name] ?? { file: {}, code: '' };
    await takt.publish(file);
    await takt.create('deal', { name: 'Neighbour' });
    await takt.engine.drain();
    await takt.create('lead', { last_name: 'First' });
    await neighbourIsDone();
    const { items } = await takt.engine.runs.page({ workflowId: 'bomb' }, 5);
    expect(items).toMatchObject([{ status: 'failed', error: { code, hint: expect.any(String), ...(node && { node }) } }]);
  });

  it('two hundred runs of one batch that each make large data are written in several', async () => {
    const large = '= $pad("", 200000, "x")';
    await takt.publish(
      workflow('bomb', { start: onLeadCreated, a: set({ x: large }), b: set({ x: large }), c: set({ x: large }) }, [
        ['start', 'a'],
        ['a', 'b'],
        ['b', 'c'],
      ]),
    );
    await Promise.all(Array.from({ length: 200 }, (_, i) => takt.create('lead', { last_name: `L${i}` })));
    // The process grew by 1,340 MB at most when all was written at once, with 300 kB a value; by 110 MB in several.
    const { claimed } = await advanceBatch(takt.engine.ports, 200);
    expect(claimed).toBe(200);
    expect((await takt.engine.runs.page({ status: 'active' }, 200)).items.length).toBeGreaterThan(100);
    await takt.engine.drain();
    expect((await takt.engine.runs.page({ status: 'done' }, 200)).items.filter((run) => run.workflowId === 'bomb')).toHaveLength(200);
  });

  it('leads that make leads: the family of the first is stopped at 10,000 runs, refused and failed ones say why', async () => {
    const two = { type: 'record.create', params: { entity: 'lead', fields: { last_name: 'More' } } };
    const file = workflow('bomb', { start: onLeadCreated, a: two, b: two, c: { type: 'flow.wait', params: { for: 'PT1M' } } }, [
      ['start', 'a'],
      ['a', 'b'],
      ['b', 'c'],
    ]);
    await takt.publish(file);
    await takt.create('deal', { name: 'Neighbour' });
    await takt.create('lead', { last_name: 'First' });
    const all = async () => (await takt.engine.runs.page({ workflowId: 'bomb' }, 200)).items;
    const { database } = takt.engine.ports;
    // The first, its two, and their four: these are counted. As if there were many more.
    await advanceBatch(takt.engine.ports, 10);
    const first = (await all()).at(-1)?.id ?? '';
    await advanceBatch(takt.engine.ports, 10);
    expect(await all()).toHaveLength(7);
    await database.transaction(async (tx) => {
      await tx.lockMarks([`family:${first}`]);
      await tx.updateMarks([{ key: `family:${first}`, value: 9_990, expiresAt: null }]);
    });
    await neighbourIsDone();
    const runs = await all();
    const codes = Object.groupBy(runs, (run) => `${run.status} ${run.error?.code ?? ''}`);
    expect(Object.keys(codes).sort()).toEqual(['done ', 'failed LOOP_FAMILY', 'refused LOOP_FAMILY']);
    expect(runs.length).toBeLessThan(60);
    expect(codes['refused LOOP_FAMILY']?.[0]?.error?.message).toContain('bomb/');
  });

  it('a workflow of which thousands are due keeps the others waiting for a batch or two', async () => {
    const file = workflow('bomb', { start: onLeadCreated, a: set({ x: 1 }) }, [['start', 'a']]);
    await takt.publish(file);
    const leads = Array.from({ length: 2_000 }, (_, i) => takt.create('lead', { last_name: `L${i}` }));
    await Promise.all(leads);
    await takt.create('deal', { name: 'Neighbour' });
    for (const fairly of [false, true]) await advanceBatch(takt.engine.ports, 200, fairly);
    expect((await takt.engine.runs.page({ workflowId: 'neighbour' }, 5)).items).toMatchObject([{ status: 'waiting' }]);
    // The batch was full nevertheless.
    expect(await takt.engine.runs.page({ workflowId: 'bomb', status: 'done' }, 200)).toMatchObject({ items: { length: 200 } });
  });
});
