/**
 * What each column adds to a row's log-odds in a forest: Shapley values of the trees' own conditional expectations, exact, by the polynomial
 * algorithm of Lundberg et al., Consistent individualized feature attribution for tree ensembles (2018), algorithm 2. They add up to the row's
 * sum of leaves less {@link expectedLogOdds}.
 */
import type { Binned } from './binning.ts';
import { type Forest, rankedOf, type Tree } from './trees.ts';

/** One column on the way to a leaf: the share of the ways through it where it is not known (`zero`) and where it is (`one`), and a weight. */
interface Way {
  column: number;
  zero: number;
  one: number;
  weight: number;
}

/** Column → contribution. */
export function shapley(forest: Forest, data: Binned, row: number): Float64Array {
  const { codes } = rankedOf(forest, { size: 1, codes: data.codes.map((column) => column.subarray(row, row + 1)) });
  const phi = new Float64Array(codes.length);
  for (const tree of forest.trees) walk(tree, codes, phi, 0, [], 1, 1, -1);
  return phi;
}

/** The mean of the trees' leaves by the weight of their training rows: the average client. */
export function expectedLogOdds({ trees }: Forest): number {
  return trees.reduce((sum, tree) => {
    const leaves = tree.column.flatMap((column, node) => (column < 0 ? [node] : []));
    return sum + leaves.reduce((mean, node) => mean + (tree.value[node] ?? 0) * shareOf(tree, node), 0);
  }, 0);
}

/** The share of a tree's rows that comes to a node, as the product of the shares on the way. */
function shareOf(tree: Tree, node: number): number {
  return (tree.cover[node] ?? 0) / (tree.cover[0] ?? 1);
}

function walk(
  tree: Tree,
  codes: readonly Uint8Array[],
  phi: Float64Array,
  node: number,
  above: readonly Way[],
  zero: number,
  one: number,
  column: number,
): void {
  let path = extend(above, zero, one, column);
  const split = tree.column[node] ?? -1;
  if (split < 0) {
    for (let i = 1; i < path.length; i++) {
      const way = path[i];
      if (way) phi[way.column] = (phi[way.column] ?? 0) + unwoundSum(path, i) * (way.one - way.zero) * (tree.value[node] ?? 0);
    }
    return;
  }
  const goesLeft = (codes[split]?.[0] ?? 0) <= (tree.upTo[node] ?? 0);
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
  const [hot, cold] = goesLeft ? [left, right] : [right, left];
  let [zeroSoFar, oneSoFar] = [1, 1];
  const before = path.findIndex((way) => way.column === split);
  if (before >= 0) {
    zeroSoFar = path[before]?.zero ?? 1;
    oneSoFar = path[before]?.one ?? 1;
    path = unwind(path, before);
  }
  // The children's own sum, which rounding may part from the node's cover.
  const cover = (tree.cover[hot] ?? 0) + (tree.cover[cold] ?? 0);
  walk(tree, codes, phi, hot, path, (zeroSoFar * (tree.cover[hot] ?? 0)) / cover, oneSoFar, split);
  walk(tree, codes, phi, cold, path, (zeroSoFar * (tree.cover[cold] ?? 0)) / cover, 0, split);
}

function extend(above: readonly Way[], zero: number, one: number, column: number): Way[] {
  const length = above.length;
  const path = above.map((way) => ({ ...way }));
  path.push({ column, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    const [way, next] = [path[i], path[i + 1]];
    if (!way || !next) continue;
    next.weight += (one * way.weight * (i + 1)) / (length + 1);
    way.weight = (zero * way.weight * (length - i)) / (length + 1);
  }
  return path;
}

function unwind(path: readonly Way[], index: number): Way[] {
  const last = path.length - 1;
  const { one = 1, zero = 1 } = path[index] ?? {};
  const result = path.slice(0, last).map((way) => ({ ...way }));
  let next = path[last]?.weight ?? 0;
  for (let i = last - 1; i >= 0; i--) {
    const way = result[i];
    if (!way) continue;
    if (one !== 0) {
      const weight = way.weight;
      way.weight = (next * (last + 1)) / ((i + 1) * one);
      next = weight - (way.weight * zero * (last - i)) / (last + 1);
    } else way.weight = (way.weight * (last + 1)) / (zero * (last - i));
  }
  for (let i = index; i < last; i++) {
    const [way, after] = [result[i], path[i + 1]];
    if (way && after) Object.assign(way, { column: after.column, zero: after.zero, one: after.one });
  }
  return result;
}

const unwoundSum = (path: readonly Way[], index: number): number => unwind(path, index).reduce((sum, { weight }) => sum + weight, 0);
