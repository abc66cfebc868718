import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachInRound } from '../../engine/graph/rounds.ts';
import { cycles, reachable } from '../../engine/graph/topology.ts';

/** Edges as `a>b`, in one text. */
function graph(text: string): Map<string, string[]> {
  const successors = new Map<string, string[]>();
  for (const edge of text.split(' ')) {
    const [from = '', to = ''] = edge.split('>');
    successors.set(from, [...(successors.get(from) ?? []), to]);
  }
  return successors;
}
const graphs = fc
  .array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { minLength: 1, maxLength: 20 })
  .map((edges) => graph(['s>0', ...edges.map(([from, to]) => `${from}>${to}`)].join(' ')));

describe('who can come to a node in its round', () => {
  it('is not who would have to go round a loop in which the node lies', () => {
    const reaches = reachInRound(['s'], graph('s>fork fork>a fork>b a>join b>join join>more more>fork more>end'));
    expect(reaches('a', 'join')).toBe(true);
    expect(reaches('join', 'a')).toBe(false);
    expect(reaches('more', 'join')).toBe(false);
    expect(reaches('more', 'end')).toBe(true);
    expect(reaches('join', 'join')).toBe(false);
  });

  it('is who goes round a loop of its own before', () => {
    const reaches = reachInRound(['s'], graph('s>a s>b a>join b>bad bad>pause pause>b bad>join'));
    expect(reaches('pause', 'join')).toBe(true);
    expect(reaches('pause', 'bad')).toBe(false);
  });

  it('tells inner loops from outer ones', () => {
    const reaches = reachInRound(
      ['s'],
      graph('s>outer outer>inner inner>x inner>y x>meet y>meet meet>more more>inner more>last last>outer'),
    );
    expect(reaches('last', 'meet')).toBe(false);
    expect(reaches('more', 'meet')).toBe(false);
    expect(reaches('more', 'last')).toBe(true);
  });

  it('is everybody who reaches it, where there is no cycle', () => {
    fc.assert(
      fc.property(graphs, (successors) => {
        const nodes = [...reachable(['s'], successors)];
        if (cycles(nodes, successors).length > 0) return;
        const reaches = reachInRound(['s'], successors);
        for (const from of nodes) {
          const all = reachable(successors.get(from) ?? [], successors);
          for (const to of nodes) expect(reaches(from, to)).toBe(all.has(to));
        }
      }),
    );
  });

  it('never makes two nodes wait for each other, in any graph', () => {
    fc.assert(
      fc.property(graphs, (successors) => {
        const nodes = [...reachable(['s'], successors)];
        const reaches = reachInRound(['s'], successors);
        const waits = new Map(nodes.map((from) => [from, nodes.filter((to) => reaches(from, to))]));
        expect(cycles(nodes, waits)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
