import { expect, test } from 'vitest';
import { binned, binsOf } from '../../engine/learning/binning.ts';
import { expectedLogOdds, shapley } from '../../engine/learning/shapley.ts';
import { addForest, type Forest, growForest, rankedOf, type Tree } from '../../engine/learning/trees.ts';
import { frame, leads } from './world.ts';

const { rows, outcomes } = leads(600, 11);
const bins = binsOf(frame(rows));
const data = binned(bins, frame(rows));
const forest: Forest = growForest(bins, data, outcomes, new Float64Array(600).fill(1), new Float64Array(600), {
  seed: 3,
  trees: 12,
  depth: 5,
  rate: 0.2,
});

/** A tree's value where only some columns are known: where one is not, both ways by the weight of their rows. */
function expected(tree: Tree, codes: readonly number[], known: ReadonlySet<number>, node = 0): number {
  const column = tree.column[node] ?? -1;
  if (column < 0) return tree.value[node] ?? 0;
  const [left, right] = [tree.left[node] ?? 0, tree.right[node] ?? 0];
  if (known.has(column)) return expected(tree, codes, known, (codes[column] ?? 0) <= (tree.upTo[node] ?? 0) ? left : right);
  const [l, r] = [tree.cover[left] ?? 0, tree.cover[right] ?? 0];
  return (l * expected(tree, codes, known, left) + r * expected(tree, codes, known, right)) / (l + r);
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

/** By the definition: over all sets of the other columns. */
function byDefinition(codes: readonly number[], column: number): number {
  const others = codes.map((_, c) => c).filter((c) => c !== column);
  let sum = 0;
  for (let mask = 0; mask < 2 ** others.length; mask++) {
    const set = new Set(others.filter((_, k) => (mask >> k) & 1));
    const weight = (factorial(set.size) * factorial(others.length - set.size)) / factorial(codes.length);
    for (const tree of forest.trees) sum += weight * (expected(tree, codes, new Set([...set, column])) - expected(tree, codes, set));
  }
  return sum;
}

test('contributions are the Shapley values of the definition', () => {
  const ranked = rankedOf(forest, data);
  for (const row of [0, 17, 100, 599]) {
    const codes = ranked.codes.map((column) => column[row] ?? 0);
    const found = shapley(forest, data, row);
    for (const [column, value] of found.entries()) expect(value).toBeCloseTo(byDefinition(codes, column), 9);
  }
});

test('with the mean of the leaves they add up to what the trees say', () => {
  const sums = new Float64Array(600);
  addForest(forest, data, sums);
  for (const row of [3, 250, 512]) {
    const sum = shapley(forest, data, row).reduce((a, b) => a + b, expectedLogOdds(forest));
    expect(sum).toBeCloseTo(sums[row] ?? 0, 9);
  }
});
