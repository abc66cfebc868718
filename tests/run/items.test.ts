import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { defineNode, type NodeDefinition, TaktError, Template } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { planOf, World } from './world.ts';

const HOUR = 3_600_000;
const ANSWER = { ok: true as const, result: { status: 200, headers: {}, body: null, truncated: false } };
const REFUSAL = { ok: false as const, error: { code: 'HTTP_STATUS', message: 'no' } };

const set: JsonObject = { type: 'data.set', params: { values: { x: 1 } } };
const keep = (value: string): JsonObject => ({ type: 'data.set', params: { values: { kept: value } } });
const wait = (length: string): JsonObject => ({ type: 'flow.wait', params: { for: length } });
const when = (condition: string): JsonObject => ({ type: 'flow.if', params: { when: condition } });
const each = (params: JsonObject): JsonObject => ({ type: 'flow.each', params });
const cancel = (nodes: string[], complete = false): JsonObject => ({ type: 'flow.cancel', params: { nodes, complete } });
const join = (wanted: string | number, rest = 'leave'): JsonObject => ({ type: 'flow.join', params: { wait: wanted, rest } });
const request: JsonObject = { type: 'http.request', params: { method: 'GET', url: 'https://example.com/' } };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Fails with what is broken: a cause that is mended outside. */
const fragile = (broken: Set<string>): NodeDefinition =>
  defineNode({
    type: 'test.fragile',
    version: 1,
    title: 'Fragile',
    description: 'Fails with what is broken.',
    params: Type.Object({ value: Template({ description: 'What may be broken.' }) }, { additionalProperties: false }),
    ports: ['next'],
    example: { value: 'x' },
    summary: () => 'fragile',
    run(_ctx, { value }) {
      if (broken.has(value)) throw new TaktError('NODE_FAILED', { message: `${value} is broken.` });
      return { kind: 'next', port: 'next', output: { value } };
    },
  });

function finished(nodes: Record<string, JsonObject>, edges: [string, string][], more: readonly NodeDefinition[] = []): World {
  const world = new World(planOf(nodes, edges, more));
  world.finish();
  return world;
}

const momentsOf = (world: World, node: string): number[] =>
  [...world.steps.values()]
    .filter((step) => step.node === node && step.endedAt !== null)
    .map((step) => (step.endedAt ?? 0) - world.run.createdAt);

