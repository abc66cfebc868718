/** Which nodes every way from the starts to a node goes through. */

/**
 * The nearest such node of each. The starts themselves, and nodes where ways from several of them meet, have none.
 * K. Cooper, T. Harvey, K. Kennedy, "A simple, fast dominance algorithm" (2001): in the order of a depth-first search a node's dominator is
 * where the ways up from those before it meet; again until nothing changes.
 * @param order the nodes that can be reached, numbered so that edges lead to higher numbers unless they close a cycle (`forwardOrder`)
 * @param back node → those with an edge to it
 */
export function dominators(
  starts: Iterable<string>,
  order: ReadonlyMap<string, number>,
  back: ReadonlyMap<string, readonly string[]>,
): Map<string, string> {
  const first = new Set(starts);
  const names = [...order.keys()].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  // Numbers from 1; 0 stands before all starts.
  const before = names.map((name) => [
    ...(first.has(name) ? [0] : []),
    ...(back.get(name) ?? []).flatMap((source) => {
      const at = order.get(source);
      return at === undefined ? [] : [at + 1];
    }),
  ]);
  const above = new Array<number | undefined>(names.length + 1);
  above[0] = 0;
  const meet = (a: number, b: number): number => {
    let [one, other] = [a, b];
    while (one !== other) {
      if (one > other) one = above[one] ?? 0;
      else other = above[other] ?? 0;
    }
    return one;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const [i, sources] of before.entries()) {
      const known = sources.filter((source) => above[source] !== undefined);
      const next = known.length === 0 ? 0 : known.reduce(meet);
      if (above[i + 1] === next) continue;
      above[i + 1] = next;
      changed = true;
    }
  }
  return new Map(
    names.flatMap((name, i) => {
      const parent = names[(above[i + 1] ?? 0) - 1];
      return parent === undefined ? [] : [[name, parent] as const];
    }),
  );
}
