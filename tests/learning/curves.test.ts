import { describe, expect, test } from 'vitest';
import { curvesOf } from '../../engine/learning/curves.ts';
import { auc } from '../../engine/learning/index.ts';
import { leads } from './world.ts';

const area = (points: readonly { x: number; y: number }[]): number =>
  points.slice(1).reduce((sum, { x, y }, i) => sum + ((x - (points[i]?.x ?? 0)) * (y + (points[i]?.y ?? 0))) / 2, 0);

describe('curves', () => {
  const { truth, outcomes } = leads(3_000, 4);

  test('lead from nothing to all, and the area under the first is the AUC', () => {
    const { roc, gains } = curvesOf(truth, outcomes);
    for (const curve of [roc, gains]) {
      expect(curve[0]).toEqual({ x: 0, y: 0 });
      expect(curve.at(-1)).toEqual({ x: 1, y: 1 });
    }
    expect(area(roc)).toBeCloseTo(auc(truth, outcomes), 2);
  });

  test('are straight where all rows have one probability', () => {
    const { roc, gains, drift } = curvesOf(
      new Float64Array(50).fill(0.5),
      Uint8Array.from({ length: 50 }, (_, i) => i % 2),
    );
    expect([roc, gains, drift]).toEqual([
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      null,
    ]);
  });

  test('show when what comes no longer fits what was said', () => {
    const times = Float64Array.from(truth, (_, i) => i);
    expect(curvesOf(truth, outcomes, times).drift).toMatchObject({ alarm: null, periods: { length: 12 } });
    const turned = outcomes.map((one, i) => (i < 1_500 ? one : 0));
    const { alarm, periods = [] } = curvesOf(truth, turned, times).drift ?? {};
    expect(alarm).toMatchObject({ calibration: 'over' });
    expect(alarm?.at).toBeGreaterThan(1_500);
    expect(periods.at(-1)).toMatchObject({ from: 2_750, to: 2_999, rows: 250, actual: 0, population: { verdict: 'stable' } });
    expect(curvesOf(truth, outcomes, times, 'several').drift?.periods[0]).toMatchObject({ population: null });
  });
});
