import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { auc, brier, calibrationError, logLoss, reliability } from '../../engine/learning/index.ts';

const judged = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 10 }).map((n) => n / 10),
    fc.integer({ min: 0, max: 1 }),
  ),
  { minLength: 2, maxLength: 40 },
);

test('the area under the curve is the share of pairs in the right order, ties as half', () => {
  fc.assert(
    fc.property(judged, (rows) => {
      const good = rows.filter(([, y]) => y === 1);
      const bad = rows.filter(([, y]) => y === 0);
      const points = good.flatMap(([p]) => bad.map(([q]): number => (p > q ? 1 : p === q ? 0.5 : 0)));
      const found = auc(
        rows.map(([p]) => p),
        rows.map(([, y]) => y),
      );
      if (points.length === 0) expect(found).toBeNaN();
      else expect(found).toBeCloseTo(points.reduce((a, b) => a + b, 0) / points.length, 12);
    }),
  );
});

describe('probabilities', () => {
  it('cost the logarithm of what they gave to what came', () => {
    expect(logLoss([0.5, 0.25], [1, 0])).toBeCloseTo((Math.log(2) + Math.log(4 / 3)) / 2, 12);
    expect(logLoss([0], [1])).toBeCloseTo(34.54, 1);
    expect(brier([0.5, 1], [1, 1])).toBe(0.125);
  });

  it('are put in groups of equal width, empty ones left out', () => {
    expect(reliability([0.05, 0.15, 0.12, 1], [0, 1, 0, 1])).toEqual([
      { from: 0, to: 0.1, count: 1, predicted: 0.05, actual: 0 },
      { from: 0.1, to: 0.2, count: 2, predicted: 0.135, actual: 0.5 },
      { from: 0.9, to: 1, count: 1, predicted: 1, actual: 1 },
    ]);
  });

  it('that are right on average in each group have no calibration error', () => {
    expect(calibrationError([0.5, 0.5, 1], [0, 1, 1])).toBe(0);
    expect(calibrationError([0.75, 0.75], [0, 1])).toBe(0.25);
  });
});
