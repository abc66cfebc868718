import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRetry, retryDelay } from '../../engine/graph/retry.ts';
import { parseDuration } from '../../engine/time/duration.ts';

describe('the delay before the next attempt', () => {
  const retry = resolveRetry({ attempts: 5, first: 'PT10S', factor: 2, max: 'PT1M' });

  it('doubles up to its cap; half of it is left to chance', () => {
    expect([1, 2, 3, 4].map((failures) => retryDelay(retry, failures, 0))).toEqual([5_000, 10_000, 20_000, 30_000]);
    expect([1, 2, 3, 4].map((failures) => retryDelay(retry, failures, 0.5))).toEqual([7_500, 15_000, 30_000, 45_000]);
  });

  it('ends when the attempts are used up', () => {
    expect(retryDelay(retry, 5, 0)).toBeUndefined();
  });

  it('without a policy there is one attempt', () => {
    expect(retryDelay(resolveRetry(undefined), 1, 0)).toBeUndefined();
  });

  it('never passes its cap and never falls below half of the full delay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 49 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
        const policy = resolveRetry({ attempts: 50, first: 'PT1S', factor: 3, max: 'PT10M' });
        const delay = retryDelay(policy, failures, chance) ?? Number.NaN;
        const full = Math.min(600_000, 1_000 * 3 ** (failures - 1));
        expect(delay).toBeGreaterThanOrEqual(Math.floor(full / 2));
        expect(delay).toBeLessThanOrEqual(full);
      }),
    );
  });
});

describe('a duration', () => {
  it.each([
    ['PT30M', 1_800_000],
    ['P1DT12H', 129_600_000],
    ['P2W', 1_209_600_000],
    ['PT90S', 90_000],
    ['PT0S', 0],
  ])('%s has %i milliseconds', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', 'P', 'PT', '1h', 'P1M', 'P1Y', '-PT1S', 'PT1.5S', 'pt1s', 'P1DT'])('%j is refused', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
