/** WCP-1 to 9, 28 to 33, 37, 38, 41 and 42: how control forks and meets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bounded, DAY, type Instance, join, Patterns, row, set, when, work } from './support.ts';

let patterns: Patterns;
beforeAll(async () => {
  patterns = await Patterns.open();
});
afterAll(() => patterns.close());

/** `a`, `b` and `c` side by side, each with an edge of its own into `meet`, and `after` behind it. */
const threeInto = (meet: ReturnType<typeof join>, after = work('after')): Promise<Instance> =>
  patterns.begin({ a: work('a'), b: work('b'), c: work('c'), meet, after }, [
    ...['a', 'b', 'c'].flatMap((branch) => row('start', branch, 'meet')),
    ['meet', 'after'],
  ]);

/** As above, with two threads through every branch: the second begins when `again` is over. */
const twoThreadsInto = (meet: ReturnType<typeof join>): Promise<Instance> =>
  patterns.begin({ again: work('again'), a: work('a'), b: work('b'), c: work('c'), meet, after: set() }, [
    ...['a', 'b', 'c'].flatMap((branch) => [...row('start', branch, 'meet'), ...row('again', branch)]),
    ['start', 'again'],
    ['meet', 'after'],
  ]);

describe('basic control flow', () => {
  it('WCP-1 sequence: an activity begins when the one before it is over', async () => {
    const run = await patterns.begin({ a: work('a'), b: work('b') }, row('start', 'a', 'b'));
    expect(await run.open()).toEqual(['a']);
    await run.finish('a');
    expect(await run.open()).toEqual(['b']);
    await run.finish('b');
    expect(await run.status()).toBe('done');
  });

  it('WCP-2 parallel split: several edges out of a port begin branches side by side', async () => {
    const run = await patterns.begin({ a: set(), b: work('b'), c: work('c') }, [...row('start', 'a', 'b'), ['a', 'c']]);
    expect(await run.open()).toEqual(['b', 'c']);
  });

  it('WCP-3 synchronisation: what is behind the join begins once, when every branch is over', async () => {
    const run = await threeInto(join('all'));
    await run.finish('c', 'a');
    expect(await run.open()).toEqual(['b']);
    await run.finish('b');
    expect(await run.open()).toEqual(['after']);
  });

  it('WCP-4 exclusive choice: exactly one of the ways is taken', async () => {
    const cases = [10, 5].map((least, i) => ({ port: i === 0 ? 'many' : 'some', when: `event.data.input.n >= ${least}` }));
    const nodes = { choice: { type: 'flow.switch', params: { cases } }, a: work('a'), b: work('b'), c: work('c') };
    const edges: [string, string][] = [
      ['start', 'choice'],
      ['choice:many', 'a'],
      ['choice:some', 'b'],
      ['choice:else', 'c'],
    ];
    for (const [n, way] of [
      [12, 'a'],
      [5, 'b'],
      [4, 'c'],
    ] as const)
      expect(await (await patterns.begin(nodes, edges, { n })).open()).toEqual([way]);
  });

  it('WCP-5 simple merge: alternative ways lead on to the same activity, without waiting', async () => {
    const run = await patterns.begin({ choice: when('event.data.input.short'), long: work('long'), b: work('b') }, [
      ['start', 'choice'],
      ['choice:yes', 'b'],
      ['choice:no', 'long'],
      ['long', 'b'],
    ]);
    await run.finish('long');
    expect(await run.open()).toEqual(['b']);
  });
});

