import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../schemas/json.ts';
import { planOf, World } from './world.ts';

const set: JsonObject = { type: 'data.set', params: { values: { x: 1 } } };
const wait = (hours: number): JsonObject => ({ type: 'flow.wait', params: { for: `PT${hours}H` } });
const join = (wanted: string | number, rest?: 'leave' | 'cancel'): JsonObject => ({
  type: 'flow.join',
  params: { wait: wanted, ...(rest === undefined ? {} : { rest }) },
});
const when = (condition: string): JsonObject => ({ type: 'flow.if', params: { when: condition }, maxVisits: 100 });
const again = (count: number): JsonObject => ({
  type: 'data.set',
  params: { values: { rounds: `= $exists(vars.rounds) ? vars.rounds + 1 : ${count}` } },
});

function finished(nodes: Record<string, JsonObject>, edges: [string, string][]): World {
  const world = new World(planOf(nodes, edges));
  world.finish();
  return world;
}

/** A loop of three rounds around what stands between `fork` and `met`. */
const thrice = (nodes: Record<string, JsonObject>, edges: [string, string][]): World =>
  finished({ fork: set, met: again(1), more: when('vars.rounds < 3'), ...nodes }, [
    ['start', 'fork'],
    ['met', 'more'],
    ['more:yes', 'fork'],
    ...edges,
  ]);

describe('a join', () => {
  it('of the first branch lets a token on in every round of a loop, also when the other branch never comes', () => {
    const always = thrice({ j: join('any'), a: set, b: wait(1) }, [
      ['fork', 'a'],
      ['fork', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'met'],
    ]);
    expect([always.run.status, always.visits('met'), always.visits('j')]).toEqual(['done', 3, 6]);
    const seldom = thrice({ j: join('any'), a: when('$not($exists(vars.rounds))'), b: when('vars.rounds > 0') }, [
      ['fork', 'a'],
      ['fork', 'b'],
      ['a:yes', 'j'],
      ['b:yes', 'j'],
      ['j', 'met'],
    ]);
    expect([seldom.run.status, seldom.visits('met')]).toEqual(['done', 3]);
  });

  it('that cancels the rest is ready for the next round at once', () => {
    const world = thrice({ j: join('any', 'cancel'), a: wait(1), b: wait(2) }, [
      ['fork', 'a'],
      ['fork', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'met'],
    ]);
    expect([world.run.status, world.visits('met'), world.visits('j')]).toEqual(['done', 3, 3]);
  });

  it('that cancels the rest in a loop leaves branches alone that could come only with its next round', () => {
    const world = thrice({ outer: join('all'), j: join('any', 'cancel'), a: wait(1), b: wait(2), c: wait(5), d: set }, [
      ['fork', 'a'],
      ['fork', 'b'],
      ['fork', 'c'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'outer'],
      ['c', 'd'],
      ['d', 'outer'],
      ['outer', 'met'],
    ]);
    expect([world.visits('met'), world.visits('d')]).toEqual([3, 3]);
    expect(world.trail().filter((step) => step.startsWith('outer done'))).toHaveLength(6);
  });

  it('within another one in a loop goes first, though the outer one was reached before', () => {
    const world = thrice({ outer: join('all'), inner: join('all'), x: set, y: set, z: set }, [
      ['fork', 'z'],
      ['fork', 'x'],
      ['fork', 'y'],
      ['x', 'inner'],
      ['y', 'inner'],
      ['z', 'outer'],
      ['inner', 'outer'],
      ['outer', 'met'],
    ]);
    expect([world.run.status, world.visits('met'), world.visits('outer')]).toEqual(['done', 3, 6]);
  });

  it('of all does not wait for a branch that could come only with the next round', () => {
    const world = thrice({ outer: join('all'), inner: join('all'), x: set, y: set, late: wait(5), mark: set }, [
      ['fork', 'x'],
      ['fork', 'y'],
      ['fork', 'late'],
      ['x', 'inner'],
      ['y', 'inner'],
      ['inner', 'mark'],
      ['mark', 'outer'],
      ['late', 'outer'],
      ['outer', 'met'],
    ]);
    const at = (node: string) => [...world.steps.values()].find((step) => step.node === node)?.startedAt;
    expect(at('mark')).toBe(at('fork'));
    expect(world.visits('met')).toBe(3);
  });

  it('of all waits for a branch that goes round a loop of its own before it comes', () => {
    const world = finished({ a: set, b: again(1), bad: when('vars.rounds < 3'), pause: wait(1), j: join('all'), met: set }, [
      ['start', 'a'],
      ['start', 'b'],
      ['a', 'j'],
      ['b', 'bad'],
      ['bad:yes', 'pause'],
      ['pause', 'b'],
      ['bad:no', 'j'],
      ['j', 'met'],
    ]);
    expect([world.visits('b'), world.visits('met')]).toEqual([3, 1]);
  });

  it('of as many as there are edges takes one over each, and keeps what comes twice for the next time', () => {
    // Two tokens come over the edge from `twice` before one comes from `b`.
    const nodes = { p: set, q: set, twice: set, b: wait(1), c: wait(2), late: set, j: join(2), met: set };
    const world = finished(nodes, [
      ['start', 'p'],
      ['start', 'q'],
      ['p', 'twice'],
      ['q', 'twice'],
      ['twice', 'j'],
      ['start', 'b'],
      ['start', 'c'],
      ['b', 'late'],
      ['c', 'late'],
      ['late', 'j'],
      ['j', 'met'],
    ]);
    const moments = [...world.steps.values()].filter((step) => step.node === 'met').map((step) => step.startedAt - world.run.createdAt);
    expect(moments).toEqual([3_600_000, 7_200_000]);
    expect(world.run.status).toBe('done');
  });

  it('inside of an item that waits for a join in a circle does not hold the run up', () => {
    const nodes = { each: { type: 'flow.each', params: { items: [1, 2], parallel: 2 } }, a: join('all'), b: join('all'), after: set };
    const bounded = { ...nodes, a: { ...nodes.a, maxVisits: 5 }, b: { ...nodes.b, maxVisits: 5 }, more: when('false') };
    const world = finished(bounded, [
      ['start', 'each'],
      ['each:item', 'a'],
      ['each:item', 'b'],
      ['a', 'b'],
      ['b', 'more'],
      ['more:yes', 'a'],
      ['each:done', 'after'],
    ]);
    expect([world.run.status, world.visits('after')]).toEqual(['done', 1]);
  });
});

