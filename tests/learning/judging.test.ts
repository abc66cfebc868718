import { describe, expect, it } from 'vitest';
import { frameOf } from '../../engine/learning/frame.ts';
import { judged, rollingFolds } from '../../engine/learning/judging.ts';

describe('judging by time', () => {
  it('learns only from what was known before the rows that it judges, whatever their order', () => {
    const times = Float64Array.from({ length: 100 }, (_, row) => (row * 37) % 100);
    const folds = rollingFolds(times, 4);
    expect(folds.map(({ learn, judge }) => [learn.length, judge.length])).toEqual([20, 40, 60, 80].map((known) => [known, 20]));
    for (const { learn, judge } of folds) {
      const last = Math.max(...Array.from(learn, (row) => times[row] ?? 0));
      expect(Math.min(...Array.from(judge, (row) => times[row] ?? 0))).toBeGreaterThan(last);
    }
  });

  it('keeps the rows of one moment together', () => {
    const times = Float64Array.from({ length: 90 }, (_, row) => Math.floor(row / 40));
    for (const { learn, judge } of rollingFolds(times, 2)) {
      const known = new Set(Array.from(learn, (row) => times[row]));
      expect(Array.from(judge).filter((row) => known.has(times[row]))).toEqual([]);
    }
    expect(rollingFolds(new Float64Array(50), 3)).toEqual([]);
  });
});

it('gives each judged row what was told of it by what has not seen it, the others nothing', () => {
  const frame = frameOf([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }], [{ name: 'n', kind: 'number' }], (row) => row.n);
  const seen: number[][] = [];
  const scores = judged(
    (_, outcomes, rows) => {
      seen.push([...rows]);
      return (unseen) => new Float64Array(unseen.size).fill(outcomes.reduce((sum, one) => sum + one, 0) / 10);
    },
    frame,
    Uint8Array.of(1, 1, 0, 0),
    [
      { learn: Int32Array.of(0, 1), judge: Int32Array.of(3) },
      { learn: Int32Array.of(2, 3, 1), judge: Int32Array.of(0) },
    ],
  );
  expect(seen).toEqual([
    [0, 1],
    [2, 3, 1],
  ]);
  expect([...scores]).toEqual([0.1, Number.NaN, Number.NaN, 0.2]);
});
