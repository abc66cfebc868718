/** Generated rows of which the truth is known. */
import { type Frame, frameOf } from '../../engine/learning/index.ts';
import { seededRandom } from '../../engine/ports/random.ts';

export type Row = Record<string, string | number | null>;

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export interface World {
  rows: Row[];
  outcomes: Uint8Array;
  /** The probability by which each outcome was drawn. */
  truth: Float64Array;
}

export function world(
  count: number,
  seed: number,
  rowOf: (random: () => number, i: number) => Row,
  logOdds: (row: Row, i: number) => number,
): World {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, (_, i) => rowOf(random.next, i));
  const truth = Float64Array.from(rows, (row, i) => sigmoid(logOdds(row, i)));
  return { rows, truth, outcomes: Uint8Array.from(truth, (p) => (random.next() < p ? 1 : 0)) };
}

/** Texts are levels, numbers numbers, by the first row that has the column. */
export function frame(rows: readonly Row[]): Frame {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const kindOf = (name: string) =>
    typeof rows.find((row) => row[name] !== null && row[name] !== undefined)?.[name] === 'number' ? 'number' : 'level';
  return frameOf(
    rows,
    names.map((name) => ({ name, kind: kindOf(name) })),
    (row, name) => row[name],
  );
}

export const pick = <T>(list: readonly T[], random: () => number): T => {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new RangeError('Nothing to pick from.');
  return found;
};

const SOURCES = { referral: 1.2, site: 0, ads: -0.6, cold: -1.5 };

/** Leads whose chances are a sum: of the source, the company's size, and of hours on the site up to five. */
export const leads = (count: number, seed: number): World =>
  world(
    count,
    seed,
    (random) => ({
      source: pick(Object.keys(SOURCES), random),
      size: pick(['small', 'middle', 'large'], random),
      hours: random() < 0.1 ? null : Math.round(random() * 100) / 10,
      noise: pick(['a', 'b', 'c', 'd', 'e'], random),
    }),
    ({ source, size, hours }) =>
      -0.8 +
      SOURCES[String(source) as keyof typeof SOURCES] +
      (size === 'large' ? 0.9 : 0) +
      (typeof hours === 'number' ? 0.3 * Math.min(5, hours) : -0.5),
  );