describe('a list of items', () => {
  it.each(numbers(12).map((i) => 194 + i))('of %d is carried out to its end, wherever the turn of the run ends', (count) => {
    const world = finished({ list: each({ items: numbers(count), parallel: 100 }), a: set, after: set }, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['list:done', 'after'],
    ]);
    expect([world.run.status, world.visits('a'), world.visits('after')]).toEqual(['done', count, 1]);
  });

  it('of a thousand keeps the results in their order', () => {
    const world = finished({ list: each({ items: numbers(1_000), parallel: 100, collect: true }), a: wait('PT1H'), b: keep('= item') }, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a', 'b'],
    ]);
    expect(world.output('list')).toMatchObject({
      count: 1_000,
      completed: 1_000,
      failed: 0,
      results: numbers(1_000).map((kept) => ({ kept })),
    });
    expect(world.now - world.run.createdAt).toBe(10 * HOUR);
  });

  it('that is larger than what a run may carry fails it, and is told', () => {
    const nodes = { many: set, list: each({ items: `= [1..1000].{ "text": $pad("", 1100, "x") }` }), a: wait('PT1H') };
    const world = finished(nodes, [
      ['start', 'many'],
      ['many', 'list'],
      ['list:item', 'a'],
    ]);
    expect(world.run).toMatchObject({ status: 'failed', dueAt: null, error: { code: 'RUN_TOO_LARGE' } });
  });

  it('joins branches for each item apart', () => {
    const world = finished({ list: each({ items: [1, 2, 3], parallel: 3 }), a: set, b: wait('PT1H'), j: join('all'), met: set }, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['list:item', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'met'],
    ]);
    expect([world.run.status, world.visits('met')]).toEqual(['done', 3]);
  });

  it('whose item fails ends that item with everything that waits in it, and collects the error', () => {
    const nodes = {
      list: each({ items: ['good', 'bad', 'fine'], parallel: 3, collect: true }),
      slow: wait('P1D'),
      inner: each({ items: [1, 2], parallel: 2 }),
      deep: wait('P2D'),
      soon: wait('PT1H'),
      f: { type: 'test.fragile', params: { value: '{{item}}' } },
      after: set,
    };
    const edges: [string, string][] = [
      ['start', 'list'],
      ['list:item', 'slow'],
      ['list:item', 'inner'],
      ['inner:item', 'deep'],
      ['list:item', 'soon'],
      ['soon', 'f'],
      ['list:done', 'after'],
    ];
    const world = new World(planOf(nodes, edges, [fragile(new Set(['bad']))]));
    world.happen();
    world.happen();
    const waiting = world.run.state.tokens.map((token) => token.node).sort();
    expect(waiting).toEqual(['deep', 'deep', 'deep', 'deep', 'inner', 'inner', 'list', 'slow', 'slow']);
    world.finish();
    expect(world.output('list')).toMatchObject({
      completed: 2,
      failed: 1,
      errors: [{ index: 1, code: 'NODE_FAILED', message: 'bad is broken.' }],
      results: [{}, null, {}],
    });
    expect([world.run.status, world.visits('after')]).toEqual(['done', 1]);
  });

  it('whose item fails the run is retried with that item; the others have not been touched', () => {
    const broken = new Set(['b']);
    const nodes = {
      list: each({ items: ['a', 'b', 'c'], parallel: 1, onError: 'fail' }),
      f: { type: 'test.fragile', params: { value: '{{item}}' } },
      after: set,
    };
    const edges: [string, string][] = [
      ['start', 'list'],
      ['list:item', 'f'],
      ['list:done', 'after'],
    ];
    const world = finished(nodes, edges, [fragile(broken)]);
    expect(world.run).toMatchObject({ status: 'failed', error: { code: 'NODE_FAILED', node: 'f' } });
    world.retry();
    world.finish();
    expect(world.run.status).toBe('failed');
    broken.clear();
    world.retry();
    world.finish();
    expect(world.trail()).toEqual([
      'list done → done',
      'f done → next',
      'f failed',
      'f failed',
      'f done → next',
      'f done → next',
      'after done → next',
    ]);
    expect(world.output('list')).toMatchObject({ count: 3, completed: 3, failed: 0 });
  });

  it('goes on when enough are through; the rest is carried out to its end', () => {
    const nodes = {
      list: each({ items: [1, 2, 3, 4], parallel: 2, enough: 2 }),
      a: wait('PT1H'),
      note: { type: 'data.set', params: { values: { seen: '= nodes.list.completed & " of " & nodes.list.count' } } },
      after: wait('PT5H'),
    };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['list:done', 'note'],
      ['note', 'after'],
    ]);
    expect([world.run.status, world.visits('a'), momentsOf(world, 'after')]).toEqual(['done', 4, [6 * HOUR]]);
    expect(momentsOf(world, 'list')).toEqual([2 * HOUR]);
    expect(world.run.state.vars).toEqual({ seen: '2 of 3' });
  });

  it('of which enough are through does not hold a join up that comes behind it', () => {
    const nodes = {
      list: each({ items: [1, 9], parallel: 2, enough: 1 }),
      a: when('item = 1'),
      b: wait('P9D'),
      other: set,
      j: join('all'),
      met: set,
    };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a:no', 'b'],
      ['list:done', 'j'],
      ['start', 'other'],
      ['other', 'j'],
      ['j', 'met'],
    ]);
    expect([world.run.status, momentsOf(world, 'met')]).toEqual(['done', [0]]);
  });

  it('cancels the rest when enough are through, and does not count what failed among them', () => {
    const nodes = {
      list: each({ items: ['bad', 'x', 'y', 'z', 'never'], parallel: 4, enough: 2, rest: 'cancel' }),
      a: when(`item = 'z'`),
      slow: wait('P1D'),
      f: { type: 'test.fragile', params: { value: '{{item}}' } },
      after: set,
    };
    const edges: [string, string][] = [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a:yes', 'slow'],
      ['a:no', 'f'],
      ['list:done', 'after'],
    ];
    const world = finished(nodes, edges, [fragile(new Set(['bad']))]);
    expect(world.output('list')).toMatchObject({ completed: 2, failed: 1 });
    expect([world.run.status, momentsOf(world, 'after')]).toEqual(['done', [0]]);
    expect(world.trail()).toContain('slow cancelled');
  });

  it('is bounded where its branch leads back to itself', () => {
    const world = finished({ list: { ...each({ items: [1] }), maxVisits: 5 }, a: set }, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a', 'list'],
    ]);
    expect(world.run).toMatchObject({ status: 'failed', error: { code: 'RUN_VISITS', node: 'list' } });
    expect(world.visits('list')).toBeLessThanOrEqual(7);
  });
});

