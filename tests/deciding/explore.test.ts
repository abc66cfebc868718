import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, draw, explore } from '../../engine/deciding/index.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { codeOf } from './thrown.ts';

const arm = (alpha: number, beta: number, worth = 1, cost = 0): Arm => ({ rate: { alpha, beta }, worth, cost });
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe('exploring', () => {
  it('gives each of two beliefs the probability that it is the better one', () => {
    // P(X > Y) of Beta(2, 1) against Beta(1, 1) is E[X] = 2/3.
    const { probabilities, error } = explore([arm(2, 1), arm(1, 1)], 1);
    expect(error).toBeLessThanOrEqual(0.002);
    expect(Math.abs((probabilities[0] ?? 0) - 2 / 3)).toBeLessThanOrEqual(error + 1e-9);
  });

  it('keeps to the best but in the share', () => {
    const { probabilities, best } = explore([arm(2, 1), arm(1, 1)]);
    expect(best).toBe(0);
    expect(probabilities[1]).toBeCloseTo(0.1 / 3, 3);
    expect([...explore([arm(1, 1), arm(2, 1)], 0).probabilities]).toEqual([0, 1]);
  });

  it('tries what is hardly known more than what is known to be worse', () => {
    const [, unknown = 0, worse = 0] = explore([arm(300, 700), arm(1, 4), arm(200, 800)]).probabilities;
    expect(unknown).toBeGreaterThan(0.01);
    expect(worse).toBeLessThan(0.0001);
  });

  it('knows certain rates beside beliefs', () => {
    // P(Beta(1, 1) > 0.7) = 0.3.
    const { probabilities } = explore([{ rate: 0.7, worth: 1, cost: 0 }, arm(1, 1)], 1);
    expect(probabilities[1]).toBeCloseTo(0.3, 3);
    const equal = { rate: 0.5, worth: 10, cost: 1 };
    expect(explore([equal, equal, equal], 1).probabilities[2]).toBeCloseTo(1 / 3, 9);
  });

  it('counts worth and cost', () => {
    // 2X − 1 > Y with X, Y uniform: ∫ (2x − 1) from ½ to 1 = ¼.
    const { probabilities } = explore([arm(1, 1, 2, 1), arm(1, 1)], 1);
    expect(probabilities[0]).toBeCloseTo(0.25, 3);
  });

  it('gives probabilities that add up to 1, none below 0', () => {
    const shape = fc.double({ min: 0.05, max: 2000, noNaN: true });
    const any = fc.record({
      rate: fc.oneof(fc.record({ alpha: shape, beta: shape }), fc.double({ min: 0, max: 1, noNaN: true })),
      worth: fc.double({ min: 0, max: 1e6, noNaN: true }),
      cost: fc.double({ min: 0, max: 1e3, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), (arms, share) => {
        const { probabilities, best } = explore(arms, share);
        expect(sum(probabilities)).toBeCloseTo(1, 9);
        expect(probabilities.every((probability) => probability >= 0)).toBe(true);
        expect(probabilities[best]).toBeGreaterThanOrEqual(1 - share - 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it('draws by the probabilities', () => {
    const { next } = seededRandom(7);
    const counts = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) {
      const drawn = draw(Float64Array.of(0.2, 0, 0.8), next);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts[1]).toBe(0);
    // Three standard errors.
    expect(Math.abs((counts[0] ?? 0) / 20_000 - 0.2)).toBeLessThan(3 * Math.sqrt((0.2 * 0.8) / 20_000));
    expect(draw(Float64Array.of(1 - 1e-16, 0), () => 1 - 1e-17)).toBe(0);
  });

  it.each<[string, Arm[], number]>([
    ['DECISION_INVALID', [], 0.1],
    ['PROBABILITY_INVALID', [arm(1, 1)], 1.5],
    ['PROBABILITY_INVALID', [{ rate: Number.NaN, worth: 1, cost: 0 }], 0.1],
    ['DECISION_INVALID', [arm(0, 1)], 0.1],
    ['WORTH_INVALID', [arm(1, 1, -5)], 0.1],
  ])('refuses bad input with %s', (code, arms, share) => {
    expect(codeOf(() => explore(arms, share))).toBe(code);
  });
});
