import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.ts';
import { defineNode, readMark } from '../../engine/sdk.ts';
import { workOnce } from '../../engine/worker/worker.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { onLeadCreated, openTestEngine, somebody, type TestEngine, workflow } from './support.ts';
import { listen, startedOn } from './support-flow.ts';

/** Writes what no JSON column takes: the statement of the whole batch fails. */
const poisonNode = defineNode({
  type: 'test.poison',
  version: 1,
  title: 'Poison',
  description: 'Spoils the statement that writes its step.',
  params: Type.Object({}, { additionalProperties: false }),
  ports: ['next'],
  example: {},
  summary: () => 'poison',
  run(ctx) {
    // What a step gives is looked through; what an event says only the database refuses.
    if (ctx.record?.last_name === 'poison') ctx.emit('poison.made', 'x', { text: 'a\u0000b' });
    return { kind: 'next', port: 'next', output: 'fine' };
  },
});

/** Reads, asks for more data, then writes what it has read plus one. */
const counterNode = defineNode({
  type: 'test.counter',
  version: 1,
  title: 'Counter',
  description: 'Adds one to the score of another record.',
  params: Type.Object({ record: Type.String() }, { additionalProperties: false }),
  ports: ['next'],
  example: { record: 'x' },
  summary: () => 'counter',
  *run(ctx, params) {
    yield { kind: 'records', ids: [params.record] };
    const score = Number(ctx.read(params.record)?.score ?? 0);
    yield { kind: 'find', query: { entity: 'lead', match: { key: `none-${ctx.run.id}` }, limit: 1 } };
    ctx.update(params.record, { score: score + 1 });
    return { kind: 'next', port: 'next' };
  },
});

/** Reads a mark, asks for more data, then writes what it has read plus one. */
const tallyNode = defineNode({
  type: 'test.tally',
  version: 1,
  title: 'Tally',
  description: 'Counts its runs in a mark.',
  params: Type.Object({}, { additionalProperties: false }),
  ports: ['next'],
  example: {},
  summary: () => 'tally',
  *run(ctx) {
    const before = Number((yield* readMark(ctx, 'test:tally')) ?? 0);
    yield { kind: 'find', query: { entity: 'lead', match: { key: `none-${ctx.run.id}` }, limit: 1 } };
    ctx.setMark('test:tally', before + 1);
    return { kind: 'next', port: 'next', output: before };
  },
});

