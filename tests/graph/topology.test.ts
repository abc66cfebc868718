import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycles, reachable } from '../../engine/graph/topology.ts';

const nodes = ['a', 'b', 'c', 'd', 'e', 'f'];
const graphs = fc
  .array(fc.tuple(fc.constantFrom(...nodes), fc.constantFrom(...nodes)), { maxLength: 14 })
  .map((edges) => new Map(nodes.map((node) => [node, edges.filter(([from]) => from === node).map(([, to]) => to)])));

/** Can `to` be reached from `from` by at least one edge? */
const leads = (graph: Map<string, string[]>, from: string, to: string): boolean => reachable(graph.get(from) ?? [], graph).has(to);

describe('cycles', () => {
  it('name exactly the nodes that lead back to themselves', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(new Set(cycles(nodes, graph).flat())).toEqual(new Set(nodes.filter((node) => leads(graph, node, node))));
      }),
    );
  });

  it('hold together: each node of one leads to every other of it', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        for (const cycle of cycles(nodes, graph)) {
          for (const from of cycle) for (const to of cycle) expect(leads(graph, from, to)).toBe(true);
        }
      }),
    );
  });
});
