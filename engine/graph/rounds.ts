/** Who can still come to a node before its next round, where there are cycles. */
import { forwardOrder, reachable, reversed, type Successors } from './topology.ts';

/**
 * Does a way of at least one edge lead from one node to another that does not begin a new round of a cycle in which the other lies? A
 * branch that goes round a cycle of its own before it comes counts; one that would only come back with the next round of both does not.
 *
 * Cycles are the natural loops of the graph: edges against the order of a depth-first search lead to a loop's head, and everything that
 * comes from the head and leads to such an edge without passing the head again is in the loop (A. Aho, M. Lam, R. Sethi, J. Ullman,
 * "Compilers", 2nd ed., 9.6). Because whatever lies on one cycle is cut off from itself, no two nodes reach each other. Answers by one
 * search for each target.
 */
export function reachInRound(starts: readonly string[], successors: Successors): (from: string, to: string) => boolean {
  const order = forwardOrder(starts, successors);
  const leadsBack = (from: string, to: string): boolean => (order.get(to) ?? 0) <= (order.get(from) ?? 0);
  const back = reversed(successors);
  const loops = loopsOf(successors, back, leadsBack);
  const known = new Map<string, ReadonlySet<string>>();
  return (from, to) => {
    let sources = known.get(to);
    if (!sources) {
      const around = new Set([...loops].flatMap(([head, loop]) => (loop.has(to) ? [head] : [])));
      const into = (node: string): string[] => (back.get(node) ?? []).filter((source) => !(around.has(node) && leadsBack(source, node)));
      sources = reachable(into(to), new Map([...back.keys()].map((node) => [node, into(node)])));
      known.set(to, sources);
    }
    return sources.has(from);
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
