/**
 * Boosted trees on bins, on top of a regression: each corrects what all before it have left (Friedman, Greedy function approximation, 2001, with second-order steps
 * and histograms as in Chen & Guestrin, XGBoost, 2016).
 */
import { type Random, seededRandom } from '../ports/random.ts';
import { type Binned, type Bins, binCount } from './binning.ts';

/** Nodes in order; node 0 is the root, and a node without children has `column` −1. Rows whose rank is at most `upTo` go left. */
export interface Tree {
  readonly column: number[];
  readonly upTo: number[];
  readonly left: number[];
  readonly right: number[];
  /** Of a leaf: what it adds to the log-odds. */
  readonly value: number[];
  /** The weight of the rows that came here in training. */
  readonly cover: number[];
}

export interface Forest {
  /** Column → bin → rank: numbers in their order, levels by their success, so that one cut parts the good ones from the bad. */
  readonly ranks: readonly (readonly number[])[];
  readonly trees: readonly Tree[];
}

export interface ForestOptions {
  readonly seed: number;
  readonly trees: number;
  readonly depth: number;
  /** What of each correction is taken. */
  readonly rate: number;
}

/** Keeps leaves of few rows small. */
const RIDGE = 5;
/** A leaf's least weight of rows, as the sum of p(1 − p), and as a share of all rows'. */
const LEAST_HESSIAN = 3;
const LEAST_SHARE = 0.001;
/** Of the rows and of the columns that each tree sees: few columns make the trees differ. */
const ROWS = 0.8;
const COLUMNS = 0.4;
/** A level's success is taken for the mean's where it has few rows. */
const SMOOTH = 10;

/** Called after each tree; ends the growing by giving false. */
type OnTree = (forest: Forest) => boolean;

/** @param start the log-odds that the trees are to correct */
export function growForest(
  bins: readonly Bins[],
  data: Binned,
  outcomes: ArrayLike<number>,
  weights: Float64Array,
  start: Float64Array,
  { seed, trees: count, depth, rate }: ForestOptions,
  onTree: OnTree = () => true,
): Forest {
  const random = seededRandom(seed);
  const ranks = ranksOf(bins, data, outcomes, weights);
  const ranked: Binned = { size: data.size, codes: data.codes.map((codes, c) => codes.map((code) => ranks[c]?.[code] ?? 0)) };
  const grower = new Grower(bins.map(binCount), ranked, depth, rate);
  const logOdds = start.slice();
  const trees: Tree[] = [];
  const forest: Forest = { ranks, trees };
  for (let t = 0; t < count; t++) {
    const { gradient, hessian } = grower;
    for (let i = 0; i < data.size; i++) {
      const p = 1 / (1 + Math.exp(-(logOdds[i] ?? 0)));
      gradient[i] = (weights[i] ?? 0) * (p - (outcomes[i] ?? 0));
      hessian[i] = (weights[i] ?? 0) * p * (1 - p);
    }
    const tree = grower.grow(random);
    trees.push(tree);
    addTree(tree, ranked, logOdds);
    if (!onTree(forest)) break;
  }
  return forest;
}

/** Adds what the trees say to the log-odds of the rows. */
export function addForest(forest: Forest, data: Binned, sum: Float64Array): void {
  const ranked = rankedOf(forest, data);
  for (const tree of forest.trees) addTree(tree, ranked, sum);
}

export const rankedOf = ({ ranks }: Pick<Forest, 'ranks'>, { size, codes }: Binned): Binned => ({
  size,
  codes: codes.map((column, c) => column.map((code) => ranks[c]?.[code] ?? 0)),
});

export function addTree({ column, upTo, left, right, value }: Tree, { size, codes }: Binned, sum: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let node = 0;
    for (let c = column[0] ?? -1; c >= 0; c = column[node] ?? -1) {
      node = ((codes[c]?.[i] ?? 0) <= (upTo[node] ?? 0) ? left[node] : right[node]) ?? 0;
    }
    sum[i] = (sum[i] ?? 0) + (value[node] ?? 0);
  }
}

function ranksOf(bins: readonly Bins[], { size, codes }: Binned, outcomes: ArrayLike<number>, weights: Float64Array): number[][] {
  let [all, good] = [0, 0];
  for (let i = 0; i < size; i++) {
    all += weights[i] ?? 0;
    good += (weights[i] ?? 0) * (outcomes[i] ?? 0);
  }
  const mean = good / all;
  return bins.map((one, c) => {
    const count = binCount(one);
    if (one.kind === 'number') return Array.from({ length: count }, (_, code) => code);
    const [n, s] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < size; i++) {
      const code = codes[c]?.[i] ?? 0;
      n[code] = (n[code] ?? 0) + (weights[i] ?? 0);
      s[code] = (s[code] ?? 0) + (weights[i] ?? 0) * (outcomes[i] ?? 0);
    }
    const success = (code: number): number => ((s[code] ?? 0) + SMOOTH * mean) / ((n[code] ?? 0) + SMOOTH);
    const order = Array.from({ length: count }, (_, code) => code).sort((a, b) => success(a) - success(b) || a - b);
    const rank = new Array<number>(count).fill(0);
    for (const [place, code] of order.entries()) rank[code] = place;
    return rank;
  });
}

