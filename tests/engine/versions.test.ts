import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';
import { set } from './support-flow.ts';

const HOUR = 3_600_000;

describe.each(databaseKinds)('versions on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const end = (outcome: string): JsonObject => ({ type: 'flow.end', params: { outcome } });
  const trigger = (name: string): JsonObject => ({
    type: 'trigger.record',
    params: { entity: 'lead', on: ['created'], where: `record.source = '${name}'` },
  });
  const wait = (length: string): JsonObject => ({ type: 'flow.wait', title: 'A while', params: { for: length } });
  const create = (name: string, count: number) =>
    Promise.all(Array.from({ length: count }, (_, i) => takt.create('lead', { last_name: `L${i}`, source: name })));
  const runs = async (workflowId: string) => (await takt.engine.runs.page({ workflowId }, 200)).items;

  it('running runs go on in a newer version where their nodes are there; the plan says before who cannot and why', async () => {
    const first = workflow('moving', { start: trigger('moving'), a: wait('PT1H'), b: wait('PT1H'), old: end('old') }, [
      ['start', 'a'],
      ['a', 'b'],
      ['b', 'old'],
    ]);
    await takt.publish(first);
    await create('moving', 3);
    await takt.pass(HOUR);
    await create('moving', 2);
    await takt.pass(0);
    await takt.publish(
      workflow('moving', { start: trigger('moving'), a: wait('PT1H'), fresh: end('new') }, [
        ['start', 'a'],
        ['a', 'fresh'],
      ]),
    );
    const plan = await takt.engine.versions.movePlan({ workflowId: 'moving', from: 1, to: 2 });
    expect(plan).toEqual({
      from: 1,
      to: 2,
      runs: 5,
      movable: 2,
      places: [
        { node: 'b', title: 'A while', waits: 'time', runs: 3, movable: false, reason: 'Version 2 has no node "b".' },
        { node: 'a', title: 'A while', waits: 'time', runs: 2, movable: true, reason: null },
      ],
    });
    const job = await takt.engine.versions.move({ workflowId: 'moving', from: 1, to: 2 }, somebody);
    await takt.pass(0);
    expect(await takt.engine.jobs.get(job.id)).toMatchObject({ status: 'done', done: 5, failed: 3, total: 5 });
    await takt.pass(HOUR);
    expect((await runs('moving')).map((run) => [run.version, run.outcome]).sort()).toEqual([
      [1, 'old'],
      [1, 'old'],
      [1, 'old'],
      [2, 'new'],
      [2, 'new'],
    ]);
  });

  it('what another process publishes or defines holds for the next change here', async () => {
    const other = takt.another();
    const file = (outcome: string): JsonObject =>
      workflow('elsewhere', { start: trigger('elsewhere'), over: end(outcome) }, [['start', 'over']]);
    await takt.publish(file('first'));
    await create('elsewhere', 1);
    await other.workflows.saveDraft(file('second'));
    await other.workflows.publish('elsewhere', somebody);
    await create('elsewhere', 1);
    expect((await runs('elsewhere')).map((run) => run.version).sort()).toEqual([1, 2]);

    await other.entities.define({ name: 'yacht', title: 'Yacht', fields: { name: { type: 'text', title: 'Name' } } });
    expect(await takt.create('yacht', { name: 'Alba' })).toMatchObject({ name: 'Alba' });
  });

  it('a node that has another name there is found by the mapping; another type is refused', async () => {
    await takt.publish(
      workflow('mapped', { start: trigger('mapped'), x: set({ x: 1 }), a: wait('PT1H'), z: end('{{nodes.x.x}}') }, [
        ['start', 'x'],
        ['x', 'a'],
        ['a', 'z'],
      ]),
    );
    await create('mapped', 1);
    await takt.pass(0);
    await takt.publish(
      workflow('mapped', { start: trigger('mapped'), y: set({ x: 1 }), pause: wait('PT1H'), z: end('{{nodes.y.x}}') }, [
        ['start', 'y'],
        ['y', 'pause'],
        ['pause', 'z'],
      ]),
    );
    const at = async (mapping: Record<string, string>) => {
      const { places } = await takt.engine.versions.movePlan({ workflowId: 'mapped', from: 1, to: 2, mapping });
      return places.map((place) => place.reason);
    };
    expect(await at({})).toEqual(['Version 2 has no node "a".']);
    expect(await at({ a: 'z' })).toEqual(['"z" is flow.end there, not flow.wait.']);
    expect(await at({ a: 'pause' })).toEqual([null]);
    await takt.engine.versions.move({ workflowId: 'mapped', from: 1, to: 2, mapping: { a: 'pause', x: 'y' } }, somebody);
    await takt.pass(HOUR);
    expect((await runs('mapped')).map((run) => [run.version, run.outcome])).toEqual([[2, '1']]);
  });

  it('a run that failed is retried on its own version, or on the newest where that has mended the cause', async () => {
    const picky = (divisor: string) => set({ x: `= 1 / ${divisor}` });
    await takt.publish(
      workflow('mending', { start: trigger('mending'), a: set({ before: 1 }), b: picky('0'), c: end('done') }, [
        ['start', 'a'],
        ['a', 'b'],
        ['b', 'c'],
      ]),
    );
    await create('mending', 3);
    await takt.pass(0);
    expect((await runs('mending')).map((run) => run.status)).toEqual(['failed', 'failed', 'failed']);
    await takt.publish(
      workflow('mending', { start: trigger('mending'), a: set({ before: 1 }), b: picky('2'), c: end('done') }, [
        ['start', 'a'],
        ['a', 'b'],
        ['b', 'c'],
      ]),
    );
    const [one] = await runs('mending');
    await takt.engine.runs.retry(one?.id ?? '');
    await takt.pass(0);
    expect((await takt.engine.runs.get(one?.id ?? '')).run).toMatchObject({ status: 'failed', version: 1 });
    await takt.engine.runs.retry(one?.id ?? '', 'newest');
    await takt.pass(0);
    const retried = await takt.engine.runs.get(one?.id ?? '');
    expect(retried.run).toMatchObject({ status: 'done', version: 2, outcome: 'done' });
    expect(retried.steps.filter((step) => step.node === 'a')).toHaveLength(1);
    expect(await takt.engine.runs.retryAll({ workflowId: 'mending' }, undefined, 'newest')).toBe(2);
    await takt.pass(0);
    expect((await runs('mending')).map((run) => run.outcome)).toEqual(['done', 'done', 'done']);
  });

  it('a retry on a version that lacks the failed node is refused with the reason', async () => {
    await takt.publish(workflow('lacking', { start: trigger('lacking'), b: set({ x: '= 1 / 0' }) }, [['start', 'b']]));
    await create('lacking', 1);
    await takt.pass(0);
    await takt.publish(workflow('lacking', { start: trigger('lacking'), c: set({ x: 1 }) }, [['start', 'c']]));
    const [run] = await runs('lacking');
    await expect(takt.engine.runs.retry(run?.id ?? '', 'newest')).rejects.toMatchObject({
      code: 'RUN_CANNOT_MOVE',
      message: 'Version 2 has no node "b".',
      place: { node: 'b' },
    });
  });

  it('a workflow is started by hand on all records that fit, each once, with progress', async () => {
    await takt.publish(
      workflow('bulk', { start: { type: 'trigger.manual', params: { entity: 'contact' } }, x: set({ n: '= event.data.input.n' }) }, [
        ['start', 'x'],
      ]),
    );
    const people = Array.from({ length: 1_203 }, (_, i) => ({
      kind: 'create' as const,
      entity: 'contact',
      data: { last_name: `C${i}`, score: i },
      onExisting: 'error' as const,
    }));
    await takt.engine.intake.submit(people, somebody);
    const job = await takt.engine.jobs.startBulk(
      { workflowId: 'bulk', entity: 'contact', where: 'score >= 100', input: { n: 7 } },
      somebody,
    );
    expect(job).toMatchObject({ status: 'running', total: 1_203, done: 0 });
    await takt.engine.drain();
    expect(await takt.engine.jobs.get(job.id)).toMatchObject({ status: 'done', done: 1_203, failed: 0 });
    let count = 0;
    let cursor: string | undefined;
    do {
      const page = await takt.engine.runs.page({ workflowId: 'bulk', status: 'done' }, 200, cursor);
      count += page.items.length;
      expect(page.items.every((run) => run.state.vars.n === 7)).toBe(true);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(count).toBe(1_103);
    await expect(takt.engine.jobs.cancel(job.id)).rejects.toMatchObject({ code: 'JOB_ENDED' });
  });
});