describe('flow.cancel', () => {
  it('in an item leaves the other items alone', () => {
    const nodes = {
      list: each({ items: [1, 5], parallel: 2 }),
      slow: wait('P1D'),
      soon: wait('PT1H'),
      c: cancel(['slow']),
      a: when('item = 1'),
      z: set,
    };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'slow'],
      ['list:item', 'a'],
      ['a:yes', 'soon'],
      ['soon', 'c'],
      ['slow', 'z'],
    ]);
    expect([world.run.status, world.visits('z')]).toEqual(['done', 1]);
    expect(world.output('list')).toMatchObject({ completed: 2 });
  });

  it('of a list takes its items away, also those of lists in them', () => {
    const nodes = {
      list: each({ items: [1, 2] }),
      inner: each({ items: [1, 2] }),
      slow: request,
      t: wait('PT1H'),
      c: cancel(['list', 'inner']),
      z: set,
    };
    const world = new World(
      planOf(nodes, [
        ['start', 'list'],
        ['list:item', 'inner'],
        ['inner:item', 'slow'],
        ['list:done', 'z'],
        ['start', 't'],
        ['t', 'c'],
      ]),
    );
    world.advance();
    world.now += HOUR;
    world.advance();
    expect([world.run.status, world.output('c'), world.visits('z')]).toEqual(['done', { cancelled: 2 }, 0]);
    expect(world.trail()).toEqual(['list cancelled', 't done → next', 'inner cancelled', 'slow cancelled', 'c done → next']);
  });

  it('completes a list: it goes on with what is through', () => {
    const nodes = {
      list: each({ items: [1, 2, 3], parallel: 2, collect: true }),
      a: when('item = 1'),
      slow: wait('P1D'),
      t: wait('PT1H'),
      c: cancel(['list'], true),
      z: keep('= nodes.list.completed'),
    };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a:no', 'slow'],
      ['list:done', 'z'],
      ['start', 't'],
      ['t', 'c'],
    ]);
    expect([world.run.status, world.run.state.vars.kept, momentsOf(world, 'z')]).toEqual(['done', 1, [HOUR]]);
  });

  it('of the list that it stands in ends its own item with the others', () => {
    const nodes = { list: each({ items: [1, 2, 3] }), a: when('item = 2'), c: cancel(['list'], true), never: set, z: set };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'a'],
      ['a:yes', 'c'],
      ['c', 'never'],
      ['list:done', 'z'],
    ]);
    expect([world.run.status, world.visits('a'), world.visits('never'), world.visits('z')]).toEqual(['done', 2, 0, 1]);
  });

  it('is not needed for a list on a branch that a join cancels', () => {
    const nodes = { list: each({ items: [1, 2], parallel: 2 }), slow: wait('P1D'), soon: wait('PT1H'), j: join('any', 'cancel'), z: set };
    const world = finished(nodes, [
      ['start', 'list'],
      ['list:item', 'slow'],
      ['list:done', 'j'],
      ['start', 'soon'],
      ['soon', 'j'],
      ['j', 'z'],
    ]);
    expect([world.run.status, momentsOf(world, 'z')]).toEqual(['done', [HOUR]]);
    expect(world.trail().filter((step) => step === 'slow cancelled')).toHaveLength(2);
  });
});

describe('what ends a wait', () => {
  it('is not lost when another branch fails in the same turn', () => {
    const world = new World(
      planOf({ a: request, b: request, z: keep('= nodes.b.status'), j: join('all') }, [
        ['start', 'a'],
        ['start', 'b'],
        ['b', 'z'],
        ['z', 'j'],
        ['a', 'j'],
      ]),
    );
    world.advance();
    const [a, b] = world.open;
    world.advance([
      { waitId: a?.waitId ?? '', payload: REFUSAL },
      { waitId: b?.waitId ?? '', payload: ANSWER },
    ]);
    expect(world.run).toMatchObject({ status: 'failed', error: { node: 'a' } });
    world.retry();
    world.advance();
    expect(world.run.state.vars.kept).toBe(200);
    expect(world.run).toMatchObject({ status: 'waiting' });
    world.advance([{ waitId: world.open.at(-1)?.waitId ?? '', payload: ANSWER }]);
    expect([world.run.status, world.visits('j')]).toEqual(['done', 2]);
  });

  it('is not lost when the turn of the run is over before', () => {
    const nodes = { list: each({ items: numbers(300), parallel: 100 }), a: request, b: keep('= nodes.a.status') };
    const world = new World(
      planOf(nodes, [
        ['start', 'list'],
        ['list:item', 'a'],
        ['a', 'b'],
      ]),
    );
    world.advance();
    const answers = (): { waitId: string; payload: typeof ANSWER }[] =>
      world.open.splice(0).map(({ waitId }) => ({ waitId, payload: ANSWER }));
    for (let turns = 0; world.moves && turns < 100; turns++) world.advance(answers());
    expect(world.output('list')).toMatchObject({ count: 300, completed: 300, failed: 0 });
  });
});

