/** Facts about a directed graph, each in time linear in nodes and edges (upstream: per node). */

export type Successors = ReadonlyMap<string, readonly string[]>;

/** Everything that can be reached from the starts, the starts included. */
export function reachable(starts: Iterable<string>, successors: Successors): Set<string> {
  const seen = new Set<string>(starts);
  const stack = [...seen];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const next of successors.get(node) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        stack.push(next);
      }
    }
  }
  return seen;
}

/** The graph with its arrows turned round. */
export function reversed(successors: Successors): Map<string, string[]> {
  const back = new Map<string, string[]>();
  for (const [from, targets] of successors) {
    for (const to of targets) {
      const list = back.get(to);
      if (list) list.push(from);
      else back.set(to, [from]);
    }
  }
  return back;
}

/**
 * Cycles, as strongly connected components with at least one inner edge.
 * R. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972); here without recursion, so that a
 * long chain cannot overflow the stack.
 */
export function cycles(nodes: Iterable<string>, successors: Successors): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open = new Set<string>();
  const path: string[] = [];
  const found: string[][] = [];

  for (const root of nodes) {
    if (index.has(root)) continue;
    const work: { node: string; next: number }[] = [{ node: root, next: 0 }];
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) ?? 0);
        path.push(node);
        open.add(node);
      }
      const targets = successors.get(node) ?? [];
      const target = targets[frame.next];
      if (target !== undefined) {
        frame.next++;
        if (!index.has(target)) work.push({ node: target, next: 0 });
        else if (open.has(target)) low.set(node, Math.min(low.get(node) ?? 0, index.get(target) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1)?.node;
      if (parent !== undefined) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== index.get(node)) continue;
      const component = path.splice(path.indexOf(node));
      for (const member of component) open.delete(member);
      if (component.length > 1 || targets.includes(node)) found.push(component);
    }
  }
  return found;
}

/**
 * Nodes numbered so that every edge leads to a higher number, save those that close a cycle: the reverse of the order in which a
 * depth-first search leaves them. Without recursion, as above.
 */
export function forwardOrder(starts: Iterable<string>, successors: Successors): Map<string, number> {
  const seen = new Set<string>();
  const left: string[] = [];
  for (const start of starts) {
    if (seen.has(start)) continue;
    const work = [{ node: start, next: 0 }];
    for (let frame = work.at(-1); frame; frame = work.at(-1)) {
      seen.add(frame.node);
      const target = successors.get(frame.node)?.[frame.next++];
      if (target === undefined) {
        left.push(frame.node);
        work.pop();
      } else if (!seen.has(target)) work.push({ node: target, next: 0 });
    }
  }
  return new Map(left.reverse().map((node, i) => [node, i]));
}
