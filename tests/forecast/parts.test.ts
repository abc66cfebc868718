import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Course, learnClosing } from '../../engine/forecast/closing.ts';
import { intervalOf } from '../../engine/forecast/interval.ts';
import { countsDrawnTogether, drawnTogether } from '../../engine/forecast/shrink.ts';
import { monthSpread } from '../../engine/forecast/spread.ts';
import { learnShifts, shifted, type Told } from '../../engine/forecast/winning.ts';
import { seededRandom } from '../../engine/ports/random.ts';

describe('when deals close', () => {
  /** Of exponential length: on each day a fiftieth closes, whatever the age. */
  const HAZARD = 0.02;
  const today = 400;
  function courses(known: (course: { opened: number; closed: number }) => boolean): Course[] {
    const random = seededRandom(5);
    return Array.from({ length: 20_000 }, () => {
      const opened = Math.floor(random.next() * today);
      return { opened, closed: opened + Math.floor(Math.log(1 - random.next()) / Math.log(1 - HAZARD)) };
    })
      .filter(known)
      .map(({ opened, closed }) => ({ opened, closed: closed < today ? closed : null }));
  }
  const near = (hazard: number): boolean => Math.abs(hazard / HAZARD - 1) < 0.1;

  it('deals still open count as open until today, so that nothing seems quicker than it is', () => {
    const closing = learnClosing(
      courses(() => true),
      0,
      today,
      'none',
    );
    expect([0, 10, 30, 60, 100].map((age) => near(closing.hazard(age, 0)))).toEqual([true, true, true, true, true]);
  });

  it('closes that nobody wrote down do not make it seem slower', () => {
    const closing = learnClosing(
      courses(({ closed }) => closed >= 200),
      200,
      today,
      'none',
    );
    expect([0, 10, 30, 60].map((age) => near(closing.hazard(age, 0)))).toEqual([true, true, true, true]);
  });

  it('a season that is not there is not found', () => {
    const closing = learnClosing(
      courses(() => true),
      0,
      today,
      'year',
    );
    for (let place = 0; place < 12; place++) expect(near(closing.hazard(20, place))).toBe(true);
  });
});

describe('what probabilities become', () => {
  const told = (count: number, probability: number, share: number, place = 0): Told[] =>
    Array.from({ length: count }, (_, i) => ({ place, probability, won: i < share * count }));

  it('is what came, where there is enough of it', () => {
    const [shift] = learnShifts(told(5_000, 0.5, 0.3), 1);
    expect(shifted(0.5, shift?.logOdds ?? 0)).toBeCloseTo(0.3, 2);
  });

  it('stays near what was told, where there is little', () => {
    const [shift] = learnShifts(told(2, 0.5, 0), 1);
    expect(shifted(0.5, shift?.logOdds ?? 0)).toBeGreaterThan(0.3);
  });

  it('in a place that nobody has seen is that of all, with more doubt', () => {
    const [first, second, third] = learnShifts([...told(900, 0.5, 0.7, 0), ...told(900, 0.5, 0.3, 1)], 3);
    expect(third?.logOdds).toBeCloseTo(((first?.logOdds ?? 0) + (second?.logOdds ?? 0)) / 2, 2);
    expect(third?.variance).toBeGreaterThan(20 * (first?.variance ?? 0));
  });

  it('leaves what is sure alone, and keeps the order of what is not', () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: 0.001, max: 0.998, noNaN: true }), (shift, probability) => {
        expect(shifted(0, shift)).toBe(0);
        expect(shifted(1, shift)).toBe(1);
        expect(shifted(probability, shift)).toBeLessThan(shifted(probability + 0.001, shift));
        expect(shifted(shifted(probability, shift), -shift)).toBeCloseTo(probability, 9);
      }),
    );
  });
});

describe('like things', () => {
  it('that differ by chance only become one', () => {
    const counts = [100, 104, 97, 95, 103, 101, 99, 106, 94, 100, 98, 103].map((came) => ({ came, expected: 100 }));
    for (const { value } of countsDrawnTogether(counts, 0.4)) expect(Math.abs(value)).toBeLessThan(0.02);
  });

  it('that differ much stay apart', () => {
    const [low, , high] = countsDrawnTogether(
      [50, 100, 200].map((came) => ({ came, expected: 100 })),
      0.4,
    );
    expect(Math.exp(low?.value ?? 0)).toBeCloseTo(0.5, 1);
    expect(Math.exp(high?.value ?? 0)).toBeCloseTo(2, 1);
  });

  it('never go past what was seen, nor to the other side', () => {
    const estimate = fc.record({
      value: fc.double({ min: -3, max: 3, noNaN: true }),
      variance: fc.double({ min: 0.001, max: 4, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(fc.option(estimate), { minLength: 1, maxLength: 12 }), (seen) => {
        for (const [i, { value, variance }] of drawnTogether(seen, 0.5).entries()) {
          const own = seen[i];
          expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(own?.value ?? 0));
          expect(value * (own?.value ?? 0)).toBeGreaterThanOrEqual(0);
          expect(variance).toBeGreaterThan(0);
          if (own) expect(variance).toBeLessThanOrEqual(own.variance);
        }
      }),
    );
  });
});

describe('an interval', () => {
  const whole = { least: 0, most: Number.POSITIVE_INFINITY };

  it('without doubt is the sum itself', () => {
    expect(intervalOf({ mean: 500, variance: 0, ...whole }, 0.8)).toEqual({ expected: 500, low: 500, high: 500 });
    expect(intervalOf({ mean: 0, variance: 0, ...whole }, 0.8)).toEqual({ expected: 0, low: 0, high: 0 });
  });

  it.each([
    // The exact quantiles, from the series of the incomplete gamma function; those of shape 1 are −ln 0.9 and −ln 0.1.
    [100, 100, 87.42, 113.01],
    [100, 2_500, 43.62, 167.02],
    [100, 10_000, 10.54, 230.26],
  ])('of mean %d and variance %d is that of a gamma distribution', (mean, variance, low, high) => {
    const found = intervalOf({ mean, variance, ...whole }, 0.8);
    expect(Math.abs(found.low - low)).toBeLessThan(1);
    expect(Math.abs(found.high / high - 1)).toBeLessThan(0.02);
  });

  it('does not go beyond what can come', () => {
    const { low, high } = intervalOf({ mean: 90, variance: 900, least: 70, most: 100 }, 0.8);
    expect([low, high]).toEqual([70, 100]);
  });
});

describe('the factor of a month', () => {
  it('is taken for 15 % before there is one, and becomes what is seen', () => {
    expect(Math.sqrt(monthSpread([], 1))).toBeCloseTo(0.15, 9);
    const calm = Array.from({ length: 40 }, () => ({ won: 1_000, expected: 1_000 }));
    expect(Math.sqrt(monthSpread(calm, 1))).toBeLessThan(0.05);
    const wild = calm.map((_, i) => ({ won: i % 2 === 0 ? 600 : 1_400, expected: 1_000 }));
    expect(Math.sqrt(monthSpread(wild, 1))).toBeGreaterThan(0.35);
  });
});
