/** A function of many numbers: gives its value, and writes its slope. */
export type Sloped = (at: Float64Array, slope: Float64Array) => number;

const MEMORY = 8;
const ENOUGH = 1e-4;

/**
 * Goes downhill from `start`, which it moves, by L-BFGS with backtracking (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 3.1).
 * For smooth convex functions. Ends when a step gains less than `tolerance` of the value.
 */
export function minimise(f: Sloped, start: Float64Array, { steps = 200, tolerance = 1e-7 } = {}): void {
  const size = start.length;
  let slope = new Float64Array(size);
  let value = f(start, slope);
  const moves: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  for (let step = 0; step < steps; step++) {
    const way = direction(slope, moves);
    let down = dot(way, slope);
    if (down >= 0) {
      // Curvature has misled it: straight down again.
      moves.length = 0;
      for (let i = 0; i < size; i++) way[i] = -(slope[i] ?? 0);
      down = dot(way, slope);
    }
    if (down === 0) return;
    let length = moves.length === 0 ? Math.min(1, 1 / Math.sqrt(-down)) : 1;
    const next = new Float64Array(size);
    const nextSlope = new Float64Array(size);
    let reached = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 30; tries++, length /= 2) {
      for (let i = 0; i < size; i++) next[i] = (start[i] ?? 0) + length * (way[i] ?? 0);
      reached = f(next, nextSlope);
      if (reached <= value + ENOUGH * length * down) break;
    }
    if (!(reached < value)) return;
    const s = new Float64Array(size);
    const y = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      s[i] = (next[i] ?? 0) - (start[i] ?? 0);
      y[i] = (nextSlope[i] ?? 0) - (slope[i] ?? 0);
    }
    const curvature = dot(s, y);
    if (curvature > 0) {
      moves.push({ s, y, rho: 1 / curvature });
      if (moves.length > MEMORY) moves.shift();
    }
    start.set(next);
    slope = nextSlope;
    const gain = value - reached;
    value = reached;
    if (gain < tolerance * Math.abs(value)) return;
  }
}

function direction(slope: Float64Array, moves: readonly { s: Float64Array; y: Float64Array; rho: number }[]): Float64Array {
  const q = Float64Array.from(slope, (x) => -x);
  const alphas = new Float64Array(moves.length);
  for (let k = moves.length - 1; k >= 0; k--) {
    const move = moves[k];
    if (!move) continue;
    const alpha = move.rho * dot(move.s, q);
    alphas[k] = alpha;
    add(q, move.y, -alpha);
  }
  const last = moves.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * scale;
  }
  for (const [k, move] of moves.entries()) add(q, move.s, (alphas[k] ?? 0) - move.rho * dot(move.y, q));
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + times * (what[i] ?? 0);
}
