import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceInterval, holm, type Sample, twoProportionTest } from '../../engine/experiment/proportions.ts';

const sample = (successes: number, n: number): Sample => ({ successes, n });
const samples = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 5_000 }))
  .map(([a, b]) => sample(Math.min(a, b), Math.max(a, b)));
const swapped = ({ n, successes }: Sample): Sample => sample(n - successes, n);

describe('the test of two proportions', () => {
  it.each([
    // R: prop.test(c(x1, x2), c(n1, n2), correct = FALSE), whose X-squared is z².
    [15, 50, 25, 50, 4.166666666666667, 0.041226833337163815],
    [490, 500, 400, 500, 82.73748723186925, 9.370713134121627e-20],
    [83, 86, 90, 93, 0.009508518748184158, 0.9223200957342685],
    [120, 1000, 150, 1000, 3.8535645472061657, 0.049640386865368834],
    [1, 20, 0, 30, 1.5306122448979593, 0.21602058095545532],
    [5, 1000, 40, 1100, 24.571997345719968, 7.158446551882423e-7],
    [56, 70, 48, 80, 7.023411371237456, 0.008045081368196585],
  ])('%d of %d against %d of %d: χ² %d, p %d', (x1, n1, x2, n2, square, p) => {
    const found = twoProportionTest(sample(x1, n1), sample(x2, n2));
    expect(found.z ** 2 / square).toBeCloseTo(1, 12);
    expect(found.p / p).toBeCloseTo(1, 10);
    expect(Math.sign(found.z)).toBe(Math.sign(x1 / n1 - x2 / n2));
  });

  it.each([
    [0, 0, 5, 10],
    [0, 0, 0, 0],
    [0, 10, 0, 20],
    [10, 10, 20, 20],
  ])('finds nothing where there is nothing to tell apart: %d of %d against %d of %d', (x1, n1, x2, n2) => {
    expect(twoProportionTest(sample(x1, n1), sample(x2, n2))).toEqual({ z: 0, p: 1 });
  });

  it('does not care which is first, nor whether successes or failures are counted', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const { z, p } = twoProportionTest(a, b);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(twoProportionTest(b, a).p).toBeCloseTo(p, 12);
        expect(twoProportionTest(swapped(a), swapped(b)).z).toBeCloseTo(-z, 8);
      }),
    );
  });
});

describe('the interval of the difference', () => {
  it.each([
    // Newcombe 1998, table II, method 10
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %d of %d and %d of %d is [%d, %d]', (x1, n1, x2, n2, low, high) => {
    const found = differenceInterval(sample(x1, n1), sample(x2, n2), 0.95);
    expect(found.map((bound) => Number(bound.toFixed(4)))).toEqual([low, high]);
  });

  it('of nothing is everything', () => {
    expect(differenceInterval(sample(0, 0), sample(0, 0), 0.95)).toEqual([-1, 1]);
  });

  it('holds the difference, turns with the samples and grows with the confidence', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        fc.pre(a.n > 0 && b.n > 0);
        const [low, high] = differenceInterval(a, b, 0.95);
        const difference = a.successes / a.n - b.successes / b.n;
        expect(low).toBeLessThanOrEqual(difference);
        expect(high).toBeGreaterThanOrEqual(difference);
        const turned = differenceInterval(b, a, 0.95);
        expect(turned[0]).toBeCloseTo(-high, 12);
        expect(turned[1]).toBeCloseTo(-low, 12);
        const wider = differenceInterval(a, b, 0.99);
        expect(wider[0]).toBeLessThanOrEqual(low);
        expect(wider[1]).toBeGreaterThanOrEqual(high);
      }),
    );
  });
});

describe("Holm's correction", () => {
  it.each([
    // R: p.adjust(p, "holm")
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
    ],
    [
      [0.01, 0.02, 0.03],
      [0.03, 0.04, 0.04],
    ],
    [
      [0.9, 0.6],
      [1, 1],
    ],
    [[0.04], [0.04]],
    [[], []],
  ])('of %j is %j', (ps, adjusted) => {
    expect(holm(ps).map((p) => Number(p.toFixed(12)))).toEqual(adjusted);
  });
});
