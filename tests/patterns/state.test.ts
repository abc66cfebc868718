/** WCP-10, 11, 16 to 25, 39, 40 and 43: state, cancelling, cycles, triggers and the end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { workflow } from '../engine/support.ts';
import { bounded, DAY, HOUR, Patterns, row, set, when, work } from './support.ts';

let patterns: Patterns;
beforeAll(async () => {
  patterns = await Patterns.open();
});
afterAll(() => patterns.close());

const end = (outcome: string, more: JsonObject = {}): JsonObject => ({ type: 'flow.end', params: { outcome, ...more } });

describe('state', () => {
  it('WCP-16 deferred choice: what comes first decides, and the other ways are closed then', async () => {
    const accepted = await patterns.ship('wcp-16-deferred-choice');
    await accepted.tell('offer.accepted');
    await accepted.tell('offer.refused');
    expect(await accepted.outcome()).toBe('accepted');
    const refused = await patterns.start('wcp-16-deferred-choice');
    const lapsed = await patterns.start('wcp-16-deferred-choice');
    await refused.tell('offer.refused');
    await patterns.takt.pass(14 * DAY);
    expect([await refused.outcome(), await lapsed.outcome()]).toEqual(['refused', 'lapsed']);
  });

  it('WCP-17 interleaved parallel routing: one at a time, in any order that keeps to what comes before what', async () => {
    const run = await patterns.ship('wcp-17-interleaved-parallel-routing');
    expect(await run.open()).toEqual(['draw']);
    await run.finish('draw');
    // `papers` was in line first; `check` may come only now.
    expect(await run.open()).toEqual(['papers']);
    await run.finish('papers');
    expect([await run.open(), await run.done('send')]).toEqual([['check'], 0]);
    await run.finish('check');
    expect([await run.status(), await run.done('send')]).toEqual(['done', 1]);
  });

  it('WCP-18 milestone: can be done only while the process is in a certain state', async () => {
    const run = await patterns.ship('wcp-18-milestone');
    const wish = (to: string): Promise<void> => run.tell('change.wanted', { to });
    await wish('red');
    await run.tell('order.paid');
    await wish('blue');
    await wish('green');
    await run.tell('order.packed');
    await wish('black');
    expect([await run.done('change'), await run.done('refuse')]).toEqual([2, 2]);
    expect(await run.vars()).toEqual({ changed: 'green', refused: 'black', sent: true });
  });

  it('WCP-39 critical section: of several parts of a process, and of others that name the same, one is under way at a time', async () => {
    const first = await patterns.ship('wcp-39-critical-section');
    const second = await patterns.start('wcp-39-critical-section');
    expect([await first.open(), await second.open()]).toEqual([['invoice', 'reserve'], ['invoice']]);
    await first.finish('reserve');
    expect([await first.open(), await second.open()]).toEqual([['book', 'invoice'], ['invoice']]);
    await first.finish('book');
    expect([await first.open(), await second.open()]).toEqual([['invoice'], ['invoice', 'reserve']]);
    await second.finish('reserve', 'book', 'invoice');
    await first.finish('invoice');
    expect([await first.status(), await second.status()]).toEqual(['done', 'done']);
  });

  it('WCP-40 interleaved routing: each once, in any order, one at a time', async () => {
    const run = await patterns.ship('wcp-40-interleaved-routing');
    const seen: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const open = await run.open();
      expect(open).toHaveLength(1);
      seen.push(...open);
      await run.finish(...open);
    }
    expect(seen.sort()).toEqual(['machine', 'papers', 'site']);
    expect([await run.status(), await run.done('report')]).toEqual(['done', 1]);
  });
});

describe('cancelling', () => {
  it('WCP-19 cancel activity: it is taken away where it stands, and the rest goes on', async () => {
    const run = await patterns.begin(
      { a: work('a'), after_a: set(), b: work('b'), stop: work('stop'), cancel: { type: 'flow.cancel', params: { nodes: ['a'] } } },
      [...row('start', 'a', 'after_a'), ['start', 'b'], ...row('start', 'stop', 'cancel')],
    );
    await run.finish('stop');
    expect([await run.cancelled(), await run.open()]).toEqual([['a'], ['b']]);
    await run.finish('a', 'b');
    expect([await run.status(), await run.done('after_a')]).toEqual(['done', 0]);
  });

  it('WCP-20 cancel case: everything of the run is taken away, with the runs that it has called', async () => {
    await patterns.takt.publish(workflow('called', { start: { type: 'trigger.call' }, a: work('called') }, row('start', 'a')));
    const nodes = {
      a: work('a'),
      list: { type: 'flow.each', params: { items: [1, 2], parallel: 2 } },
      call: { type: 'flow.call', params: { workflow: 'called' } },
    };
    const run = await patterns.begin(nodes, [
      ['start', 'a'],
      ['start', 'list'],
      ['list:item', 'call'],
    ]);
    const children = async (): Promise<string[]> =>
      (await patterns.takt.engine.runs.page({ workflowId: 'called', recordId: run.record }, 10)).items.map(({ status }) => status);
    expect([await run.open(), await children()]).toEqual([
      ['a', 'call', 'call'],
      ['waiting', 'waiting'],
    ]);
    await patterns.takt.engine.runs.cancel(run.id);
    await patterns.takt.pass(0);
    expect([await run.status(), await run.open(), await children()]).toEqual(['cancelled', [], ['cancelled', 'cancelled']]);
    expect(await run.cancelled()).toEqual(['a', 'call', 'call', 'list']);
  });

  it('WCP-25 cancel region: what is under way at some activities is taken away together, and the rest goes on', async () => {
    const run = await patterns.ship('wcp-25-cancel-region');
    await patterns.takt.pass(2 * DAY);
    expect(await run.open()).toEqual(['answer', 'call', 'care', 'mail_2']);
    await run.tell('message.answered');
    expect([await run.open(), await run.cancelled(), await run.done('thank')]).toEqual([['care'], ['call', 'mail_2'], 1]);
    await patterns.takt.pass(8 * DAY);
    expect([await run.status(), await run.done('looked')]).toEqual(['done', 1]);
  });
});

describe('cycles', () => {
  it('WCP-10 arbitrary cycles: a cycle may be entered and left at several points', async () => {
    const either = (...ports: string[]): JsonObject =>
      bounded({ type: 'flow.wait_event', params: { events: ports.map((port) => ({ event: `said.${port}`, port })) } });
    const nodes = {
      fast: when('event.data.input.fast'),
      draft: bounded(set()),
      review: either('fine', 'drop'),
      sign: either('signed', 'back'),
    };
    const edges: [string, string][] = [
      ['start', 'fast'],
      ['fast:yes', 'review'],
      ['fast:no', 'draft'],
      ['draft', 'review'],
      ['review:fine', 'sign'],
      ['review:drop', 'dropped'],
      ['sign:back', 'draft'],
      ['sign:signed', 'signed'],
    ];
    const begin = (fast: boolean) => patterns.begin({ ...nodes, dropped: end('dropped'), signed: end('signed') }, edges, { fast });
    const [fast, slow] = [await begin(true), await begin(false)];
    for (const said of ['fine', 'back', 'drop']) await fast.tell(`said.${said}`);
    for (const said of ['fine', 'back', 'fine', 'signed']) await slow.tell(`said.${said}`);
    expect([await fast.outcome(), await fast.done('draft')]).toEqual(['dropped', 1]);
    expect([await slow.outcome(), await slow.done('draft')]).toEqual(['signed', 2]);
  });

  it('WCP-21 structured loop: is repeated while a condition holds, asked before or behind', async () => {
    const count = set({ n: '= ($exists(vars.n) ? vars.n : 0) + 1' });
    const before = await patterns.begin(
      { more: bounded(when('($exists(vars.n) ? vars.n : 0) < event.data.input.n')), a: count, after: set() },
      [
        ['start', 'more'],
        ['more:yes', 'a'],
        ['a', 'more'],
        ['more:no', 'after'],
      ],
      { n: 0 },
    );
    expect([await before.done('a'), await before.done('after')]).toEqual([0, 1]);
    const behind = await patterns.begin({ a: bounded(count), more: when('vars.n < 4'), after: set() }, [
      ['start', 'a'],
      ['a', 'more'],
      ['more:yes', 'a'],
      ['more:no', 'after'],
    ]);
    expect([await behind.done('a'), await behind.done('after')]).toEqual([4, 1]);
  });

  it('WCP-22 recursion: a process calls itself and uses what that gives', async () => {
    const nodes = {
      start: { type: 'trigger.call' },
      least: when('event.data.input.n <= 1'),
      one: { type: 'flow.end', params: { output: 1 } },
      less: { type: 'flow.call', params: { workflow: 'factorial', input: { n: '= event.data.input.n - 1' } } },
      times: { type: 'flow.end', params: { output: '= event.data.input.n * nodes.less.output' } },
    };
    await patterns.takt.publish(
      workflow('factorial', nodes, [
        ['start', 'least'],
        ['least:yes', 'one'],
        ['least:no', 'less'],
        ['less', 'times'],
      ]),
    );
    const run = await patterns.begin(
      { call: { type: 'flow.call', params: { workflow: 'factorial', input: { n: 6 } } }, a: set({ result: '= nodes.call.output' }) },
      row('start', 'call', 'a'),
    );
    expect(await run.vars()).toEqual({ result: 720 });
  });
});

describe('triggers and the end', () => {
  it('WCP-23 transient trigger: what comes while nobody waits is lost', async () => {
    const early = await patterns.ship('wcp-23-transient-trigger');
    await early.tell('message.clicked');
    const late = await patterns.start('wcp-23-transient-trigger');
    await patterns.takt.pass(2 * HOUR);
    await late.tell('message.clicked');
    await patterns.takt.pass(DAY);
    expect([await early.outcome(), await late.outcome()]).toEqual(['over', 'in time']);
  });

  it('WCP-24 persistent trigger: what comes before it is waited for is kept', async () => {
    const early = await patterns.ship('wcp-24-persistent-trigger');
    await early.tell('payment.received');
    expect(await early.open()).toEqual(['check']);
    await early.tell('invoice.checked');
    const late = await patterns.start('wcp-24-persistent-trigger');
    await late.tell('invoice.checked');
    expect(await late.open()).toEqual(['payment']);
    await late.tell('payment.received');
    expect([await early.outcome(), await late.outcome()]).toEqual(['paid', 'paid']);
  });

  it('WCP-11 implicit termination: a run is done when nothing of it is left to do', async () => {
    const run = await patterns.begin({ a: work('a'), b: work('b'), c: set() }, [['start', 'a'], ...row('start', 'b', 'c')]);
    await run.finish('b');
    expect(await run.status()).toBe('waiting');
    await run.finish('a');
    expect(await run.status()).toBe('done');
  });

  it('WCP-43 explicit termination: a run is done where it comes to its end, and what is left is taken away', async () => {
    const run = await patterns.begin(
      { a: work('a'), b: work('b'), end: end('enough'), branch: end('a branch only', { scope: 'branch' }), c: work('c') },
      [['start', 'a'], ...row('start', 'b', 'end'), ...row('start', 'c', 'branch')],
    );
    await run.finish('c');
    expect(await run.status()).toBe('waiting');
    await run.finish('b');
    expect([await run.status(), await run.outcome(), await run.cancelled()]).toEqual(['done', 'enough', ['a']]);
  });

  it('compensation: what has been done is taken back, the last first, and only what has been done', async () => {
    const paid = await patterns.ship('compensation');
    await paid.tell('payment.received');
    const unpaid = await patterns.start('compensation');
    await patterns.takt.pass(7 * DAY);
    expect([await paid.outcome(), await paid.done('release')]).toEqual(['paid', 0]);
    const { run, steps } = await unpaid.details();
    expect([run.outcome, ...steps.map((step) => step.node)]).toEqual([
      'taken back',
      'reserve',
      'book',
      'payment',
      'back',
      'unbook',
      'release',
      'lost',
    ]);
  });
});
