import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../engine/runtime/change.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';
import { emit, outcomeOf, set, startOn } from './support-flow.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe.each(databaseKinds)('a wait on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const end = (outcome: string): JsonObject => ({ type: 'flow.end', params: { outcome } });
  const answered: JsonObject = {
    type: 'flow.wait_event',
    params: { events: [{ event: 'message.answered' }], timeout: 'P3D' },
  };
  const both: [string, string][] = [
    ['start', 'wait'],
    ['wait', 'yes'],
    ['wait:timeout', 'no'],
  ];

  it('for an event ends with the event, which is its output', async () => {
    const nodes = {
      wait: answered,
      said: set({ text: '= nodes.wait.event.data.text' }),
      yes: end('answered {{vars.text}}'),
      no: end('silent'),
    };
    const { record, run } = await startOn(takt, 'event-comes', nodes, [
      ['start', 'wait'],
      ['wait', 'said'],
      ['said', 'yes'],
      ['wait:timeout', 'no'],
    ]);
    await takt.pass(DAY);
    expect((await run()).run.status).toBe('waiting');
    await emit(takt, 'message.answered', record.id, { text: 'gladly' });
    expect(await outcomeOf(run)).toEqual(['done', 'answered gladly']);
  });

  it('for an event ends at its time when none comes, and a late event changes nothing', async () => {
    const { record, run } = await startOn(takt, 'event-late', { wait: answered, yes: end('answered'), no: end('silent') }, both);
    await takt.pass(3 * DAY - 1);
    expect((await run()).run.status).toBe('waiting');
    await takt.pass(1);
    expect(await outcomeOf(run)).toEqual(['done', 'silent']);
    await emit(takt, 'message.answered', record.id);
    expect(await outcomeOf(run)).toEqual(['done', 'silent']);
  });

  it('for an event about a record hears of no other record, no other type and no other topic', async () => {
    const wait: JsonObject = { type: 'flow.wait_event', params: { events: [{ event: 'message.opened', topic: 'email' }], timeout: 'P1D' } };
    const { record, run } = await startOn(takt, 'event-other', { wait, yes: end('opened'), no: end('silent') }, both);
    const other = await takt.create('lead', { last_name: 'Other' });
    await emit(takt, 'message.opened', other.id, {}, 'email');
    await emit(takt, 'message.clicked', record.id, {}, 'email');
    await emit(takt, 'message.opened', record.id, {}, 'sms');
    expect((await run()).run.status).toBe('waiting');
    await emit(takt, 'message.opened', record.id, {}, 'email');
    expect(await outcomeOf(run)).toEqual(['done', 'opened']);
  });

  it('for an event with a condition goes on waiting until one meets it, and leaves by the port of what came', async () => {
    const wait: JsonObject = {
      type: 'flow.wait_event',
      params: {
        events: [
          { event: 'message.clicked', where: "event.data.link = record.source & '/price'", port: 'price' },
          { event: 'message.answered', port: 'answer' },
        ],
        timeout: 'P3D',
      },
    };
    const { record, run } = await startOn(takt, 'event-where', { wait, price: end('price'), answer: end('answer') }, [
      ['start', 'wait'],
      ['wait:price', 'price'],
      ['wait:answer', 'answer'],
    ]);
    await emit(takt, 'message.clicked', record.id, { link: 'x' });
    await takt.pass(DAY);
    expect((await run()).run).toMatchObject({ status: 'waiting', dueAt: takt.clock.now() + 2 * DAY });
    await emit(takt, 'message.clicked', record.id, { link: 'event-where/price' });
    expect(await outcomeOf(run)).toEqual(['done', 'price']);
  });

  it('for an event with a condition hears of each of several that come at once', async () => {
    const wait: JsonObject = {
      type: 'flow.wait_event',
      params: { events: [{ event: 'message.clicked', where: "event.data.link = 'price'" }], timeout: 'P3D' },
    };
    const { record, run } = await startOn(takt, 'events-at-once', { wait, yes: end('price'), no: end('silent') }, both);
    const clicks = ['imprint', 'jobs', 'price', 'imprint'].map(
      (link): Change => ({ kind: 'event', type: 'message.clicked', topic: 'email', recordId: record.id, data: { link } }),
    );
    await takt.engine.intake.submit(clicks, somebody);
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'price']);
    const steps = (await run()).steps.filter(({ node }) => node === 'wait');
    expect(steps).toMatchObject([{ status: 'done', port: 'came', output: { event: { data: { link: 'price' } } } }]);
  });

  it('for an event goes on where none of several that come at once meets its condition', async () => {
    const wait: JsonObject = {
      type: 'flow.wait_event',
      params: { events: [{ event: 'message.clicked', where: "event.data.link = 'price'" }], timeout: 'P3D' },
    };
    const { record, run } = await startOn(takt, 'none-at-once', { wait, yes: end('price'), no: end('silent') }, both);
    const click = (link: string): Change => ({
      kind: 'event',
      type: 'message.clicked',
      topic: 'email',
      recordId: record.id,
      data: { link },
    });
    await takt.engine.intake.submit([click('imprint'), click('jobs')], somebody);
    await takt.pass(DAY);
    expect((await run()).run).toMatchObject({ status: 'waiting', dueAt: takt.clock.now() + 2 * DAY });
    await takt.engine.intake.submit([click('jobs'), click('price')], somebody);
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'price']);
  });

  it('for an event counts one that came before the wait began only where it is asked to', async () => {
    const since = { type: 'flow.wait_event', params: { events: [{ event: 'message.opened' }], since: 'enrolment', timeout: 'P1D' } };
    const nodes = { first: { type: 'flow.wait', params: { for: 'PT1H' } }, yes: end('opened'), no: end('silent') };
    const edges: [string, string][] = [['start', 'first'], ['first', 'wait'], ...both.slice(1)];
    const asked = await startOn(takt, 'since-enrolment', { ...nodes, wait: since }, edges);
    const plain = await startOn(
      takt,
      'since-now',
      { ...nodes, wait: { ...since, params: { events: [{ event: 'message.opened' }], timeout: 'P1D' } } },
      edges,
    );
    for (const { record } of [asked, plain]) await emit(takt, 'message.opened', record.id);
    await takt.pass(HOUR);
    expect(await outcomeOf(asked.run)).toEqual(['done', 'opened']);
    expect((await plain.run()).run.status).toBe('waiting');
    await takt.pass(DAY);
    expect(await outcomeOf(plain.run)).toEqual(['done', 'silent']);
  });

  it('for an event without a record finds it by a value of its data', async () => {
    const wait: JsonObject = {
      type: 'flow.wait_event',
      params: { events: [{ event: 'payment.received' }], key: { field: 'order', equals: '= record.source' }, timeout: 'P5D' },
    };
    const { run } = await startOn(takt, 'order-77', { wait, yes: end('paid'), no: end('unpaid') }, both);
    await emit(takt, 'payment.received', undefined, { order: 'order-78' });
    expect((await run()).run.status).toBe('waiting');
    await emit(takt, 'payment.received', undefined, { order: 'order-77' });
    expect(await outcomeOf(run)).toEqual(['done', 'paid']);
  });

  it('until a condition holds ends with the change that makes it true, also of a record that refers to the run’s', async () => {
    const wait: JsonObject = { type: 'flow.wait_until', params: { when: 'record.score >= 50', timeout: 'P9D' } };
    const { record, run } = await startOn(takt, 'until', { wait, yes: end('warm'), no: end('cold') }, both);
    await takt.update(record.id, { score: 49 });
    await takt.pass(DAY);
    expect((await run()).run.status).toBe('waiting');
    await takt.update(record.id, { score: 50 });
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'warm']);
  });

  it('until a condition holds that holds already does not wait', async () => {
    const wait: JsonObject = { type: 'flow.wait_until', params: { when: 'record.score >= 50' } };
    const { run } = await startOn(takt, 'until-already', { wait, yes: end('warm') }, both.slice(0, 2), { score: 80 });
    expect(await outcomeOf(run)).toEqual(['done', 'warm']);
  });

  it('of many runs ends for each of them when one transaction brings all their events', async () => {
    const { record } = await startOn(takt, 'crowd', { wait: answered, yes: end('answered'), no: end('silent') }, both);
    const others = await Promise.all(Array.from({ length: 20 }, (_, i) => takt.create('lead', { last_name: `L${i}`, source: 'crowd' })));
    await takt.pass(0);
    await Promise.all([record, ...others].map(({ id }) => emit(takt, 'message.answered', id)));
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ workflowId: 'crowd' }, 50);
    expect(items.map((run) => run.outcome)).toEqual(Array.from({ length: 21 }, () => 'answered'));
  });

  it('leaves nothing in the table of waits when its run has ended', async () => {
    const { record, run } = await startOn(takt, 'tidy', { wait: answered, yes: end('answered'), no: end('silent') }, both);
    const correlation = `record:${record.id}`;
    expect(await takt.engine.ports.database.store.waitsFor(['message.answered'], [correlation])).toHaveLength(1);
    await takt.engine.runs.cancel((await run()).run.id);
    expect(await takt.engine.ports.database.store.waitsFor(['message.answered'], [correlation])).toEqual([]);
  });

  it('in a paused run hears of its event when the run is resumed, and time does not pass for nothing', async () => {
    const { record, run } = await startOn(takt, 'pausing', { wait: answered, yes: end('answered'), no: end('silent') }, both);
    const { id } = (await run()).run;
    await takt.engine.runs.pause(id);
    await emit(takt, 'message.answered', record.id);
    await takt.pass(5 * DAY);
    expect((await run()).run).toMatchObject({ status: 'paused', dueAt: null });
    await expect(takt.engine.runs.pause(id)).rejects.toMatchObject({ code: 'RUN_CANNOT_PAUSE' });
    await takt.engine.runs.resume(id);
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'answered']);
    await expect(takt.engine.runs.resume(id)).rejects.toMatchObject({ code: 'RUN_NOT_PAUSED' });
  });

  it('for a workflow that was called ends with its outcome and output; a failed one leaves by "failed"', async () => {
    await takt.publish(
      workflow(
        'callee',
        {
          start: { type: 'trigger.call', params: { entity: 'lead' } },
          wait: { type: 'flow.wait', params: { for: '= event.data.input.for' } },
          end: { type: 'flow.end', params: { outcome: 'fine', output: { score: '= record.score * 2' } } },
        },
        [
          ['start', 'wait'],
          ['wait', 'end'],
        ],
      ),
    );
    const call = (length: string): JsonObject => ({ type: 'flow.call', params: { workflow: 'callee', input: { for: length } } });
    const after = {
      got: set({ score: '= nodes.call.output.score', how: '= nodes.call.outcome' }),
      bad: end('failed: {{nodes.call.output.code}}'),
    };
    const edges: [string, string][] = [
      ['start', 'call'],
      ['call', 'got'],
      ['call:failed', 'bad'],
    ];
    const good = await startOn(takt, 'caller', { call: call('PT1H'), ...after }, edges, { score: 21 });
    const bad = await startOn(takt, 'caller-bad', { call: call('nonsense'), ...after }, edges);
    expect(await outcomeOf(bad.run)).toEqual(['done', 'failed: NODE_PARAMS']);
    expect((await good.run()).run.status).toBe('waiting');
    await takt.pass(HOUR);
    expect((await good.run()).run.state.vars).toEqual({ score: 42, how: 'fine' });
  });

  it('for a workflow that was called is cancelled with the run, and so is the one that was called', async () => {
    const { record, run } = await startOn(
      takt,
      'caller-cancelled',
      { call: { type: 'flow.call', params: { workflow: 'callee', input: { for: 'P1D' } } } },
      [['start', 'call']],
    );
    await takt.engine.runs.cancel((await run()).run.id);
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ recordId: record.id }, 10);
    expect(items.map((one) => one.status)).toEqual(['cancelled', 'cancelled']);
  });

  it('for a workflow that calls itself for ever ends with an error that names the chain', async () => {
    await takt.publish(
      workflow('endless', { start: { type: 'trigger.call' }, again: { type: 'flow.call', params: { workflow: 'endless' } } }, [
        ['start', 'again'],
      ]),
    );
    const { run } = await startOn(takt, 'endless-start', { call: { type: 'flow.call', params: { workflow: 'endless' } } }, [
      ['start', 'call'],
    ]);
    expect((await run()).run).toMatchObject({ status: 'failed', error: { code: 'CALL_FAILED', node: 'call' } });
    const { items } = await takt.engine.runs.page({ workflowId: 'endless' }, 50);
    expect(items[0]).toMatchObject({ status: 'refused', error: { code: 'LOOP_DEPTH', message: expect.stringContaining('endless/again') } });
  });
});
