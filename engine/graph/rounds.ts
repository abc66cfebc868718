/** Which tokens belong together at a node where branches meet, in a graph with cycles. */
import { dominators } from './dominators.ts';
import { forwardOrder, reachable, reversed, type Successors } from './topology.ts';

export interface Rounds {
  /**
   * Does a way of at least one edge lead from one node to another that does not begin a new round of a cycle in which the other lies? A
   * branch that goes round a cycle of its own before it comes counts; one that would only come back with the next round of both does not.
   * Because whatever lies on one cycle is cut off from itself, no two nodes reach each other. Answers by one search for each target.
   */
  reaches(from: string, to: string): boolean;
  /**
   * Where the branches that meet at a node have parted: the nearest node that forks, that every way to the node goes through, and that is
   * in no cycle in which the node is not. Tokens that come from one and the same visit of it are of one round. Undefined where there is
   * none: then all tokens of the run are. A cycle that the node is not in is looked past, because branches that a cycle has begun one
   * after another meet behind it as one round.
   */
  forkOf(node: string): string | undefined;
}

/**
 * Cycles are the natural loops of the graph: edges against the order of a depth-first search lead to a loop's head, and everything that
 * comes from the head and leads to such an edge without passing the head again is in the loop (A. Aho, M. Lam, R. Sethi, J. Ullman,
 * "Compilers", 2nd ed., 9.6).
 * @param forks nodes from which a port leads to several others
 */
export function roundsOf(starts: readonly string[], successors: Successors, forks: ReadonlySet<string>): Rounds {
  const order = forwardOrder(starts, successors);
  const leadsBack = (from: string, to: string): boolean => (order.get(to) ?? 0) <= (order.get(from) ?? 0);
  const back = reversed(successors);
  const loops = [...loopsOf(successors, back, leadsBack)];
  const sources = memo((to: string): ReadonlySet<string> => {
    const around = new Set(loops.flatMap(([head, loop]) => (loop.has(to) ? [head] : [])));
    const into = (node: string): string[] => (back.get(node) ?? []).filter((source) => !(around.has(node) && leadsBack(source, node)));
    return reachable(into(to), new Map([...back.keys()].map((node) => [node, into(node)])));
  });
  let above: ReadonlyMap<string, string> | undefined;
  const forkOf = memo((node: string): string | undefined => {
    above ??= dominators(starts, order, back);
    const parts = (fork: string): boolean => forks.has(fork) && loops.every(([, loop]) => !loop.has(fork) || loop.has(node));
    let fork = above.get(node);
    while (fork !== undefined && !parts(fork)) fork = above.get(fork);
    return fork;
  });
  return { reaches: (from, to) => sources(to).has(from), forkOf };
}

function memo<T>(find: (node: string) => T): (node: string) => T {
  const known = new Map<string, { value: T }>();
  return (node) => {
    const found = known.get(node) ?? { value: find(node) };
    known.set(node, found);
    return found.value;
  };
}

/** Head → the nodes of its loop. */
function loopsOf(
  successors: Successors,
  back: Successors,
  leadsBack: (from: string, to: string) => boolean,
): Map<string, ReadonlySet<string>> {
  const loops = new Map<string, ReadonlySet<string>>();
  for (const [head, sources] of back) {
    const ends = sources.filter((source) => leadsBack(source, head));
    if (ends.length === 0) continue;
    const leading = reachable(ends, new Map([...back].filter(([node]) => node !== head)));
    const from = reachable([head], successors);
    loops.set(head, new Set([head, ...[...leading].filter((node) => from.has(node))]));
  }
  return loops;
}
