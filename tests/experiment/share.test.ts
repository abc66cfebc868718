import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseArm, stickyShare } from '../../engine/experiment/share.ts';
import { refusal } from '../support/refusal.ts';

/** Ids as they come: one after the other, alike but for their end. */
const IDS = Array.from({ length: 10_000 }, (_, i) => `01934f00-7000-7000-8000-${i.toString(16).padStart(12, '0')}`);

/** Pearson's statistic of counts against what was expected of each. */
const chiSquare = (counts: readonly number[], expected: (bin: number) => number): number =>
  counts.reduce((sum, count, bin) => sum + (count - expected(bin)) ** 2 / expected(bin), 0);

function countsOf(values: readonly number[], bins: number): number[] {
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

describe('the share of a record', () => {
  it('is the same in every process and release', () => {
    expect(stickyShare('lead-routing', 'split', IDS[0] ?? '')).toBe(0.5775533139827616);
    expect(stickyShare()).toBe(0.3098724860575821);
  });

  it('is spread evenly over 10,000 ids', () => {
    const bins = countsOf(
      IDS.map((id) => Math.floor(stickyShare('welcome', id) * 20)),
      20,
    );
    // 43.82: 0.1% of even spreads are further off (19 degrees of freedom).
    expect(chiSquare(bins, () => 500)).toBeLessThan(43.82);
  });

  it('in one split says nothing about that in another', () => {
    const cells = countsOf(
      IDS.map((id) => 4 * Math.floor(stickyShare('welcome', 'a', id) * 4) + Math.floor(stickyShare('welcome', 'b', id) * 4)),
      16,
    );
    // 37.70: 0.1% (15 degrees of freedom).
    expect(chiSquare(cells, () => 625)).toBeLessThan(37.7);
  });

  it('lies in [0, 1) and depends on every part and on where it ends', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (parts, a, b) => {
        const share = stickyShare(...parts, a, b);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThan(1);
        expect(stickyShare(...parts, a, b)).toBe(share);
        expect(stickyShare(...parts, a + b)).not.toBe(share);
        expect(stickyShare(...parts, a, b, '')).not.toBe(share);
      }),
    );
  });
});

describe('the arm of a share', () => {
  it.each([
    [0, [1, 1], 0],
    [0.4999, [1, 1], 0],
    [0.5, [1, 1], 1],
    [0.99999, [1, 1], 1],
    [0.89, [90, 10], 0],
    [0.9, [90, 10], 1],
    [0, [0, 1], 1],
    [0.99999, [1, 0], 0],
    [0.5, [0.2, 0.2, 0.2], 1],
  ])('%d among %j is %d', (share, weights, arm) => {
    expect(chooseArm(share, weights)).toBe(arm);
  });

  it('comes as often as its weight says', () => {
    const weights = [70, 20, 10];
    const counts = countsOf(
      IDS.map((id) => chooseArm(stickyShare('welcome', 'split', id), weights)),
      3,
    );
    // 13.82: 0.1% (2 degrees of freedom).
    expect(chiSquare(counts, (arm) => 100 * (weights[arm] ?? 0))).toBeLessThan(13.82);
  });

  it('has weight, whatever the share', () => {
    const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true }));
    const share = fc.oneof(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.constant(1 - 2 ** -53));
    fc.assert(
      fc.property(share, fc.array(weight, { minLength: 1, maxLength: 8 }), (at, weights) => {
        fc.pre(weights.some((one) => one > 0));
        expect(weights[chooseArm(at, weights)]).toBeGreaterThan(0);
      }),
    );
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[2, -1]], [[Number.NaN, 1]], [[Number.POSITIVE_INFINITY]]])('of %j is refused', (weights) => {
    expect(refusal(() => chooseArm(0.5, weights)).code).toBe('INPUT_INVALID');
  });
});
