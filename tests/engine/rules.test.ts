import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { databaseKinds } from '../support/databases.ts';
import { openTestEngine, somebody, type TestEngine, workflow } from './support.ts';
import { emit, outcomeOf, set, startOn } from './support-flow.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe.each(databaseKinds)('the rules of a workflow on %s', (kind) => {
  let takt: TestEngine;
  beforeAll(async () => {
    takt = await openTestEngine(kind);
  });
  afterAll(() => takt.close());

  const end = (outcome: string): JsonObject => ({ type: 'flow.end', params: { outcome } });
  const wait = (length: string): JsonObject => ({ type: 'flow.wait', params: { for: length } });
  const mail = (subject: string): JsonObject => ({
    type: 'message.send',
    params: { channel: 'email', to: 'a@x.example', subject, text: '.' },
  });
  const line = (...nodes: string[]): [string, string][] => nodes.slice(1).map((node, i) => [nodes[i] ?? '', node]);
  const subjects = (): unknown[] => takt.mail.sent.map(({ payload }) => payload.subject);

  /** A workflow that every change of the score of a lead of this source starts. */
  async function onScore(name: string, nodes: Record<string, JsonObject>, edges: [string, string][], settings: JsonObject) {
    const start: JsonObject = {
      type: 'trigger.record',
      params: { entity: 'lead', on: ['created', 'updated'], fields: ['score'], where: `record.source = '${name}'` },
    };
    await takt.publish(workflow(name, { start, ...nodes }, edges, settings));
    const { id } = await takt.create('lead', { last_name: 'Doe', source: name, score: 1 });
    await takt.pass(0);
    const runs = async () => (await takt.engine.runs.page({ workflowId: name }, 100)).items;
    const score = async (value: number, record = id): Promise<void> => {
      await takt.update(record, { score: value });
      await takt.pass(0);
    };
    return { id, runs, score };
  }

  it('a goal ends a waiting run as soon as the record meets it, and sends nothing more', async () => {
    const before = takt.mail.sent.length;
    const { record, run } = await startOn(
      takt,
      'goal',
      { first: mail('first'), pause: wait('P3D'), second: mail('second') },
      line('start', 'first', 'pause', 'second'),
      {},
      { goal: "stage = 'qualified'" },
    );
    expect(subjects().slice(before)).toEqual(['first']);
    await takt.update(record.id, { comment: 'nothing to do with it' });
    await takt.pass(DAY);
    expect((await run()).run.status).toBe('waiting');
    await takt.update(record.id, { stage: 'qualified' });
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'goal']);
    expect((await run()).steps.map((step) => step.status)).toEqual(['done', 'cancelled']);
    await takt.pass(9 * DAY);
    expect(subjects().slice(before)).toEqual(['first']);
  });

  it('a goal that a step itself reaches ends the run before the next step', async () => {
    const { run } = await startOn(
      takt,
      'goal-by-step',
      { reach: { type: 'record.update', params: { fields: { stage: 'qualified' } } }, after: set({ x: 1 }) },
      line('start', 'reach', 'after'),
      {},
      { goal: "record.stage = 'qualified'" },
    );
    expect((await run()).steps.map((step) => step.node)).toEqual(['reach']);
    expect(await outcomeOf(run)).toEqual(['done', 'goal']);
  });

  it('an exit by an event ends the run with its outcome, if its condition holds of the event', async () => {
    const settings = { exit: [{ event: 'message.answered', when: "event.data.text != 'out of office'", outcome: 'answered' }] };
    const { record, run } = await startOn(
      takt,
      'exit',
      { pause: wait('P9D'), x: set({ x: 1 }) },
      line('start', 'pause', 'x'),
      {},
      settings,
    );
    await emit(takt, 'message.answered', record.id, { text: 'out of office' });
    expect((await run()).run.status).toBe('waiting');
    await emit(takt, 'message.answered', record.id, { text: 'yes' });
    expect(await outcomeOf(run)).toEqual(['done', 'answered']);
  });

  it('an exit event that comes before the run has made its first step is not lost', async () => {
    const start: JsonObject = {
      type: 'trigger.record',
      params: { entity: 'lead', on: ['created'], where: "record.source = 'exit-early'" },
    };
    const settings = { exit: [{ event: 'message.answered', outcome: 'answered' }] };
    await takt.publish(workflow('exit-early', { start, pause: wait('P9D') }, [['start', 'pause']], settings));
    const { id } = await takt.create('lead', { last_name: 'Early', source: 'exit-early' });
    await takt.engine.intake.submitOne({ kind: 'event', type: 'message.answered', topic: 'email', data: {}, recordId: id }, somebody);
    await takt.pass(0);
    const { items } = await takt.engine.runs.page({ recordId: id, workflowId: 'exit-early' }, 5);
    expect(items.map((run) => run.outcome)).toEqual(['answered']);
  });

  it('suppression keeps a record out, and one who asks for it later is not written to any more', async () => {
    const before = takt.mail.sent.length;
    const nodes = { first: mail('first'), pause: wait('P1D'), second: mail('second'), done: end('through') };
    const settings = { suppress: 'email_opt_out = true' };
    const edges = line('start', 'first', 'pause', 'second', 'done');
    const { record, run } = await startOn(takt, 'suppress', nodes, edges, {}, settings);
    await takt.create('lead', { last_name: 'No', source: 'suppress', email_opt_out: true });
    await takt.update(record.id, { email_opt_out: true });
    await takt.pass(2 * DAY);
    expect(subjects().slice(before)).toEqual(['first']);
    expect(await outcomeOf(run)).toEqual(['done', 'through']);
    expect((await run()).steps.at(-2)?.output).toMatchObject({ sent: false, reason: 'suppressed' });
    expect((await takt.engine.runs.page({ workflowId: 'suppress' }, 9)).items).toHaveLength(1);
  });

  it('a cap holds across workflows: what is too much in the time goes out by "suppressed"', async () => {
    const before = takt.mail.sent.length;
    const settings = { caps: [{ channel: 'email', max: 1, per: 'P3D' }] };
    const nodes = { first: mail('one'), more: mail('two'), kept: end('kept back'), pause: wait('P3D'), later: mail('three') };
    const { record, run } = await startOn(
      takt,
      'caps',
      nodes,
      [...line('start', 'first', 'more', 'pause', 'later'), ['more:suppressed', 'pause'], ['later:suppressed', 'kept']],
      {},
      settings,
    );
    await takt.publish(workflow('caps-too', { start: { type: 'trigger.manual' }, mail: mail('other') }, [['start', 'mail']], settings));
    await takt.engine.runs.start('caps-too', somebody, { recordId: record.id });
    await takt.pass(4 * DAY);
    expect(subjects().slice(before)).toEqual(['one', 'three']);
    expect((await run()).run.status).toBe('done');
  });

  it('a message in quiet hours waits for the morning, and then the goal is asked again', async () => {
    const before = takt.mail.sent.length;
    const settings = {
      timezone: 'Europe/Moscow',
      quiet: [{ channel: 'email', from: '09:00', to: '20:00' }],
      goal: "record.stage = 'qualified'",
    };
    // The clock stands at some hour of a working day; bring it to 20:00 in Moscow.
    const evening = Math.ceil((takt.clock.now() - 17 * HOUR) / DAY) * DAY + 17 * HOUR;
    await takt.pass(evening - takt.clock.now());
    const one = await startOn(takt, 'quiet', { mail: mail('good morning') }, [['start', 'mail']], {}, settings);
    const two = await takt.create('lead', { last_name: 'Won', source: 'quiet' });
    await takt.pass(13 * HOUR - 1);
    expect(subjects().slice(before)).toEqual([]);
    await takt.update(two.id, { stage: 'qualified' });
    await takt.pass(1);
    expect(subjects().slice(before)).toEqual(['good morning']);
    expect((await one.run()).run.status).toBe('done');
  });

  it('quiet hours are those of a calendar on the clock of the client, where one is named; a client without a zone has the calendar’s', async () => {
    const slots = [
      ['10:00', '11:00'],
      ['14:00', '15:00'],
    ];
    await takt.create('calendar', { key: 'calls', name: 'Calls', hours: { timezone: 'Europe/Moscow', days: { tue: slots, thu: slots } } });
    // A Monday, 09:00 UTC, some weeks on.
    const week = 7 * DAY;
    await takt.pass(
      Math.ceil((takt.clock.now() - Date.parse('2026-03-02T09:00:00Z')) / week) * week +
        Date.parse('2026-03-02T09:00:00Z') -
        takt.clock.now(),
    );
    const before = takt.mail.sent.length;
    const settings = { timezone: 'UTC', quiet: [{ channel: 'email', calendar: 'calls', zone: '= record.time_zone' }] };
    const text = { ...mail('{{record.last_name}}') };
    await startOn(takt, 'slots', { mail: text }, [['start', 'mail']], { last_name: 'Moscow' }, settings);
    await takt.create('lead', { last_name: 'Vladivostok', source: 'slots', time_zone: 'Asia/Vladivostok' });
    await takt.create('lead', { last_name: 'Kolkata', source: 'slots', time_zone: 'Asia/Kolkata' });
    const sent = async (hours: number): Promise<unknown[]> => {
      await takt.pass(hours * HOUR);
      return subjects().slice(before);
    };
    // Tuesday 10:00 is 00:00 UTC in Vladivostok, 04:30 in Kolkata, 07:00 in Moscow.
    expect(await sent(14.9)).toEqual([]);
    expect(await sent(0.1)).toEqual(['Vladivostok']);
    expect(await sent(4.5)).toEqual(['Vladivostok', 'Kolkata']);
    expect(await sent(2.5)).toEqual(['Vladivostok', 'Kolkata', 'Moscow']);
  });

  it('daily quiet hours may be meant on the clock of the client, too', async () => {
    const midnight = Math.ceil(takt.clock.now() / DAY) * DAY;
    await takt.pass(midnight - takt.clock.now());
    const before = takt.mail.sent.length;
    const settings = { timezone: 'UTC', quiet: [{ channel: 'email', from: '09:00', to: '20:00', zone: '= time_zone' }] };
    await startOn(takt, 'daytime', { mail: mail('{{record.last_name}}') }, [['start', 'mail']], { last_name: 'Nowhere' }, settings);
    await takt.create('lead', { last_name: 'Moscow', source: 'daytime', time_zone: 'Europe/Moscow' });
    await takt.pass(6 * HOUR);
    expect(subjects().slice(before)).toEqual(['Moscow']);
    await takt.pass(3 * HOUR);
    expect(subjects().slice(before)).toEqual(['Moscow', 'Nowhere']);
  });

  it('quiet hours of a calendar that is not there fail the step, with the place', async () => {
    const settings = { quiet: [{ channel: 'email', calendar: 'nights' }] };
    const { run } = await startOn(takt, 'no-calendar', { mail: mail('x') }, [['start', 'mail']], {}, settings);
    expect((await run()).run.error).toMatchObject({ code: 'CALENDAR_UNKNOWN', pointer: '/settings/quiet' });
  });

  it('re-entry "after" lets a record in again when the time is over, to the millisecond', async () => {
    const { runs, score } = await onScore('after', { x: set({ x: 1 }) }, [['start', 'x']], { reentry: { mode: 'after', time: 'P1D' } });
    expect(await runs()).toHaveLength(1);
    await takt.pass(DAY - 1);
    await score(2);
    expect(await runs()).toHaveLength(1);
    await takt.pass(1);
    await score(3);
    expect(await runs()).toHaveLength(2);
  });

  it('re-entry "while" lets a record in once, and again after the condition has stopped holding', async () => {
    const { id, runs, score } = await onScore('while', { x: set({ x: 1 }) }, [['start', 'x']], {
      reentry: { mode: 'while', when: 'score > 80' },
    });
    expect(await runs()).toHaveLength(0);
    await score(80);
    expect(await runs()).toHaveLength(0);
    await score(85);
    await score(90);
    expect(await runs()).toHaveLength(1);
    // It stops holding by a change that starts nothing itself.
    await takt.update(id, { score: null });
    await takt.pass(0);
    await score(95);
    await score(96);
    expect(await runs()).toHaveLength(2);
  });

  it('throttle lets so many in within the time, for each record or in all', async () => {
    const each = await onScore('throttle', { x: set({ x: 1 }) }, [['start', 'x']], { throttle: { max: 2, per: 'PT1H' } });
    for (let i = 2; i < 7; i++) await each.score(i);
    expect(await each.runs()).toHaveLength(2);
    await takt.create('lead', { last_name: 'Other', source: 'throttle', score: 5 });
    await takt.pass(0);
    expect(await each.runs()).toHaveLength(3);
    const all = await onScore('throttle-all', { x: set({ x: 1 }) }, [['start', 'x']], {
      throttle: { max: 2, per: 'PT1H', by: 'workflow' },
    });
    await Promise.all(Array.from({ length: 9 }, (_, i) => takt.create('lead', { last_name: `L${i}`, source: 'throttle-all', score: i })));
    await takt.pass(0);
    expect(await all.runs()).toHaveLength(2);
    await takt.pass(HOUR);
    await all.score(9);
    expect(await all.runs()).toHaveLength(3);
  });

  it('dedupe takes the first of starts with an equal key within the time', async () => {
    const settings = { dedupe: { key: 'record.company_name', within: 'PT1H' } };
    const { id, runs, score } = await onScore('dedupe', { x: set({ x: 1 }) }, [['start', 'x']], settings);
    await takt.create('lead', { last_name: 'A', source: 'dedupe', company_name: 'Acme', score: 1 });
    await takt.create('lead', { last_name: 'B', source: 'dedupe', company_name: 'Acme', score: 1 });
    await takt.create('lead', { last_name: 'C', source: 'dedupe', company_name: 'Zeta', score: 1 });
    await takt.pass(HOUR - 1);
    expect(await runs()).toHaveLength(3);
    await takt.pass(1);
    await score(2, id);
    expect(await runs()).toHaveLength(4);
  });

  it('concurrency "skip" leaves a record out as long as it has a run under way', async () => {
    const { runs, score } = await onScore('skip', { pause: wait('PT1H') }, [['start', 'pause']], { concurrency: 'skip' });
    await score(2);
    expect(await runs()).toHaveLength(1);
    await takt.pass(HOUR);
    await score(3);
    expect(await runs()).toHaveLength(2);
  });

  it('concurrency "queue" carries the runs of a record out one after the other, in their order', async () => {
    const { runs, score } = await onScore('queue', { pause: wait('PT1H'), x: set({ x: 1 }) }, line('start', 'pause', 'x'), {
      concurrency: 'queue',
    });
    await score(2);
    await score(3);
    const statuses = async () => (await runs()).map((run) => [run.status, run.state.seq]).reverse();
    expect(await statuses()).toEqual([
      ['waiting', 1],
      ['waiting', 0],
      ['waiting', 0],
    ]);
    await takt.pass(HOUR);
    expect(await statuses()).toEqual([
      ['done', 2],
      ['waiting', 1],
      ['waiting', 0],
    ]);
    // One that is cancelled in line does not hold the others up.
    const second = (await runs())[1];
    await takt.engine.runs.cancel(second?.id ?? '');
    await takt.pass(HOUR);
    expect((await statuses()).map(([status]) => status)).toEqual(['done', 'cancelled', 'done']);
  });

  it('concurrency "replace" cancels the run under way for the new one', async () => {
    const { runs, score } = await onScore('replace', { pause: wait('PT1H'), x: end('through') }, line('start', 'pause', 'x'), {
      concurrency: 'replace',
    });
    await takt.pass(30 * MINUTE);
    await score(2);
    expect((await runs()).map((run) => run.status)).toEqual(['waiting', 'cancelled']);
    await takt.pass(HOUR);
    expect((await runs()).map((run) => run.outcome)).toEqual(['through', null]);
  });

  it('a pilot takes its share of the records, always the same ones, and all when the share is 1', async () => {
    const file = (share: number) =>
      workflow(
        'pilot',
        {
          start: { type: 'trigger.record', params: { entity: 'lead', on: ['created', 'updated'], where: "record.source = 'pilot'" } },
          x: set({ x: 1 }),
        },
        [['start', 'x']],
        { pilot: { share } },
      );
    await takt.publish(file(0.2));
    const leads = await Promise.all(Array.from({ length: 200 }, (_, i) => takt.create('lead', { last_name: `P${i}`, source: 'pilot' })));
    const taken = async () => {
      const { items } = await takt.engine.runs.page({ workflowId: 'pilot' }, 200);
      return new Set(items.map((run) => run.recordId));
    };
    const first = await taken();
    expect(first.size).toBeGreaterThan(20);
    expect(first.size).toBeLessThan(60);
    await Promise.all(leads.map(({ id }) => takt.update(id, { comment: 'again' })));
    expect(await taken()).toEqual(first);
    await takt.publish(file(1));
    const { id } = leads.find((lead) => !first.has(lead.id)) ?? { id: '' };
    await takt.update(id, { comment: 'all now' });
    expect((await taken()).has(id)).toBe(true);
  });

  it('re-entry "once" leaves what the other rules remember alone', async () => {
    const settings = { reentry: { mode: 'once' }, throttle: { max: 2, per: 'PT1H', by: 'workflow' } };
    const { runs, score } = await onScore('once-throttle', { x: set({ x: 1 }) }, [['start', 'x']], settings);
    for (let i = 2; i < 9; i++) await score(i);
    await takt.create('lead', { last_name: 'Second', source: 'once-throttle', score: 1 });
    await takt.pass(0);
    expect(await runs()).toHaveLength(2);
  });

  it('goals, exits and suppression may ask for segments', async () => {
    await takt.engine.segments.define({ id: 'big', name: 'Big', entity: 'lead', rule: 'employees > 100' }, somebody);
    const settings = { goal: '$inSegment("big")' };
    const { record, run } = await startOn(takt, 'segment-goal', { pause: wait('P9D') }, [['start', 'pause']], {}, settings);
    await takt.update(record.id, { employees: 500 });
    await takt.pass(0);
    expect(await outcomeOf(run)).toEqual(['done', 'goal']);
    await takt.engine.segments.remove('big');
  });

  it('the workflow that looks after failures hears of a run that its rules fail', async () => {
    await takt.publish(
      workflow('look-after', { start: { type: 'trigger.failed' }, end: end('{{event.data.workflow}}: {{event.data.code}}') }, [
        ['start', 'end'],
      ]),
    );
    await onScore('failing-rule', { x: set({ x: 1 }) }, [['start', 'x']], {
      suppress: 'record.last_name > 5',
      errorWorkflow: 'look-after',
    });
    const { items } = await takt.engine.runs.page({ workflowId: 'look-after' }, 5);
    expect(items.map((run) => run.outcome)).toEqual(['failing-rule: EXPR_RUNTIME']);
  });

  it('rules whose expression fails make a failed run instead of a lost record; a retry begins it', async () => {
    const { runs } = await onScore('broken-rule', { x: end('through') }, [['start', 'x']], { suppress: 'record.last_name > 5' });
    const [run] = await runs();
    expect(run).toMatchObject({ status: 'failed', error: { code: 'EXPR_RUNTIME' } });
    await takt.engine.runs.retry(run?.id ?? '');
    await takt.pass(0);
    expect((await runs())[0]).toMatchObject({ status: 'done', outcome: 'through' });
  });

  it('an A/B split sends a record always the same way and counts each success once', async () => {
    const nodes = {
      split: { type: 'flow.split', params: { arms: [{ port: 'a' }, { port: 'b' }], minimum: 10, for: 'P1D' } },
      a: set({ way: 'a' }),
      b: set({ way: 'b' }),
      won: { type: 'flow.success', params: { split: 'split' } },
    };
    const { score, id, runs } = await onScore(
      'split',
      nodes,
      [
        ['start', 'split'],
        ['split:a', 'a'],
        ['split:b', 'b'],
        ['a', 'won'],
      ],
      {},
    );
    await score(2);
    await score(3);
    const ways = (await runs()).filter((run) => run.recordId === id).map((run) => run.state.vars.way);
    expect(new Set(ways).size).toBe(1);
    await Promise.all(Array.from({ length: 60 }, (_, i) => takt.create('lead', { last_name: `S${i}`, source: 'split', score: 1 })));
    await takt.pass(DAY);
    const [experiment] = await takt.engine.experiments.list('split');
    expect(experiment?.verdict).toMatchObject({ state: 'winner', winner: 'a' });
    await takt.engine.experiments.adopt('split', 'split', 'a');
    const late = await takt.create('lead', { last_name: 'Late', source: 'split', score: 1 });
    await takt.pass(0);
    const run = (await runs()).find((one) => one.recordId === late.id);
    const { steps } = await takt.engine.runs.get(run?.id ?? '');
    expect(steps.find((step) => step.node === 'split')?.output).toEqual({ arm: 'a', adopted: true });
    await expect(takt.engine.experiments.adopt('split', 'split', 'z')).rejects.toMatchObject({ code: 'EXPERIMENT_ARM' });
  });

  it('what the run has written is taken back only where nobody has touched it since', async () => {
    const nodes: Record<string, JsonObject> = {
      hot: { type: 'record.update', params: { fields: { stage: 'in_work', comment: 'hot' } } },
      call: { type: 'task.create', params: { title: 'Call now' } },
      mail: { type: 'task.create', params: { title: 'Write' } },
      cooled: { type: 'flow.wait_until', params: { when: 'record.score < 80' } },
      undo: {
        type: 'record.undo',
        params: { nodes: ['hot', 'call', 'mail'], records: '= [record.id, nodes.call.id, nodes.mail.id]' },
      },
    };
    const { record, run } = await startOn(takt, 'undo', nodes, line('start', 'hot', 'call', 'mail', 'cooled', 'undo'), {
      score: 90,
      comment: 'calm',
    });
    const tasks = async () => (await takt.all('task')).filter((task) => JSON.stringify(task.record).includes(record.id));
    const [first] = await tasks();
    await takt.update(String(first?.id), { priority: 'high' });
    await takt.update(record.id, { stage: 'qualified' });
    await takt.update(record.id, { score: 79 });
    await takt.pass(0);
    expect((await run()).steps.at(-1)?.output).toMatchObject({
      restored: ['comment'],
      kept: expect.arrayContaining(['stage', first?.id ?? '']),
    });
    expect(await takt.read(record.id)).toMatchObject({ stage: 'qualified', comment: 'calm' });
    expect((await tasks()).map((task) => task.id)).toEqual([first?.id]);
  });
});
