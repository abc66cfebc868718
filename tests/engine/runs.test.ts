import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TaktError } from '../../engine/errors/index.ts';
import { defineNode } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, somebody, type TestEngine, workflow } from './support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Fails as long as the record's `score` is below what is wanted: a cause that people mend outside. */
const pickyNode = defineNode({
  type: 'test.picky',
  version: 1,
  title: 'Picky',
  description: 'Fails while the score is too low.',
  params: Type.Object({ least: Type.Number(), transient: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  ports: ['next'],
  example: { least: 1 },
  summary: () => 'picky',
  run(ctx, params) {
    const score = Number(ctx.record?.score ?? 0);
    ctx.update(ctx.record?.id ?? '', { last_name: 'touched' });
    if (score < params.least) throw new TaktError('NODE_FAILED', { message: `Score ${score} is too low.`, transient: params.transient });
    return { kind: 'next', port: 'next', output: { score } };
  },
});

describe.each(databaseKinds)('a run on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind, { nodes: [pickyNode] });
  });
  afterAll(() => takt.close());

  const set = (values: JsonObject): JsonObject => ({ type: 'data.set', params: { values } });
  /** Publishes one workflow on a source of its own, creates a lead for it and carries out what is due. */
  async function start(
    name: string,
    nodes: Record<string, JsonObject>,
    edges: [string, string][],
    lead: JsonObject = {},
    settings: JsonObject = {},
  ) {
    const trigger: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: `record.source = '${name}'` } };
    await takt.publish(workflow(name, { start: trigger, ...nodes }, edges, settings));
    const record = await takt.create('lead', { last_name: 'Иванов', source: name, ...lead });
    await takt.pass(0);
    const run = async () => {
      const { items } = await takt.engine.runs.page({ workflowId: name, recordId: record.id }, 10);
      return takt.engine.runs.get(items[0]?.id ?? '');
    };
    return { record, run };
  }
  const trail = (details: { steps: { node: string; status: string; port: string | null }[] }): string[] =>
    details.steps.map((step) => `${step.node} ${step.status}${step.port ? ` → ${step.port}` : ''}`);

  it('keeps input, output, port and time of every step', async () => {
    const { run, record } = await start(
      'kept',
      { a: set({ twice: '= record.score * 2' }), b: { type: 'flow.if', params: { when: 'vars.twice > 10' } } },
      [
        ['start', 'a'],
        ['a', 'b'],
      ],
      { score: 6 },
    );
    const { steps, run: row } = await run();
    expect(row).toMatchObject({ status: 'done', recordId: record.id });
    expect(steps[0]).toMatchObject({ node: 'a', seq: 1, status: 'done', input: { values: { twice: 12 } }, attempt: 1 });
    expect(steps[1]).toMatchObject({ node: 'b', seq: 2, port: 'yes' });
    expect(steps[0]?.startedAt).toBe(takt.clock.now());
  });

  it('waits by the clock and not longer', async () => {
    const { run } = await start('waiting', { w: { type: 'flow.wait', params: { for: 'PT2H' } }, a: set({ x: 1 }) }, [
      ['start', 'w'],
      ['w', 'a'],
    ]);
    expect((await run()).run).toMatchObject({ status: 'waiting', dueAt: takt.clock.now() + 2 * HOUR });
    expect(trail(await run())).toEqual(['w waiting']);
    await takt.pass(2 * HOUR - 1);
    expect((await run()).run.status).toBe('waiting');
    await takt.pass(1);
    expect((await run()).run.status).toBe('done');
    const [waited] = (await run()).steps;
    expect((waited?.endedAt ?? 0) - (waited?.startedAt ?? 0)).toBe(2 * HOUR);
    expect(waited?.input).not.toBeNull();
  });

  it('forks where several edges leave a port, and is done when every branch is', async () => {
    const { run } = await start('forking', { a: set({ x: 1 }), b: { type: 'flow.wait', params: { for: 'PT1H' } }, c: set({ y: 2 }) }, [
      ['start', 'a'],
      ['start', 'b'],
      ['b', 'c'],
    ]);
    expect((await run()).run.status).toBe('waiting');
    await takt.pass(HOUR);
    expect((await run()).run.status).toBe('done');
    expect(trail(await run())).toEqual(['a done → next', 'b done → next', 'c done → next']);
  });

  it('ends as a whole at flow.end, with its outcome, whatever else still waits', async () => {
    const { run } = await start(
      'ending',
      { b: { type: 'flow.wait', params: { for: 'PT1H' } }, e: { type: 'flow.end', params: { outcome: 'won by {{record.last_name}}' } } },
      [
        ['start', 'b'],
        ['start', 'e'],
      ],
    );
    expect((await run()).run).toMatchObject({ status: 'done', outcome: 'won by Иванов', dueAt: null });
  });

  it('goes out by the error port with the error in its data, and a failed step leaves no writes behind', async () => {
    const { run, record } = await start(
      'porting',
      { p: { type: 'test.picky', params: { least: 5 } }, a: set({ why: '= nodes.p.error.code' }) },
      [
        ['start', 'p'],
        ['p:error', 'a'],
      ],
      { score: 1 },
    );
    const details = await run();
    expect(trail(details)).toEqual(['p failed → error', 'a done → next']);
    expect(details.run.state.vars).toEqual({ why: 'NODE_FAILED' });
    expect((await takt.read(record.id)).last_name).toBe('Иванов');
  });

  it('fails without an error port, keeps its place, and is retried from the failed step', async () => {
    const { run, record } = await start(
      'failing',
      { a: set({ x: 1 }), p: { type: 'test.picky', params: { least: 5 } }, z: set({ y: 1 }) },
      [
        ['start', 'a'],
        ['a', 'p'],
        ['p', 'z'],
      ],
      { score: 1 },
    );
    expect((await run()).run).toMatchObject({
      status: 'failed',
      dueAt: null,
      error: { code: 'NODE_FAILED', node: 'p', message: 'Score 1 is too low.' },
    });
    await takt.update(record.id, { score: 9 });
    await takt.engine.runs.retry((await run()).run.id);
    await takt.pass(0);
    expect((await run()).run).toMatchObject({ status: 'done', error: null });
    expect(trail(await run())).toEqual(['a done → next', 'p failed', 'p done → next', 'z done → next']);
    await expect(takt.engine.runs.retry((await run()).run.id)).rejects.toMatchObject({ code: 'RUN_NOT_FAILED' });
  });

  it('is retried with all others that failed at the same node with the same code', async () => {
    const nodes = { p: { type: 'test.picky', params: { least: 5 } } };
    const { record } = await start('bulk', nodes, [['start', 'p']], { score: 1 });
    const other = await takt.create('lead', { last_name: 'Other', source: 'bulk', score: 2 });
    await takt.pass(0);
    const filter = { workflowId: 'bulk', node: 'p', code: 'NODE_FAILED' };
    expect(await takt.engine.runs.countFailed(filter)).toBe(2);
    expect(await takt.engine.runs.countFailed({ ...filter, node: 'z' })).toBe(0);
    for (const id of [record.id, other.id]) await takt.update(id, { score: 7 });
    expect(await takt.engine.runs.retryAll(filter)).toBe(2);
    await takt.pass(0);
    expect(await takt.engine.runs.countFailed({ workflowId: 'bulk' })).toBe(0);
  });

  it('tries a step with a retry policy again by itself, with growing delays, before it fails', async () => {
    const picky: JsonObject = {
      type: 'test.picky',
      params: { least: 5, transient: true },
      retry: { attempts: 3, first: 'PT1M', factor: 2 },
    };
    const { run } = await start('retrying', { p: picky }, [['start', 'p']], { score: 1 });
    const first = (await run()).run;
    expect(first.status).toBe('waiting');
    expect((first.dueAt ?? 0) - takt.clock.now()).toBeGreaterThanOrEqual(MINUTE / 2);
    await takt.pass(HOUR);
    const details = await run();
    expect(details.run.status).toBe('failed');
    expect(details.steps.map((step) => step.attempt)).toEqual([1, 2, 3]);
  });

  it('that enters a node more often than its maxVisits fails', async () => {
    const { run } = await start('circling', { a: { ...set({ x: 1 }), maxVisits: 3 }, b: { type: 'flow.if', params: { when: 'true' } } }, [
      ['start', 'a'],
      ['a', 'b'],
      ['b:yes', 'a'],
    ]);
    const details = await run();
    expect(details.run).toMatchObject({ status: 'failed', error: { code: 'RUN_VISITS', node: 'a' } });
    expect(details.steps.filter((step) => step.node === 'a' && step.status === 'done')).toHaveLength(3);
  });

  it('that is cancelled stays where it was, sends nothing more and cannot be cancelled twice', async () => {
    const { run } = await start('cancelling', { w: { type: 'flow.wait', params: { for: 'PT1H' } }, a: set({ x: 1 }) }, [
      ['start', 'w'],
      ['w', 'a'],
    ]);
    const { id } = (await run()).run;
    await takt.engine.runs.cancel(id);
    await takt.pass(2 * HOUR);
    expect(trail(await run())).toEqual(['w cancelled']);
    await expect(takt.engine.runs.cancel(id)).rejects.toMatchObject({ code: 'RUN_ENDED' });
    await expect(takt.engine.runs.cancel('no-uuid')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });

  it('stays on its version while new ones take the next, and a roll-back brings the old one back', async () => {
    const nodes = (value: number): Record<string, JsonObject> => ({ w: { type: 'flow.wait', params: { for: 'PT1H' } }, a: set({ value }) });
    const { run } = await start('versions', nodes(1), [
      ['start', 'w'],
      ['w', 'a'],
    ]);
    const trigger: JsonObject = {
      type: 'trigger.record',
      params: { entity: 'lead', on: ['created'], where: "record.source = 'versions'" },
    };
    await takt.publish(
      workflow('versions', { start: trigger, ...nodes(2) }, [
        ['start', 'w'],
        ['w', 'a'],
      ]),
    );
    const value = async (id: string) => (await takt.engine.runs.page({ recordId: id }, 1)).items[0];
    const second = await takt.create('lead', { last_name: 'B', source: 'versions' });
    await takt.engine.workflows.rollback('versions', 1);
    const third = await takt.create('lead', { last_name: 'C', source: 'versions' });
    await takt.pass(HOUR);
    expect((await run()).run).toMatchObject({ version: 1, state: { vars: { value: 1 } } });
    expect(await value(second.id)).toMatchObject({ version: 2, state: { vars: { value: 2 } } });
    expect(await value(third.id)).toMatchObject({ version: 1, state: { vars: { value: 1 } } });
    await expect(takt.engine.workflows.publish('versions', somebody)).resolves.toMatchObject({ version: 3 });
    await expect(takt.engine.workflows.publish('versions', somebody)).rejects.toMatchObject({ code: 'WORKFLOW_UNCHANGED' });
  });

  it('is made once for each record where the workflow says so, else for each event', async () => {
    const trigger: JsonObject = {
      type: 'trigger.record',
      params: { entity: 'lead', on: ['updated'], fields: ['score'], where: "record.source = 'reentry'" },
    };
    await takt.publish(
      workflow('once', { start: trigger, a: set({ x: 1 }) }, [['start', 'a']], { reentry: { mode: 'once' } }),
      workflow('always', { start: trigger, a: set({ x: 1 }) }, [['start', 'a']]),
    );
    const lead = await takt.create('lead', { last_name: 'R', source: 'reentry' });
    for (const score of [1, 2, 3]) await takt.update(lead.id, { score });
    await takt.pass(0);
    const count = async (workflowId: string) => (await takt.engine.runs.page({ workflowId }, 50)).items.length;
    expect([await count('once'), await count('always')]).toEqual([1, 3]);
  });

  it('of a paused workflow goes on, but no new one starts until it is resumed', async () => {
    const { run } = await start('pausing', { w: { type: 'flow.wait', params: { for: 'PT1H' } } }, [['start', 'w']]);
    await takt.engine.workflows.setStatus('pausing', 'paused');
    const missed = await takt.create('lead', { last_name: 'M', source: 'pausing' });
    await takt.engine.workflows.setStatus('pausing', 'active');
    const met = await takt.create('lead', { last_name: 'N', source: 'pausing' });
    await takt.pass(HOUR);
    expect((await run()).run.status).toBe('done');
    expect((await takt.engine.runs.page({ recordId: missed.id }, 5)).items).toEqual([]);
    expect((await takt.engine.runs.page({ recordId: met.id }, 5)).items).toHaveLength(1);
  });

  it('started by hand gets its input; without a manual trigger it is refused', async () => {
    await takt.publish(
      workflow('manual', { start: { type: 'trigger.manual' }, a: set({ x: '= event.data.input.wish' }) }, [['start', 'a']]),
    );
    const id = await takt.engine.runs.start('manual', somebody, { input: { wish: 'tea' } });
    await takt.pass(0);
    expect((await takt.engine.runs.get(id ?? '')).run).toMatchObject({ status: 'done', state: { vars: { x: 'tea' } } });
    await expect(takt.engine.runs.start('once', somebody)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_MANUAL' });
    await expect(takt.engine.runs.start('none', somebody)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_PUBLISHED' });
  });

  it('of a schedule starts at each of its times in its zone; what was missed is one run', async () => {
    const file = workflow(
      'hourly',
      {
        start: { type: 'trigger.schedule', params: { cron: '0 9 * * *', timezone: 'Europe/Moscow' } },
        a: set({ at: '= event.data.due_at' }),
      },
      [['start', 'a']],
    );
    await takt.publish(file);
    const begin = takt.clock.now();
    await takt.pass(3 * 24 * HOUR);
    const times = (await takt.engine.runs.page({ workflowId: 'hourly' }, 10)).items.map((run) => String(run.state.vars.at));
    expect(times).toHaveLength(3);
    for (const at of times) expect(at).toMatch(/T06:00:00/);
    takt.clock.advance(5 * 24 * HOUR);
    await takt.engine.drain();
    expect((await takt.engine.runs.page({ workflowId: 'hourly' }, 10)).items).toHaveLength(4);
    await takt.engine.workflows.setStatus('hourly', 'paused');
    await takt.pass(24 * HOUR);
    expect((await takt.engine.runs.page({ workflowId: 'hourly' }, 10)).items).toHaveLength(4);
    expect(takt.clock.now()).toBeGreaterThan(begin);
  });

  it.each([
    ['forward', '2027-03-27T12:00:00Z', ['2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z']],
    ['back', '2027-10-30T12:00:00Z', ['2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z']],
  ])('of a daily schedule starts once in the night in which the clocks go %s', async (direction, from, times) => {
    const start: JsonObject = { type: 'trigger.schedule', params: { cron: '30 2 * * *', timezone: 'Europe/Berlin' } };
    takt.clock.advance(Date.parse(from) - takt.clock.now());
    await takt.publish(workflow(`night-${direction}`, { start, a: set({ at: '= event.data.due_at' }) }, [['start', 'a']]));
    await takt.pass(48 * HOUR);
    const { items } = await takt.engine.runs.page({ workflowId: `night-${direction}` }, 10);
    expect(items.map((run) => run.state.vars.at).sort()).toEqual(times);
    await takt.engine.workflows.setStatus(`night-${direction}`, 'paused');
  });

  it('whose workflows start each other in a circle is refused with the chain, and nothing runs for ever', async () => {
    const flip = (id: string, from: string, to: string): JsonObject =>
      workflow(
        id,
        {
          start: {
            type: 'trigger.record',
            params: { entity: 'lead', on: ['updated'], fields: ['city'], where: `record.city = '${from}'` },
          },
          a: { type: 'record.update', params: { fields: { city: to } } },
        },
        [['start', 'a']],
      );
    await takt.publish(flip('ping', 'Омск', 'Томск'), flip('pong', 'Томск', 'Омск'));
    const lead = await takt.create('lead', { last_name: 'L' });
    await takt.update(lead.id, { city: 'Омск' });
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ recordId: lead.id }, 100);
    const refused = items.filter((run) => run.status === 'refused');
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({ error: { code: 'LOOP_DEPTH' } });
    expect(refused[0]?.chain.map((cause) => cause.workflow).slice(0, 3)).toEqual(['ping', 'pong', 'ping']);
    expect(items.length).toBeLessThan(20);
    for (const id of ['ping', 'pong']) await takt.engine.workflows.setStatus(id, 'paused');
  });

  it('that other workflows start too often on one record within an hour is refused; people may start it on', async () => {
    await takt.publish(
      workflow(
        'stirrer',
        {
          start: { type: 'trigger.manual', params: { entity: 'lead' } },
          a: { type: 'record.update', params: { fields: { city: '= event.data.input.city' } } },
        },
        [['start', 'a']],
      ),
      workflow(
        'stirred',
        { start: { type: 'trigger.record', params: { entity: 'lead', on: ['updated'], fields: ['city'] } }, a: set({ x: 1 }) },
        [['start', 'a']],
      ),
    );
    const lead = await takt.create('lead', { last_name: 'Much' });
    for (let i = 0; i < 62; i++) {
      await takt.engine.runs.start('stirrer', somebody, { recordId: lead.id, input: { city: `City ${i}` } });
      await takt.pass(0);
    }
    await takt.update(lead.id, { city: 'By hand' });
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ workflowId: 'stirred', recordId: lead.id }, 100);
    const refused = items.filter((run) => run.status === 'refused');
    expect([items.length, refused.length]).toEqual([63, 2]);
    expect(refused[0]).toMatchObject({ error: { code: 'LOOP_RATE' }, chain: [{ workflow: 'stirrer', node: 'a' }] });
    expect(items[0]?.status).toBe('done');
    await takt.engine.workflows.setStatus('stirred', 'paused');
  });

  it('whose condition cannot be evaluated is not started, and the record is written all the same', async () => {
    await takt.publish(
      workflow(
        'strict',
        { start: { ...onLeadCreated, params: { entity: 'lead', on: ['created'], where: '$number(source) > 1' } }, a: set({ x: 1 }) },
        [['start', 'a']],
      ),
    );
    const lead = await takt.create('lead', { last_name: 'S', source: 'not a number' });
    await takt.pass(0);
    expect((await takt.engine.runs.page({ recordId: lead.id }, 5)).items).toEqual([]);
    await takt.engine.workflows.setStatus('strict', 'paused');
  });
});
