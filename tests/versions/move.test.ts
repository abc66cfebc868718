/** Runs that go on in another version, where branches are to meet. */
import { describe, expect, it } from 'vitest';
import { moveRun, type NodeMapping } from '../../engine/versions/move.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { planOf, World } from '../run/world.ts';

const set: JsonObject = { type: 'data.set', params: { values: { x: 1 } } };
const wait = (hours: number): JsonObject => ({ type: 'flow.wait', params: { for: `PT${hours}H` } });
const join = (wanted: string | number): JsonObject => ({ type: 'flow.join', params: { wait: wanted } });
type Edges = [string, string][];

/** Goes on in another version after the first turn, until it ends. */
function moved(before: [Record<string, JsonObject>, Edges], after: [Record<string, JsonObject>, Edges], mapping: NodeMapping = {}): World {
  const old = new World(planOf(...before));
  old.happen();
  const world = new World(planOf(...after));
  const outcome = moveRun(old.run, old.plan, world.plan, mapping);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  world.run = outcome.run;
  world.now = old.now;
  world.finish();
  return world;
}

describe('branches that are under way when a run is moved', () => {
  it('meet as they would have, also under other names', () => {
    const edges = (f: string, j: string): Edges => [
      ['start', f],
      [f, 'a'],
      [f, 'b'],
      [f, 'c'],
      ['a', j],
      ['b', j],
      ['c', j],
      [j, 'after'],
    ];
    const nodes = (f: string, j: string, wanted: string | number) => ({
      [f]: set,
      a: set,
      b: wait(1),
      c: wait(2),
      [j]: join(wanted),
      after: set,
    });
    for (const wanted of ['all', 'any', 2]) {
      const world = moved([nodes('f', 'j', wanted), edges('f', 'j')], [nodes('g', 'k', wanted), edges('g', 'k')], { f: 'g', j: 'k' });
      expect([world.run.status, world.run.state.visits.after], String(wanted)).toEqual(['done', 1]);
    }
  });

  it('meet once, where they have parted at several nodes and the new version knows one', () => {
    const rest: Edges = [
      ['f', 'a'],
      ['f', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['x', 'j'],
      ['j', 'after'],
    ];
    const nodes = { f: set, a: wait(1), b: wait(2), x: wait(3), j: join('all'), after: set };
    const world = moved([nodes, [['start', 'f'], ['start', 'x'], ...rest]], [nodes, [['start', 'f'], ['f', 'x'], ...rest]]);
    expect([world.run.status, world.visits('after')]).toEqual(['done', 1]);
  });

  it('that come late are still told that the others have gone on', () => {
    const edges: Edges = [
      ['start', 'f'],
      ['f', 'a'],
      ['f', 'b'],
      ['a', 'j'],
      ['b', 'j'],
      ['j', 'after'],
    ];
    const nodes = { f: set, a: set, b: wait(2), j: join('any'), after: wait(5) };
    const between = { ...nodes, first: set };
    const world = moved([nodes, edges], [between, [['start', 'first'], ['first', 'f'], ...edges.slice(1)]]);
    expect([world.run.status, world.visits('after')]).toEqual(['done', 1]);
  });
});
