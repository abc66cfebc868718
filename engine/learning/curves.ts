/** How good probabilities are, as curves to look at. Outcomes are 0 and 1. */
import { numbersStability, watchCalibration } from './drift.ts';

/** A point of a curve, both from 0 to 1. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Some rows that came one after the other. */
interface Period {
  /** Of the first row and of the last one, as the times were given. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Mean probability, and the share of successes. */
  readonly predicted: number;
  readonly actual: number;
  /** Are the probabilities those of the first period's population? The stability index against it; null where several models gave them. */
  readonly population: { readonly index: number; readonly verdict: 'stable' | 'moved' | 'shifted' } | null;
}

interface Drift {
  readonly periods: Period[];
  /** The first alarm of calibration: what it says, and the time of the row at which it rang. */
  readonly alarm: { readonly calibration: 'over' | 'under'; readonly at: number } | null;
}

export interface Curves {
  /** x: the share of the failures that are taken for successes; y: of the successes. From the strictest bound to none. */
  readonly roc: Point[];
  /** x: the share of rows, the likeliest first; y: the share of all successes that are among them. */
  readonly gains: Point[];
  /** Null without times. */
  readonly drift: Drift | null;
}

/** Finer steps than this are not seen. */
const STEP = 0.01;
const MOST_PERIODS = 12;
/** In fewer rows the share of successes says little. */
const LEAST_OF_PERIOD = 50;

/**
 * @param times of the rows, any unit; without them nothing is said of drift
 * @param models `one` has given all scores, or `several` have, each of some rows: then their scores cannot be compared
 */
export function curvesOf(scores: Float64Array, outcomes: Uint8Array, times?: Float64Array, models: 'one' | 'several' = 'one'): Curves {
  const order = Uint32Array.from(scores, (_, row) => row).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const successes = outcomes.reduce((sum, one) => sum + one, 0);
  const failures = outcomes.length - successes;
  const [roc, gains]: [Point[], Point[]] = [[{ x: 0, y: 0 }], [{ x: 0, y: 0 }]];
  let found = 0;
  for (let i = 0; i < order.length; i++) {
    found += outcomes[order[i] ?? 0] ?? 0;
    // Rows of one probability come together: nothing tells them apart.
    if (i + 1 < order.length && scores[order[i + 1] ?? 0] === scores[order[i] ?? 0]) continue;
    const last = i + 1 === order.length;
    add(roc, { x: shareOf(i + 1 - found, failures), y: shareOf(found, successes) }, last);
    add(gains, { x: shareOf(i + 1, order.length), y: shareOf(found, successes) }, last);
  }
  return { roc, gains, drift: times ? driftIn(scores, outcomes, times, models === 'one') : null };
}

const shareOf = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function add(points: Point[], { x, y }: Point, last: boolean): void {
  const before = points.at(-1) ?? { x: 0, y: 0 };
  if (last || x - before.x >= STEP || y - before.y >= STEP) points.push({ x, y });
}

function driftIn(scores: Float64Array, outcomes: Uint8Array, times: Float64Array, comparable: boolean): Drift {
  const order = Uint32Array.from(times, (_, row) => row).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const count = Math.max(1, Math.min(MOST_PERIODS, Math.floor(order.length / LEAST_OF_PERIOD)));
  const parts = Array.from({ length: count }, (_, part) =>
    order.subarray(Math.round((part * order.length) / count), Math.round(((part + 1) * order.length) / count)),
  ).filter((rows) => rows.length > 0);
  const scoresOf = (rows: Uint32Array): Float64Array => Float64Array.from(rows, (row) => scores[row] ?? 0);
  const first = scoresOf(parts[0] ?? new Uint32Array());
  const periods = parts.map((rows): Period => {
    const some = scoresOf(rows);
    const { index, verdict } = numbersStability(first, some);
    return {
      from: times[rows[0] ?? 0] ?? 0,
      to: times[rows.at(-1) ?? 0] ?? 0,
      rows: rows.length,
      predicted: some.reduce((a, b) => a + b, 0) / rows.length,
      actual: rows.reduce((sum, row) => sum + (outcomes[row] ?? 0), 0) / rows.length,
      population: comparable ? { index, verdict } : null,
    };
  });
  const watch = watchCalibration();
  for (const row of order) {
    const calibration = watch.observe(scores[row] ?? 0, outcomes[row] ?? 0);
    if (calibration !== undefined) return { periods, alarm: { calibration, at: times[row] ?? 0 } };
  }
  return { periods, alarm: null };
}
