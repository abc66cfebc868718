/** Triggers by which workflows hear of each other: failures, silence, calls. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../schemas/json.ts';
import { databaseKinds } from '../../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from '../support.ts';
import { listen, runsOf, set, startedOn } from '../support-flow.ts';

const HOUR = 3_600_000;

/** What every run does that is to fail: an expression that cannot be evaluated. */
const broken: JsonObject = set({ x: '= record.last_name > 5' });
const onEvent = (event: string): JsonObject => ({ type: 'trigger.event', params: { event, topic: '*' } });

describe.each(databaseKinds)('on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const fail = async (type: string, recordId: string): Promise<void> => {
    await takt.engine.intake.submitOne({ kind: 'event', type, topic: '', data: {}, recordId }, somebody);
    await takt.pass(0);
  };
  const failing = (id: string, settings: JsonObject = {}) =>
    takt.publish(workflow(id, { start: onEvent(id), bad: broken }, [['start', 'bad']], settings));
  const failed = (params: JsonObject): JsonObject => ({ type: 'trigger.failed', params });
  const lead = () => takt.create('lead', { last_name: 'Doe' });
  const pauseAll = async (...ids: string[]): Promise<void> => {
    for (const id of ids) await takt.engine.workflows.setStatus(id, 'paused');
  };

  describe('trigger.failed', () => {
    it('starts in the workflow that the failed one names, on the same record, with what went wrong', async () => {
      await listen(takt, 'named', failed({}));
      await failing('names', { errorWorkflow: 'named' });
      await failing('names-nobody');
      const { id } = await lead();
      await fail('names', id);
      await fail('names-nobody', id);
      const [run, ...others] = await runsOf(takt, 'named');
      expect(others).toEqual([]);
      const [bad] = await runsOf(takt, 'names');
      expect(run).toMatchObject({ status: 'done', recordId: id });
      const { items } = await takt.engine.events.page({ recordId: id, type: 'run.failed.for' }, 5);
      expect(items.map((event) => event.data)).toMatchObject([{ workflow: 'names', run: bad?.id, node: 'bad', code: 'EXPR_RUNTIME' }]);
    });

    it('starts by the workflow that it watches, and by every one with *, where its condition holds', async () => {
      await listen(takt, 'watches-one', failed({ workflow: 'watched-one' }));
      await listen(takt, 'watches-all', failed({ workflow: '*' }));
      await listen(takt, 'watches-some', failed({ workflow: '*', where: "event.data.workflow = 'watched-two'" }));
      await failing('watched-one');
      await failing('watched-two');
      const { id } = await lead();
      for (const one of ['watched-one', 'watched-two']) await fail(one, id);
      const counts = await Promise.all(
        ['watches-one', 'watches-all', 'watches-some'].map(async (name) => (await runsOf(takt, name)).length),
      );
      expect(counts).toEqual([1, 2, 1]);
      await pauseAll('watches-all', 'watches-some');
    });

    it('does not start by its own failures, with * neither, and two that fail over each other come to an end', async () => {
      const edges: [string, string][] = [['start', 'bad']];
      await takt.publish(
        workflow('fails-itself', { start: failed({ workflow: '*' }), bad: broken }, edges, { errorWorkflow: 'fails-itself' }),
      );
      await failing('fails-first');
      const { id } = await lead();
      await fail('fails-first', id);
      expect((await runsOf(takt, 'fails-itself')).map((run) => run.status)).toEqual(['failed']);
      await takt.publish(workflow('fails-over', { start: failed({ workflow: 'fails-itself' }), bad: broken }, edges));
      await fail('fails-first', id);
      const runs = [...(await runsOf(takt, 'fails-itself')), ...(await runsOf(takt, 'fails-over'))];
      expect(runs.length).toBeLessThan(20);
      expect(runs.filter((run) => run.status === 'refused')).toHaveLength(1);
      await pauseAll('fails-itself', 'fails-over');
    });

    it('starts also by a run that fails before its first step, because a rule of its workflow cannot be told', async () => {
      await listen(takt, 'door', failed({}));
      await failing('at-the-door', { errorWorkflow: 'door', suppress: 'record.last_name > 5' });
      const { id } = await lead();
      await fail('at-the-door', id);
      expect((await runsOf(takt, 'at-the-door')).map((run) => run.status)).toEqual(['failed']);
      expect(await startedOn(takt, 'door')).toEqual([id]);
    });

    it('comes to an end where two fail at the door over each other', async () => {
      const suppress = 'record.last_name > 5';
      for (const id of ['door-one', 'door-two']) await listen(takt, id, failed({ workflow: '*' }), { suppress });
      await failing('door-first');
      const { id } = await lead();
      await fail('door-first', id);
      const runs = [...(await runsOf(takt, 'door-one')), ...(await runsOf(takt, 'door-two'))];
      expect(runs.length).toBeLessThan(40);
      expect(new Set(runs.map((run) => run.status))).toEqual(new Set(['failed', 'refused']));
      await pauseAll('door-one', 'door-two');
    });

    it('starts by a run that fails again when it is retried', async () => {
      await listen(takt, 'again', failed({}));
      await failing('retried', { errorWorkflow: 'again' });
      const { id } = await lead();
      await fail('retried', id);
      const [run] = await runsOf(takt, 'retried');
      await takt.engine.runs.retry(run?.id ?? '');
      await takt.pass(0);
      expect(await startedOn(takt, 'again')).toEqual([id, id]);
    });
  });

  describe('trigger.idle', () => {
    it('starts when the other workflow has begun no run for so long, and each time as much has passed', async () => {
      await listen(takt, 'busy', onEvent('busy'));
      const { id } = await lead();
      await listen(takt, 'idle', { type: 'trigger.idle', params: { workflow: 'busy', for: 'PT24H' } });
      const begin = takt.clock.now();
      await takt.pass(10 * HOUR);
      await fail('busy', id);
      await takt.pass(23 * HOUR);
      await fail('busy', id);
      await takt.pass(72 * HOUR);
      const hours = (await runsOf(takt, 'idle')).map((run) => (run.createdAt - begin) / HOUR);
      expect(hours).toEqual([57, 81, 105]);
      const { items } = await takt.engine.events.page({ type: 'schedule.fired' }, 1);
      expect(items[0]?.data).toMatchObject({ workflow: 'busy', last_run_at: new Date(begin + 33 * HOUR).toISOString() });
      await pauseAll('idle');
    });

    it('starts for a workflow that has never run, and that need not exist yet', async () => {
      await listen(takt, 'idle-none', { type: 'trigger.idle', params: { workflow: 'not-there-yet', for: 'PT1H' } });
      await takt.pass(HOUR - 1);
      expect(await runsOf(takt, 'idle-none')).toEqual([]);
      await takt.pass(1);
      expect(await runsOf(takt, 'idle-none')).toHaveLength(1);
      const { items } = await takt.engine.events.page({ type: 'schedule.fired' }, 1);
      expect(items[0]?.data).toMatchObject({ workflow: 'not-there-yet', last_run_at: null });
      await pauseAll('idle-none');
    });
  });

  describe('trigger.call', () => {
    it('starts by a call alone, with what was handed over, on the record of the caller, on another or on none', async () => {
      await takt.publish(
        workflow('called', { start: { type: 'trigger.call' }, got: set({ got: '= event.data.input.wish' }) }, [['start', 'got']]),
      );
      const other = await lead();
      const call = (params: JsonObject): JsonObject => ({ type: 'flow.call', params: { workflow: 'called', ...params } });
      const nodes = {
        start: onEvent('calls'),
        own: call({ input: { wish: 'tea' } }),
        other: call({ record: other.id, input: { wish: 'milk' } }),
        none: call({ record: null }),
      };
      const edges: [string, string][] = [
        ['start', 'own'],
        ['own', 'other'],
        ['other', 'none'],
      ];
      await takt.publish(workflow('calls', nodes, edges));
      const { id } = await lead();
      await fail('calls', id);
      expect((await runsOf(takt, 'called')).map((run) => [run.recordId, run.state.vars.got])).toEqual([
        [id, 'tea'],
        [other.id, 'milk'],
        [null, null],
      ]);
      await expect(takt.engine.runs.start('called', somebody)).rejects.toMatchObject({ code: 'WORKFLOW_NOT_MANUAL' });
    });
  });
});