/** A well-nested process: every fork has its join. */
type Block =
  | { kind: 'step'; hours: number }
  | { kind: 'sequence'; parts: Block[] }
  | { kind: 'choice'; one: Block; other: Block }
  | { kind: 'loop'; body: Block }
  | { kind: 'parallel'; branches: Block[]; wanted: 'all' | number; rest: 'leave' | 'cancel' };

function blocks(wanted: fc.Arbitrary<'all' | number>, rest: 'leave' | 'cancel'): fc.Arbitrary<Block> {
  const { block } = fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.record({ kind: fc.constant('step' as const), hours: fc.nat({ max: 3 }) }),
      fc.record({ kind: fc.constant('sequence' as const), parts: fc.array(tie('block'), { minLength: 1, maxLength: 2 }) }),
      fc.record({ kind: fc.constant('choice' as const), one: tie('block'), other: tie('block') }),
      fc.record({ kind: fc.constant('loop' as const), body: tie('block') }),
      fc.record({
        kind: fc.constant('parallel' as const),
        branches: fc.array(tie('block'), { minLength: 2, maxLength: 3 }),
        wanted,
        rest: fc.constant(rest),
      }),
    ),
  }));
  return block;
}

/** The process as nodes `n…`, with `fork…` before and `met…` behind every join, and `last` at the end. */
class Builder {
  readonly nodes: Record<string, JsonObject> = {};
  readonly edges: [string, string][] = [];
  readonly joins: string[] = [];