describe('forking and meeting', () => {
  const chosen = (input: { a: boolean; b: boolean }, meet = join('all')): Promise<Instance> =>
    patterns.begin(
      {
        fork: set(),
        wants_a: when('event.data.input.a'),
        wants_b: when('event.data.input.b'),
        a: work('a'),
        b: work('b'),
        c: work('c'),
        meet,
        after: work('after'),
      },
      [
        ...row('start', 'fork', 'wants_a'),
        ['fork', 'wants_b'],
        ['wants_a:yes', 'a'],
        ['wants_b:yes', 'b'],
        ['fork', 'c'],
        ...['a', 'b', 'c'].flatMap((branch) => row(branch, 'meet')),
        ['meet', 'after'],
      ],
      input,
    );

  it('WCP-6 multi-choice: each way is taken whose condition holds, one, several or all', async () => {
    expect(await (await chosen({ a: false, b: false })).open()).toEqual(['c']);
    expect(await (await chosen({ a: true, b: false })).open()).toEqual(['a', 'c']);
    expect(await (await chosen({ a: true, b: true })).open()).toEqual(['a', 'b', 'c']);
  });

  it('WCP-7 structured synchronising merge: waits for the branches that were chosen, and for no other', async () => {
    const run = await chosen({ a: true, b: false });
    await run.finish('c');
    expect(await run.open()).toEqual(['a']);
    await run.finish('a');
    expect([await run.open(), await run.done('meet')]).toEqual([['after'], 2]);
  });

  it('WCP-8 multi-merge: what is behind is carried out for each branch that comes', async () => {
    const run = await patterns.begin({ a: work('a'), b: work('b'), after: set() }, [
      ...row('start', 'a', 'after'),
      ...row('start', 'b', 'after'),
    ]);
    await run.finish('a', 'b');
    expect([await run.status(), await run.done('after')]).toEqual(['done', 2]);
  });

  it('WCP-9 structured discriminator: the first branch goes on, later ones end at the join', async () => {
    const run = await patterns.ship('wcp-09-structured-discriminator');
    await run.tell('credit.checked', {}, 'bank');
    expect([await run.done('offer'), await run.open()]).toEqual([1, ['bureau']]);
    await run.tell('credit.checked', {}, 'bureau');
    expect([await run.status(), await run.done('offer'), await run.cancelled()]).toEqual(['done', 1, []]);
  });

  it('WCP-28 blocking discriminator: a branch that comes again waits until every branch has come once', async () => {
    const run = await twoThreadsInto(join('any'));
    await run.finish('again', 'a');
    // Both threads of the branch `a` are here: the second is of the next round.
    expect([await run.done('a'), await run.done('after')]).toEqual([2, 1]);
    await run.finish('b');
    expect(await run.done('after')).toBe(1);
    await run.finish('c');
    expect([await run.status(), await run.done('after')]).toEqual(['done', 2]);
  });

  it('WCP-29 cancelling discriminator: the first branch goes on, and the others are cancelled where they stand', async () => {
    const run = await patterns.ship('wcp-29-cancelling-discriminator');
    await patterns.takt.pass(DAY);
    expect(await run.open()).toEqual(['call', 'mail', 'partner']);
    await run.tell('partner.found');
    expect([await run.status(), await run.done('talk'), await run.cancelled()]).toEqual(['done', 1, ['call', 'mail']]);
  });

  it('WCP-30 structured partial join: the nth branch goes on, later ones end at the join', async () => {
    const run = await patterns.ship('wcp-30-structured-partial-join');
    await run.tell('contract.signed', {}, 'law');
    expect(await run.done('send')).toBe(0);
    await run.tell('contract.signed', {}, 'sales');
    expect([await run.done('send'), await run.open()]).toEqual([1, ['finance']]);
    await run.tell('contract.signed', {}, 'finance');
    expect([await run.status(), await run.done('send')]).toEqual(['done', 1]);
  });

  it('WCP-31 blocking partial join: a branch counts once a round; one that comes again waits for the next', async () => {
    const run = await twoThreadsInto(join(2));
    await run.finish('again', 'a');
    // Two threads, but of one branch.
    expect([await run.done('a'), await run.done('after')]).toEqual([2, 0]);
    await run.finish('b');
    expect(await run.done('after')).toBe(1);
    await run.finish('c');
    expect([await run.status(), await run.done('after')]).toEqual(['done', 2]);
  });

  it('WCP-32 cancelling partial join: the nth branch goes on, and the rest is cancelled', async () => {
    const run = await threeInto(join(2, 'cancel'));
    await run.finish('a');
    expect(await run.open()).toEqual(['b', 'c']);
    await run.finish('c');
    expect([await run.open(), await run.cancelled()]).toEqual([['after'], ['b']]);
  });

  it('WCP-33 generalised AND-join: one of every branch each time; what comes more often is kept for later', async () => {
    const run = await twoThreadsInto(join(3));
    await run.finish('again', 'a', 'b');
    expect([await run.done('a'), await run.done('b'), await run.done('after')]).toEqual([2, 2, 0]);
    await run.tell('work.done', {}, 'c');
    // Both threads of `c` come: each meets one of those that were kept.
    expect([await run.status(), await run.done('after')]).toEqual(['done', 2]);
  });

  it('WCP-37 acyclic synchronising merge: who is waited for is told by what can still come, also where forks are not nested', async () => {
    const nodes = {
      a: work('a'),
      more: when('event.data.input.more'),
      b: work('b'),
      c: work('c'),
      meet: join('all'),
      after: work('after'),
    };
    const edges: [string, string][] = [
      ...row('start', 'a', 'more'),
      ...row('start', 'c', 'meet'),
      ['more:yes', 'b'],
      ['more:yes', 'meet'],
      ['more:no', 'meet'],
      ['b', 'meet'],
      ['meet', 'after'],
    ];
    const more = await patterns.begin(nodes, edges, { more: true });
    await more.finish('c', 'a');
    expect(await more.open()).toEqual(['b']);
    await more.finish('b');
    expect(await more.open()).toEqual(['after']);
    const less = await patterns.begin(nodes, edges, { more: false });
    await less.finish('a', 'c');
    expect(await less.open()).toEqual(['after']);
  });

  it('WCP-38 general synchronising merge: waits also for a branch that goes round a cycle before it comes', async () => {
    const nodes = {
      a: work('a'),
      b: bounded(work('b')),
      good: when('vars.good'),
      mend: work('mend'),
      mended: set({ good: true }),
      meet: join('all'),
      after: work('after'),
    };
    const run = await patterns.begin(nodes, [
      ...row('start', 'a', 'meet', 'after'),
      ...row('start', 'b', 'good'),
      ['good:no', 'mend'],
      ...row('mend', 'mended', 'b'),
      ['good:yes', 'meet'],
    ]);
    await run.finish('a', 'b');
    expect(await run.open()).toEqual(['mend']);
    await run.finish('mend', 'b');
    expect(await run.open()).toEqual(['after']);
  });

  it('WCP-41 thread merge: a number of threads of one branch become one', async () => {
    const nodes = { x: work('x'), y: work('y'), z: work('z'), one: set(), merge: join(3), after: set() };
    const run = await patterns.begin(nodes, [
      ...['x', 'y', 'z'].flatMap((thread) => row('start', thread, 'one')),
      ...row('one', 'merge', 'after'),
    ]);
    await run.finish('x', 'y');
    expect([await run.done('one'), await run.done('after')]).toEqual([2, 0]);
    await run.finish('z');
    expect([await run.status(), await run.done('one'), await run.done('after')]).toEqual(['done', 3, 1]);
  });

  it('WCP-42 thread split: one thread becomes a number of threads of the same branch', async () => {
    const threads = [1, 2, 3].map((i) => `thread_${i}`);
    const nodes = { split: set(), ...Object.fromEntries(threads.map((thread) => [thread, set()])), a: work('a'), b: set() };
    const run = await patterns.begin(nodes, [['start', 'split'], ...threads.flatMap((thread) => row('split', thread, 'a')), ['a', 'b']]);
    expect(await run.open()).toEqual(['a', 'a', 'a']);
    await run.finish('a');
    expect([await run.status(), await run.done('b')]).toEqual(['done', 3]);
  });

  it('a join to which fewer branches come than it wants says so, instead of waiting for ever', async () => {
    const run = await patterns.begin({ a: work('a'), b: when('false'), meet: join(2), enough: set(), short: work('short') }, [
      ...row('start', 'a', 'meet', 'enough'),
      ['start', 'b'],
      ['b:yes', 'meet'],
      ['meet:short', 'short'],
    ]);
    await run.finish('a');
    expect([await run.open(), await run.done('enough')]).toEqual([['short'], 0]);
  });
});