/** One part of a tree that is growing: its rows stand together in `rows`. */
interface Part {
  node: number;
  from: number;
  to: number;
  depth: number;
}

class Grower {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
  readonly #counts: readonly number[];
  readonly #data: Binned;
  readonly #depth: number;
  readonly #rate: number;
  readonly #rows: Int32Array;
  readonly #spare: Int32Array;
  /** What a leaf of the present tree has at least. */
  #least = LEAST_HESSIAN;
  readonly #g = new Float64Array(256);
  readonly #h = new Float64Array(256);

  constructor(counts: readonly number[], data: Binned, depth: number, rate: number) {
    this.#counts = counts;
    this.#data = data;
    this.#depth = depth;
    this.#rate = rate;
    this.gradient = new Float64Array(data.size);
    this.hessian = new Float64Array(data.size);
    this.#rows = new Int32Array(data.size);
    this.#spare = new Int32Array(data.size);
  }

  grow(random: Random): Tree {
    let size = 0;
    for (let i = 0; i < this.#data.size; i++) if (random.next() < ROWS) this.#rows[size++] = i;
    const columns = this.#counts.map((_, c) => c).filter(() => random.next() < COLUMNS);
    const tree: Tree = { column: [], upTo: [], left: [], right: [], value: [], cover: [] };
    const open: Part[] = [{ node: this.#add(tree), from: 0, to: size, depth: 0 }];
    this.#least = Math.max(LEAST_HESSIAN, LEAST_SHARE * this.hessian.reduce((a, b) => a + b, 0));
    for (let part = open.pop(); part; part = open.pop()) open.push(...this.#split(tree, part, columns));
    return tree;
  }

  #add(tree: Tree): number {
    for (const list of [tree.column, tree.left, tree.right]) list.push(-1);
    for (const list of [tree.upTo, tree.value, tree.cover]) list.push(0);
    return tree.column.length - 1;
  }

  #split(tree: Tree, { node, from, to, depth }: Part, columns: readonly number[]): Part[] {
    let [g, h] = [0, 0];
    for (let k = from; k < to; k++) {
      const row = this.#rows[k] ?? 0;
      g += this.gradient[row] ?? 0;
      h += this.hessian[row] ?? 0;
    }
    tree.cover[node] = h;
    tree.value[node] = (-this.#rate * g) / (h + RIDGE);
    const best = depth < this.#depth ? this.#best(from, to, columns, g, h) : undefined;
    if (!best) return [];
    const codes = this.#data.codes[best.column] ?? new Uint8Array();
    let [low, high] = [from, 0];
    for (let k = from; k < to; k++) {
      const row = this.#rows[k] ?? 0;
      if ((codes[row] ?? 0) <= best.upTo) this.#rows[low++] = row;
      else this.#spare[high++] = row;
    }
    this.#rows.set(this.#spare.subarray(0, high), low);
    const [left, right] = [this.#add(tree), this.#add(tree)];
    tree.column[node] = best.column;
    tree.upTo[node] = best.upTo;
    tree.left[node] = left;
    tree.right[node] = right;
    tree.value[node] = 0;
    return [
      { node: right, from: low, to, depth: depth + 1 },
      { node: left, from, to: low, depth: depth + 1 },
    ];
  }

  #best(from: number, to: number, columns: readonly number[], g: number, h: number): { column: number; upTo: number } | undefined {
    let best: { column: number; upTo: number } | undefined;
    let most = (g * g) / (h + RIDGE) + 1e-6;
    for (const column of columns) {
      const codes = this.#data.codes[column] ?? new Uint8Array();
      const count = this.#counts[column] ?? 0;
      this.#g.fill(0, 0, count);
      this.#h.fill(0, 0, count);
      for (let k = from; k < to; k++) {
        const row = this.#rows[k] ?? 0;
        const code = codes[row] ?? 0;
        this.#g[code] = (this.#g[code] ?? 0) + (this.gradient[row] ?? 0);
        this.#h[code] = (this.#h[code] ?? 0) + (this.hessian[row] ?? 0);
      }
      let [gl, hl] = [0, 0];
      for (let code = 0; code < count - 1; code++) {
        gl += this.#g[code] ?? 0;
        hl += this.#h[code] ?? 0;
        if (hl < this.#least || h - hl < this.#least) continue;
        const gain = (gl * gl) / (hl + RIDGE) + ((g - gl) * (g - gl)) / (h - hl + RIDGE);
        if (gain > most) {
          most = gain;
          best = { column, upTo: code };
        }
      }
    }
    return best;
  }
}
