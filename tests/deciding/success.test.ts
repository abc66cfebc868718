import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile } from '../../engine/deciding/beta.ts';
import { learnSuccess, type Tally, withAction } from '../../engine/deciding/index.ts';
import { codeOf } from './thrown.ts';

const tally = (action: string, segment: string, tries: number, successes: number): Tally => ({ action, segment, tries, successes });
const some = [
  tally('call', 'small', 900, 270),
  tally('call', 'large', 3, 3),
  tally('mail', 'small', 1000, 100),
  tally('mail', 'large', 500, 60),
];

describe('the Beta distribution', () => {
  it('has the values of tables', () => {
    expect(betaCdf({ alpha: 2, beta: 3 }, 0.4)).toBeCloseTo(0.5248, 10);
    expect(betaCdf({ alpha: 0.5, beta: 0.5 }, 0.25)).toBeCloseTo(1 / 3, 10);
    expect(betaCdf({ alpha: 1, beta: 1 }, 0.3)).toBeCloseTo(0.3, 12);
    expect(betaQuantile({ alpha: 2, beta: 3 }, 0.5248)).toBeCloseTo(0.4, 8);
  });

  it('is symmetric, and its quantile is the inverse', () => {
    const shape = fc.double({ min: 1, max: 5000, noNaN: true });
    const share = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(shape, shape, share, (alpha, beta, x) => {
        expect(betaCdf({ alpha, beta }, x)).toBeCloseTo(1 - betaCdf({ alpha: beta, beta: alpha }, 1 - x), 9);
        expect(betaCdf({ alpha, beta }, betaQuantile({ alpha, beta }, x))).toBeCloseTo(x, 4);
      }),
      { numRuns: 200 },
    );
  });
});

describe('rates of success', () => {
  it('stay near the action where a segment has few outcomes, and follow the outcomes where it has many', () => {
    const rates = learnSuccess(some);
    const few = rates.of('call', 'large').rate;
    expect(few).toBeGreaterThan(rates.of('call').rate);
    expect(few).toBeLessThan(0.7);
    expect(rates.of('call', 'small').rate).toBeCloseTo(0.3, 2);
    expect(rates.of('mail', 'small').rate).toBeCloseTo(0.1, 2);
  });

  it('are that of what is above for what was never tried, with a wide interval', () => {
    const rates = learnSuccess(some);
    expect(rates.of('visit').rate).toBeCloseTo(rates.base.rate, 10);
    expect(rates.of('call', 'new').rate).toBeCloseTo(rates.of('call').rate, 10);
    const width = (interval: readonly [number, number]): number => interval[1] - interval[0];
    expect(width(rates.of('call', 'new').interval)).toBeGreaterThan(width(rates.of('call', 'small').interval));
  });

  it('come to the observed rate with many outcomes, whatever the others are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (rate) => {
        const many = tally('call', 'x', 1_000_000, Math.round(rate * 1_000_000));
        expect(learnSuccess([...some, many]).of('call', 'x').rate).toBeCloseTo(rate, 1);
      }),
      { numRuns: 30 },
    );
  });

  it('lie between the observed rate and the rate above, inside their interval', () => {
    const counts = fc.tuple(fc.nat(200), fc.nat(200)).map(([a, b]) => ({ tries: Math.max(a, b), successes: Math.min(a, b) }));
    fc.assert(
      fc.property(fc.array(counts, { minLength: 4, maxLength: 4 }), (cells) => {
        fc.pre(cells.some(({ tries }) => tries > 0));
        const tallies = cells.map((cell, i) => ({ action: `a${i % 2}`, segment: `s${i >> 1}`, ...cell }));
        const rates = learnSuccess(tallies);
        for (const { action, segment, tries, successes } of tallies) {
          const { rate, interval } = rates.of(action, segment);
          const above = rates.of(action).rate;
          const own = tries === 0 ? above : successes / tries;
          expect(rate).toBeGreaterThanOrEqual(Math.min(own, above) - 1e-5);
          expect(rate).toBeLessThanOrEqual(Math.max(own, above) + 1e-5);
          expect(interval[0]).toBeLessThanOrEqual(interval[1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('pull less where actions differ much, and more where they are alike', () => {
    const alike = Array.from({ length: 12 }, (_, i) => tally(`a${i}`, 'all', 200, 40 + (i % 2)));
    const apart = Array.from({ length: 12 }, (_, i) => tally(`a${i}`, 'all', 200, 10 + 15 * i));
    expect(learnSuccess(alike).strengths.actions).toBeGreaterThan(20 * learnSuccess(apart).strengths.actions);
  });

  it('begin with a belief where there is one, and say so where there is none', () => {
    expect(learnSuccess([], { start: { rate: 0.2, strength: 50 } }).of('call').rate).toBeCloseTo(0.2, 10);
    expect(codeOf(() => learnSuccess([]))).toBe('OUTCOMES_NONE');
    expect(codeOf(() => learnSuccess([tally('call', 'x', 0, 0)]))).toBe('OUTCOMES_NONE');
  });

  it.each([tally('call', 'x', 3, 4), tally('call', 'x', -1, -1), tally('call', 'x', Number.NaN, 0), tally('call', 'x', 5, Number.NaN)])(
    'refuse counts that cannot be: %o',
    (bad) => {
      expect(codeOf(() => learnSuccess([...some, bad]))).toBe('OUTCOMES_INVALID');
    },
  );

  it('refuse a beginning that is none', () => {
    expect(codeOf(() => learnSuccess(some, { start: { rate: 1.2, strength: 1 } }))).toBe('PROBABILITY_INVALID');
    expect(codeOf(() => learnSuccess(some, { start: { rate: 0.2, strength: 0 } }))).toBe('OUTCOMES_INVALID');
  });
});

describe('the probability of a record with an action', () => {
  it('moves its odds as the action moves those of all', () => {
    // Odds 1:1 of the record; the action doubles the odds: 2/3.
    expect(withAction(0.5, 0.5, 1 / 3)).toBeCloseTo(2 / 3, 12);
    expect(withAction(0.2, 0.3, 0.3)).toBeCloseTo(0.2, 12);
    expect(withAction(0.2, 0.3, 0)).toBe(0.2);
    expect(codeOf(() => withAction(Number.NaN, 0.1, 0.1))).toBe('PROBABILITY_INVALID');
  });

  it('stays a probability', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, (record, action, base) => {
        const probability = withAction(record, action, base);
        expect(probability >= 0 && probability <= 1).toBe(true);
      }),
    );
  });
});