  #add(node: JsonObject, from: readonly string[], name = `n${Object.keys(this.nodes).length}`): string {
    this.nodes[name] = node;
    for (const source of from) this.edges.push([source, name]);
    return name;
  }

  /** @returns the ports by which the block is left */
  build(block: Block, from: readonly string[]): string[] {
    switch (block.kind) {
      case 'step':
        return [this.#add(block.hours === 0 ? set : wait(block.hours), from)];
      case 'sequence':
        return block.parts.reduce<string[]>((ports, part) => this.build(part, ports), [...from]);
      case 'choice': {
        const fork = this.#add(when('$random() < 0.5'), from);
        return [...this.build(block.one, [`${fork}:yes`]), ...this.build(block.other, [`${fork}:no`])];
      }
      case 'loop': {
        const head = this.#add({ ...set, maxVisits: 1_000 }, from);
        const more = this.#add({ ...when('$random() < 0.4'), maxVisits: 1_000 }, this.build(block.body, [head]));
        this.edges.push([`${more}:yes`, head]);
        return [`${more}:no`];
      }
      case 'parallel': {
        const id = String(this.joins.push(''));
        this.joins[Number(id) - 1] = id;
        const fork = this.#add(set, from, `fork${id}`);
        const ends = block.branches.map((branch) => this.#add(set, this.build(branch, [fork])));
        const wanted = block.wanted === 'all' ? 'all' : Math.min(block.wanted, block.branches.length);
        return [this.#add(set, [this.#add(join(wanted, block.rest), ends)], `met${id}`)];
      }
    }
  }

  finish(block: Block, seed: number): World {
    this.#add(set, this.build(block, ['start']), 'last');
    const world = new World(planOf(this.nodes, this.edges), seed);
    world.finish();
    return world;
  }
}

describe('a process in which every fork has its join', () => {
  const seeds = fc.integer({ min: 1, max: 1_000_000 });
  const count = fc.integer({ min: 1, max: 3 });

  it.each([
    ['joins of all branches', blocks(fc.constant('all'), 'leave')],
    ['joins of some branches, the others left on their way', blocks(count, 'leave')],
    ['joins of some and of all in one another', blocks(fc.oneof(count, fc.constant('all' as const)), 'leave')],
  ])('goes on behind each join as often as it forked: %s', (_name, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, seeds, (block, seed) => {
        const builder = new Builder();
        const world = builder.finish(block, seed);
        expect([world.run.status, world.visits('last')]).toEqual(['done', 1]);
        for (const id of builder.joins) expect(world.visits(`met${id}`), `join ${id}`).toBe(world.visits(`fork${id}`));
      }),
      { numRuns: 300 },
    );
  });

  const step = (hours: number): Block => ({ kind: 'step', hours });
  const loop = (body: Block): Block => ({ kind: 'loop', body });
  const choice: Block = { kind: 'choice', one: step(0), other: step(1) };
  const first = (wanted: number, ...branches: Block[]): Block => ({ kind: 'parallel', branches, wanted, rest: 'leave' });

  it.each([
    ['one within another', [7, 27, 32], loop(first(1, step(0), first(1, choice, loop(step(1)))))],
    ['one of all edges within one of the first', [155_396], loop(first(1, first(3, choice, loop(step(0)), step(0)), step(0)))],
  ])('is not taken in by rounds that overtake each other: joins of some branches, %s', (_name, worlds, block) => {
    for (const seed of worlds) {
      const builder = new Builder();
      const world = builder.finish(block, seed);
      expect([world.run.status, world.visits('last')]).toEqual(['done', 1]);
      for (const id of builder.joins) expect(world.visits(`met${id}`), `join ${id}`).toBe(world.visits(`fork${id}`));
    }
  });

  it.each([
    ['of all', fc.constant('all' as const)],
    ['of some that cancel the rest, and of all', fc.oneof(count, fc.constant('all' as const))],
  ])('comes to its last step once, with joins %s', (_name, wanted) => {
    fc.assert(
      fc.property(blocks(wanted, 'cancel'), seeds, (block, seed) => {
        const builder = new Builder();
        const world = builder.finish(block, seed);
        expect([world.run.status, world.visits('last'), world.run.state.tokens]).toEqual(['done', 1, []]);
        for (const id of builder.joins) expect(world.visits(`met${id}`)).toBeLessThanOrEqual(world.visits(`fork${id}`));
      }),
      { numRuns: 300 },
    );
  });
});