describe('compensation', () => {
  const undo = (value: string): JsonObject => ({ type: 'test.fragile', params: { value } });

  it('goes on with the handler that has failed when the run is retried', () => {
    const broken = new Set(['two']);
    const nodes = {
      one: { ...set, compensate: 'undo_one' },
      two: { ...set, compensate: 'undo_two' },
      three: { ...set, compensate: 'undo_three' },
      all: { type: 'flow.compensate' },
      ...{ undo_one: undo('one'), undo_two: undo('two'), undo_three: undo('three'), z: set },
    };
    const edges: [string, string][] = [
      ['start', 'one'],
      ['one', 'two'],
      ['two', 'three'],
      ['three', 'all'],
      ['all', 'z'],
    ];
    const world = finished(nodes, edges, [fragile(broken)]);
    expect(world.run).toMatchObject({ status: 'failed', error: { node: 'undo_two' } });
    broken.clear();
    world.retry();
    world.finish();
    expect(world.trail().slice(3)).toEqual([
      'all done → next',
      'undo_three done → next',
      'undo_two failed',
      'undo_two done → next',
      'undo_one done → next',
      'z done → next',
    ]);
    expect(world.output('all')).toEqual({ compensated: 3 });
  });

  it('in an item takes back what has been done in it, also in lists of it that are through, and nothing else', () => {
    const nodes = {
      before: { ...set, compensate: 'undo' },
      list: each({ items: [1, 2] }),
      inner: each({ items: ['a', 'b'] }),
      work: { ...keep('= item'), compensate: 'undo' },
      bad: when('item = 2'),
      all: { type: 'flow.compensate' },
      undo: { type: 'test.fragile', params: { value: '{{item.output.kept}}' } },
    };
    const edges: [string, string][] = [
      ['start', 'before'],
      ['before', 'list'],
      ['list:item', 'inner'],
      ['inner:item', 'work'],
      ['inner:done', 'bad'],
      ['bad:yes', 'all'],
    ];
    const world = finished(nodes, edges, [fragile(new Set())]);
    const undone = [...world.steps.values()].filter((step) => step.node === 'undo').map((step) => step.output);
    expect(undone).toEqual([{ value: 'b' }, { value: 'a' }]);
    expect(world.run.status).toBe('done');
    expect(world.run.state.undoable).toHaveLength(3);
  });
});

describe('a critical section', () => {
  const lock: JsonObject = { type: 'flow.lock', params: { key: 'k' } };
  const unlock: JsonObject = { type: 'flow.unlock', params: { key: 'k' } };

  it('is entered by one branch of a run at a time, in the order in which they came', () => {
    const world = finished({ list: each({ items: [1, 2, 3], parallel: 3 }), lock, work: wait('PT1H'), unlock }, [
      ['start', 'list'],
      ['list:item', 'lock'],
      ['lock', 'work'],
      ['work', 'unlock'],
    ]);
    expect([world.run.status, momentsOf(world, 'work'), world.marks.size]).toEqual(['done', [HOUR, 2 * HOUR, 3 * HOUR], 0]);
  });

  it('lets a branch that is within already go on', () => {
    const world = finished({ lock, again: lock, unlock, z: set }, [
      ['start', 'lock'],
      ['lock', 'again'],
      ['again', 'unlock'],
      ['unlock', 'z'],
    ]);
    expect([world.run.status, world.visits('z'), world.marks.size]).toEqual(['done', 1, 0]);
  });

  it('is not left by a branch that never entered it, nor does that take others out of the line', () => {
    const nodes = { lock, work: wait('PT2H'), out: unlock, other: unlock, second: wait('PT1H'), line: lock, z: set };
    const world = finished(nodes, [
      ['start', 'lock'],
      ['lock', 'work'],
      ['work', 'out'],
      ['start', 'line'],
      ['line', 'z'],
      ['start', 'second'],
      ['second', 'other'],
    ]);
    expect([world.run.status, momentsOf(world, 'z')]).toEqual(['done', [2 * HOUR]]);
  });

  it('goes to the next in line when a branch that is in it, or before it in line, is cancelled or ends', () => {
    const nodes = { a: lock, work: wait('PT9H'), b: lock, d: lock, never: set, z: set, t: wait('PT1H'), c: cancel(['work', 'b']) };
    const world = finished(nodes, [
      ['start', 'a'],
      ['a', 'work'],
      ['start', 'b'],
      ['b', 'never'],
      ['start', 'd'],
      ['d', 'z'],
      ['start', 't'],
      ['t', 'c'],
    ]);
    expect([world.run.status, world.visits('never'), momentsOf(world, 'z'), world.marks.size]).toEqual(['done', 0, [HOUR], 0]);
  });

  it('that can never be left, since its branch waits for the one in line, fails the run instead of holding it up', () => {
    const world = finished({ a: lock, b: lock, j: join('all'), z: set }, [
      ['start', 'a'],
      ['start', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'z'],
    ]);
    expect(world.run).toMatchObject({ status: 'failed', error: { code: 'RUN_STUCK', node: 'b' } });
    world.advance([{ waitId: '!cancel', payload: ANSWER }]);
    expect([world.run.status, world.marks.size]).toEqual(['cancelled', 0]);
  });
});
