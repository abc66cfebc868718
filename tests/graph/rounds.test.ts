import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dominators } from '../../engine/graph/dominators.ts';
import { roundsOf } from '../../engine/graph/rounds.ts';
import { cycles, forwardOrder, reachable, reversed } from '../../engine/graph/topology.ts';

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
    const { reaches } = roundsOf(['s'], graph('s>fork fork>a fork>b a>join b>join join>more more>fork more>end'), new Set());
    expect(reaches('a', 'join')).toBe(true);
    expect(reaches('join', 'a')).toBe(false);
    expect(reaches('more', 'join')).toBe(false);
    expect(reaches('more', 'end')).toBe(true);
    expect(reaches('join', 'join')).toBe(false);
  });

  it('is who goes round a loop of its own before', () => {
    const { reaches } = roundsOf(['s'], graph('s>a s>b a>join b>bad bad>pause pause>b bad>join'), new Set());
    expect(reaches('pause', 'join')).toBe(true);
    expect(reaches('pause', 'bad')).toBe(false);
  });

  it('tells inner loops from outer ones', () => {
    const { reaches } = roundsOf(
      ['s'],
      graph('s>outer outer>inner inner>x inner>y x>meet y>meet meet>more more>inner more>last last>outer'),
      new Set(),
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
        const { reaches } = roundsOf(['s'], successors, new Set());
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
        const { reaches } = roundsOf(['s'], successors, new Set());
        const waits = new Map(nodes.map((from) => [from, nodes.filter((to) => reaches(from, to))]));
        expect(cycles(nodes, waits)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('where the branches that meet at a node have parted', () => {
  const forkOf = (text: string, ...forks: string[]) => roundsOf(['s'], graph(text), new Set(forks)).forkOf;

  it('is the nearest fork that every way to it goes through', () => {
    const nested = forkOf('s>f f>a f>b a>g g>c g>d c>j d>j j>k b>k', 'f', 'g');
    expect(['j', 'k', 'c', 'f'].map(nested)).toEqual(['g', 'f', 'g', undefined]);
    expect(forkOf('s>x s>f f>a f>b a>j b>j x>j', 's', 'f')('j')).toBe('s');
  });

  it('is looked for above nodes that do not fork', () => {
    expect(forkOf('s>f f>a f>b a>one b>one one>j', 'f')('j')).toBe('f');
  });

  it('is a fork in the same cycle, and none in a cycle that is over before', () => {
    expect(forkOf('s>f f>a f>b a>j b>j j>more more>f more>end', 'f')('j')).toBe('f');
    expect(forkOf('s>top top>f f>work f>ask ask>top work>j', 'f')('j')).toBeUndefined();
    expect(forkOf('s>p p>x p>top top>f f>work f>ask ask>top work>j x>j', 'p', 'f')('j')).toBe('p');
  });

  it('is a node without which there is no way to the other, in any graph', () => {
    fc.assert(
      fc.property(graphs, (successors) => {
        const all = reachable(['s'], successors);
        const above = dominators(['s'], forwardOrder(['s'], successors), reversed(successors));
        for (const node of all) {
          const needed = [...all].filter((other) => other !== node && !reachedWithout(other, successors).has(node));
          const found: string[] = [];
          for (let up = above.get(node); up !== undefined; up = above.get(up)) found.push(up);
          expect(found.sort()).toEqual(needed.sort());
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** What can be reached when one node is taken away. */
const reachedWithout = (removed: string, successors: ReadonlyMap<string, string[]>): Set<string> =>
  removed === 's'
    ? new Set()
    : reachable(['s'], new Map([...successors].map(([from, to]) => [from, from === removed ? [] : to.filter((node) => node !== removed)])));