describe.each(databaseKinds)('many at once on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind, { nodes: [poisonNode, counterNode, tallyNode] });
  });
  afterAll(() => takt.close());

  const source = (name: string): JsonObject => ({
    ...onLeadCreated,
    params: { entity: 'lead', on: ['created'], where: `source = '${name}'` },
  });
  const leads = (count: number, data: JsonObject) =>
    takt.engine.intake.submit(
      Array.from({ length: count }, (_, i) => ({
        kind: 'create' as const,
        entity: 'lead',
        data: { last_name: `L${i}`, ...data },
        onExisting: 'error' as const,
      })),
      somebody,
    );
  /** Several engines, as several processes would, work until nothing is due. */
  async function workTogether(count: number): Promise<void> {
    const engines = [takt.engine, ...Array.from({ length: count - 1 }, () => takt.another())];
    for (;;) {
      const moved = await Promise.all(engines.map((engine) => workOnce(engine.ports)));
      if (moved.every((result) => result.moved + result.postponed === 0)) return;
    }
  }

  it('a round-robin shared by several workers gives each person the same number, give or take none', async () => {
    const users: string[] = [];
    for (const name of ['A', 'B', 'C']) users.push((await takt.create('user', { name, active: true })).id);
    await takt.create('team', { key: 'rr', name: 'RR', members: users });
    await takt.publish(
      workflow('rr', { start: source('rr'), a: { type: 'assign.owner', params: { pool: { team: 'rr' }, strategy: ['round_robin'] } } }, [
        ['start', 'a'],
      ]),
    );
    await leads(600, { source: 'rr' });
    await workTogether(3);
    const counts = await Promise.all(
      users.map(async (owner) => (await takt.engine.records.page({ entity: 'lead', owner }, 300)).items.length),
    );
    expect(counts).toEqual([200, 200, 200]);
  });

  it('no worker passes anybody’s capacity or daily cap, also through another pool, and who has least gets the next', async () => {
    const users: string[] = [];
    for (const name of ['D', 'E', 'F', 'G']) users.push((await takt.create('user', { name, active: true })).id);
    await takt.create('team', { key: 'full', name: 'Full', members: users });
    await takt.create('team', { key: 'half', name: 'Half', members: users.slice(2) });
    const rules = (team: string, eligibility: JsonObject) => ({
      pool: { team },
      eligibility,
      strategy: [{ least: 'open' }, 'round_robin'],
    });
    const capacity = { capacity: { load: 'open', max: 40 } };
    const nodes = {
      start: source('full'),
      which: { type: 'flow.switch', params: { cases: [{ port: 'half', when: 'record.budget.amount = 1' }] } },
      full: { type: 'assign.owner', params: rules('full', { ...capacity, caps: { day: 30 } }) },
      half: { type: 'assign.owner', params: rules('half', capacity) },
    };
    await takt.publish(
      workflow('full', nodes, [
        ['start', 'which'],
        ['which:half', 'half'],
        ['which:else', 'full'],
      ]),
    );
    await Promise.all([leads(40, { source: 'full', budget: { amount: 1, currency: 'RUB' } }), leads(150, { source: 'full' })]);
    await workTogether(4);
    const counts = await Promise.all(
      users.map((owner) => takt.engine.records.page({ entity: 'lead', owner }, 300).then(({ items }) => items.length)),
    );
    expect(counts.slice(0, 2)).toEqual([30, 30]);
    for (const count of counts.slice(2)) expect(count).toBeLessThanOrEqual(40);
    expect(Math.abs((counts[2] ?? 0) - (counts[3] ?? 0))).toBeLessThanOrEqual(1);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(120);
  });

  it('steps that read and write one record lose no update, in one batch and across workers', async () => {
    const target = await takt.create('lead', { last_name: 'Target', score: 0 });
    await takt.publish(
      workflow('count', { start: source('count'), c: { type: 'test.counter', params: { record: target.id } } }, [['start', 'c']]),
    );
    await leads(150, { source: 'count' });
    await workTogether(3);
    expect((await takt.read(target.id)).score).toBe(150);
  });

  it('steps that read a mark, wait for data and write it lose no update', async () => {
    await takt.publish(workflow('tally', { start: source('tally'), t: { type: 'test.tally' } }, [['start', 't']]));
    await leads(150, { source: 'tally' });
    await workTogether(3);
    const runs = (await takt.engine.runs.page({ workflowId: 'tally' }, 200)).items.map(({ id }) => id);
    const outputs = await takt.engine.ports.database.store.outputsOfNodes(runs, ['t']);
    expect(outputs.map(({ output }) => Number(output)).sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, i) => i));
  });

  it('a run that spoils the statement of its batch fails alone; the others are written', async () => {
    await listen(takt, 'antidote', { type: 'trigger.failed' });
    const nodes = { start: source('poison'), p: { type: 'test.poison' } };
    await takt.publish(workflow('poison', nodes, [['start', 'p']], { errorWorkflow: 'antidote' }));
    await leads(20, { source: 'poison' });
    await leads(1, { source: 'poison', last_name: 'poison' });
    await leads(20, { source: 'poison' });
    await workTogether(1);
    const { items } = await takt.engine.runs.page({ workflowId: 'poison' }, 100);
    expect(items.filter((run) => run.status === 'done')).toHaveLength(40);
    const failed = items.filter((run) => run.status === 'failed');
    expect(failed).toHaveLength(1);
    expect(failed[0]).toMatchObject({ error: { code: 'RUN_COMMIT_FAILED' } });
    expect(await startedOn(takt, 'antidote')).toEqual([failed[0]?.recordId]);
  });

  it('an event that is posted a hundred times with one key starts one run', async () => {
    await takt.publish(
      workflow(
        'hook',
        {
          start: { type: 'trigger.webhook', params: { hook: 'form' } },
          a: { type: 'data.set', params: { values: { name: '= event.data.body.name' } } },
        },
        [['start', 'a']],
      ),
    );
    const post = () =>
      takt.engine.intake.submitOne(
        { kind: 'event', type: 'webhook.received', topic: 'form', data: { body: { name: 'Ада' } }, key: 'delivery-1' },
        somebody,
      );
    const answers = await Promise.all(Array.from({ length: 100 }, post));
    await workTogether(2);
    expect(answers.filter((answer) => answer.kind === 'event' && !answer.duplicate)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.kind === 'event' && answer.id)).size).toBe(1);
    expect((await takt.engine.runs.page({ workflowId: 'hook' }, 10)).items).toMatchObject([
      { status: 'done', state: { vars: { name: 'Ада' } } },
    ]);
  });

  it('two who create a record with the same key get one record and one refusal', async () => {
    const twice = await takt.engine.intake.submit(
      ['a', 'b'].map((last_name) => ({ kind: 'create', entity: 'lead', data: { key: 'same', last_name }, onExisting: 'error' })),
      somebody,
    );
    expect(twice.map((outcome) => (outcome.ok ? 'made' : outcome.error.code))).toEqual(['made', 'RECORD_KEY_TAKEN']);
    const across = await Promise.all(
      [takt.engine, takt.another()].map((engine) =>
        engine.intake.submit([{ kind: 'create', entity: 'lead', data: { key: 'across', last_name: 'x' }, onExisting: 'error' }], somebody),
      ),
    );
    expect(
      across
        .flat()
        .map((outcome) => (outcome.ok ? 'made' : outcome.error.code))
        .sort(),
    ).toEqual(['RECORD_KEY_TAKEN', 'made']);
  });

  it('a version that one process publishes is in force for the very next event of another', async () => {
    const other = takt.another();
    const file = (value: number): JsonObject =>
      workflow('shared', { start: source('shared'), a: { type: 'data.set', params: { values: { value } } } }, [['start', 'a']]);
    const versions: number[] = [];
    for (const value of [1, 2]) {
      await takt.publish(file(value));
      await other.intake.submitOne(
        { kind: 'create', entity: 'lead', data: { last_name: 'S', source: 'shared' }, onExisting: 'error' },
        somebody,
      );
      versions.push((await takt.engine.runs.page({ workflowId: 'shared' }, 1)).items[0]?.version ?? 0);
    }
    expect(versions).toEqual([1, 2]);
    await other.entities.addFields('lead', { fresh: { type: 'number', title: 'Fresh' } });
    expect(await takt.create('lead', { last_name: 'T', fresh: 5 })).toMatchObject({ fresh: 5 });
    await workTogether(2);
  });

  it('one bad change among many is refused by itself', async () => {
    const outcomes = await takt.engine.intake.submit(
      [
        { kind: 'create', entity: 'lead', data: { last_name: 'good' }, onExisting: 'error' },
        { kind: 'create', entity: 'lead', data: { nonsense: 1 }, onExisting: 'error' },
        { kind: 'create', entity: 'leda', data: {}, onExisting: 'error' },
        { kind: 'update', id: '00000000-0000-7000-8000-000000000000', data: {} },
        { kind: 'event', type: 'Bad Type', topic: '', data: {} },
      ],
      somebody,
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual([
      'ok',
      'RECORD_INVALID',
      'ENTITY_UNKNOWN',
      'RECORD_NOT_FOUND',
      'EVENT_INVALID',
    ]);
  });

  it('an event whose type the database could not even be asked about is refused by itself', async () => {
    const types = ['a\u0000b', 'order.paid', 'x'.repeat(101)];
    const outcomes = await takt.engine.intake.submit(
      types.map((type) => ({ kind: 'event', type, topic: '', data: {} })),
      somebody,
    );
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.code))).toEqual(['EVENT_INVALID', 'ok', 'EVENT_INVALID']);
  });

  it('an event is found or finds the wait, however the two get in each other’s way', async () => {
    const wait: JsonObject = {
      type: 'flow.wait_event',
      params: { events: [{ event: 'message.answered' }], since: 'enrolment', timeout: 'P1D' },
    };
    const start: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: "record.source = 'race'" } };
    await takt.publish(
      workflow('race', { start, wait, yes: { type: 'flow.end', params: { outcome: 'answered' } } }, [
        ['start', 'wait'],
        ['wait', 'yes'],
      ]),
    );
    const engines = [takt.engine, takt.another(), takt.another()];
    const answer = async (engine: Engine, id: string): Promise<void> => {
      await engine.intake.submitOne({ kind: 'event', type: 'message.answered', topic: 'email', data: {}, recordId: id }, somebody);
    };
    for (let round = 0; round < 10; round++) {
      const leads = await Promise.all(Array.from({ length: 12 }, (_, i) => takt.create('lead', { last_name: `R${i}`, source: 'race' })));
      // The first steps of the runs, and the events that they are to hear of, at the same time.
      await Promise.all([
        ...engines.map((engine) => engine.drain()),
        ...leads.map(({ id }, i) => answer(engines[i % 3] ?? takt.engine, id)),
      ]);
    }
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ workflowId: 'race' }, 200);
    expect(items.map((run) => run.outcome)).toEqual(Array.from({ length: 120 }, () => 'answered'));
  });

  it('one run at a time is in a critical section, and each gets its turn, with three workers', async () => {
    const start: JsonObject = { type: 'trigger.record', params: { entity: 'lead', on: ['created'], where: "record.source = 'section'" } };
    const nodes: Record<string, JsonObject> = {
      start,
      lock: { type: 'flow.lock', params: { key: 'the section' } },
      read: { type: 'record.find', params: { entity: 'company', match: { key: 'counter' } } },
      pause: { type: 'flow.wait', params: { for: 'PT1S' } },
      write: { type: 'record.update', params: { record: '= nodes.read.id', fields: { employees: '= nodes.read.record.employees + 1' } } },
      unlock: { type: 'flow.unlock', params: { key: 'the section' } },
    };
    const order = ['start', 'lock', 'read', 'pause', 'write', 'unlock'];
    await takt.publish(
      workflow(
        'section',
        nodes,
        order.slice(1).map((node, i) => [order[i] ?? '', node]),
      ),
    );
    const counter = await takt.create('company', { name: 'Counter', key: 'counter', employees: 0 });
    await Promise.all(Array.from({ length: 15 }, (_, i) => takt.create('lead', { last_name: `S${i}`, source: 'section' })));
    const engines = [takt.engine, takt.another(), takt.another()];
    for (let second = 0; second < 16; second++) {
      await Promise.all(engines.map((engine) => engine.drain()));
      await takt.pass(1_000);
    }
    // Between reading and writing a second passes: without the section most of the additions would be lost.
    expect(await takt.read(counter.id)).toMatchObject({ employees: 15 });
  });
});
