/** WCP-12 to 15, 26, 27 and 34 to 36: several instances of one activity. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { workflow } from '../engine/support.ts';
import { Patterns, row, set, work } from './support.ts';

let patterns: Patterns;
beforeAll(async () => {
  patterns = await Patterns.open();
});
afterAll(() => patterns.close());

/** A list whose items are each over when `finish` names them. */
const each = (items: unknown, more: JsonObject = {}): Record<string, JsonObject> => ({
  list: { type: 'flow.each', params: { items: Array.isArray(items) ? items.map(String) : String(items), parallel: 100, ...more } },
  item: { type: 'flow.wait_event', params: { events: [{ event: 'item.done' }], key: { field: 'item', equals: '= item' } } },
  kept: set({ item: '= item' }),
  after: work('after'),
});
const edges: [string, string][] = [
  ['start', 'list'],
  ['list:item', 'item'],
  ['item', 'kept'],
  ['list:done', 'after'],
];

describe('several instances of one activity', () => {
  it('WCP-12 without synchronisation: instances are begun, and the process goes on without waiting for any', async () => {
    const instance = workflow('visit', { start: { type: 'trigger.call' }, a: work('visit') }, row('start', 'a'));
    await patterns.takt.publish(instance);
    const run = await patterns.begin(
      {
        list: { type: 'flow.each', params: { items: '= event.data.input.visits' } },
        visit: { type: 'flow.call', params: { workflow: 'visit', input: { visit: '= item' }, wait: false } },
        after: set(),
      },
      [
        ['start', 'list'],
        ['list:item', 'visit'],
        ['list:done', 'after'],
      ],
      { visits: ['Mon', 'Tue', 'Wed'] },
    );
    expect([await run.status(), await run.done('after')]).toEqual(['done', 1]);
    const { items } = await patterns.takt.engine.runs.page({ workflowId: 'visit', recordId: run.record }, 10);
    expect(items.map((visit) => visit.status)).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('WCP-13 their number known when the process is drawn: goes on when all are over', async () => {
    const run = await patterns.begin(each(['a', 'b', 'c']), edges);
    expect(await run.open()).toEqual(['item', 'item', 'item']);
    for (const item of ['b', 'a']) await run.tell('item.done', { item });
    expect(await run.open()).toEqual(['item']);
    await run.tell('item.done', { item: 'c' });
    expect([await run.open(), await run.done('kept')]).toEqual([['after'], 3]);
  });

  it('WCP-14 their number known when they begin: goes on when all are over', async () => {
    for (const people of [['Ann'], ['Bo', 'Cy', 'Di', 'Ed'], []]) {
      const run = await patterns.begin(each('= event.data.input.people'), edges, { people });
      expect(await run.open()).toEqual(people.length === 0 ? ['after'] : people.map(() => 'item'));
      for (const item of people) await run.tell('item.done', { item });
      expect(await run.open()).toEqual(['after']);
    }
  });

  it('WCP-15 their number not known: more may begin until the last is over', async () => {
    const run = await patterns.ship('wcp-15-instances-without-a-plan');
    for (const visit of ['first', 'second']) await run.tell('visit.wanted', { visit });
    await run.tell('visit.over', { visit: 'first' });
    await run.tell('visit.wanted', { visit: 'third' });
    expect([await run.open(), await run.done('report')]).toEqual([['listen', 'visit', 'visit'], 0]);
    for (const visit of ['third', 'second']) await run.tell('visit.over', { visit });
    // Another might still be wanted.
    expect([await run.open(), await run.done('report')]).toEqual([['listen'], 0]);
    await run.tell('visits.closed');
    expect([await run.status(), await run.done('visit'), await run.done('report')]).toEqual(['done', 3, 1]);
  });

  it('WCP-26 cancel: all instances that are under way are taken away, and what is behind them is not begun', async () => {
    const run = await patterns.begin(
      { ...each(['a', 'b', 'c']), stop: work('stop'), cancel: { type: 'flow.cancel', params: { nodes: ['list'] } } },
      [...edges, ...row('start', 'stop', 'cancel')],
    );
    await run.tell('item.done', { item: 'a' });
    await run.finish('stop');
    expect([await run.status(), await run.done('kept'), await run.cancelled()]).toEqual(['done', 1, ['item', 'item', 'list']]);
    expect(await run.done('after')).toBe(0);
  });

  it('WCP-27 complete: those under way are taken away, and the process goes on with what is over', async () => {
    const run = await patterns.ship('wcp-27-complete-instances', { partners: ['A', 'B', 'C'] });
    await run.tell('quote.given', { partner: 'B', price: 120 });
    await run.tell('quote.given', { partner: 'C', price: 90 });
    expect(await run.open()).toEqual(['close', 'quote']);
    await run.tell('round.closed');
    expect([await run.status(), await run.cancelled(), (await run.vars()).best]).toEqual(['done', ['quote'], 90]);
  });

  it('WCP-34 static partial join: enough of them go on once; the rest is carried out and changes nothing', async () => {
    const run = await patterns.ship('wcp-34-static-partial-join', { partners: ['A', 'B', 'C', 'D'] });
    await run.tell('quote.given', { partner: 'D' });
    expect(await run.done('offer')).toBe(0);
    await run.tell('quote.given', { partner: 'A' });
    expect([await run.done('offer'), await run.open()]).toEqual([1, ['quote', 'quote']]);
    for (const partner of ['B', 'C']) await run.tell('quote.given', { partner });
    expect([await run.status(), await run.done('note'), await run.done('offer')]).toEqual(['done', 4, 1]);
  });

  it('WCP-35 cancelling partial join: enough of them go on, and the rest is cancelled', async () => {
    const run = await patterns.ship('wcp-35-cancelling-partial-join', { partners: ['A', 'B', 'C', 'D'] });
    for (const partner of ['D', 'A']) await run.tell('quote.given', { partner });
    expect([await run.status(), await run.done('offer'), await run.done('note')]).toEqual(['done', 1, 2]);
    expect(await run.cancelled()).toEqual(['quote', 'quote']);
  });

  it('WCP-36 dynamic partial join: more may begin until enough are over; then none any more, and the rest changes nothing', async () => {
    const run = await patterns.ship('wcp-36-dynamic-partial-join');
    for (const reviewer of ['Ann', 'Bo']) await run.tell('reviewer.added', { reviewer });
    await run.tell('review.given', { reviewer: 'Bo' });
    await run.tell('reviewer.added', { reviewer: 'Cy' });
    expect([await run.open(), await run.done('publish')]).toEqual([['listen', 'review', 'review'], 0]);
    await run.tell('review.given', { reviewer: 'Cy' });
    expect([await run.open(), await run.done('publish')]).toEqual([['review'], 1]);
    await run.tell('reviewer.added', { reviewer: 'Di' });
    await run.tell('review.given', { reviewer: 'Ann' });
    expect([await run.status(), await run.done('review'), await run.done('publish')]).toEqual(['done', 3, 1]);
  });
});
