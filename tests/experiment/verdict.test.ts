import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arm, type Experiment, verdict } from '../../engine/experiment/verdict.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { refusal } from '../support/refusal.ts';

const DAY = 86_400_000;
const arm = (name: string, successes: number, n: number): Arm => ({ name, successes, n });
const judge = (arms: Arm[], rest: Partial<Experiment> = {}) =>
  verdict({ arms, minimum: 100, startedAt: 0, now: 7 * DAY, atLeastMs: 7 * DAY, confidence: 0.95, ...rest });

describe('a split', () => {
  it('with too few in one arm is not judged', () => {
    const found = judge([arm('a', 20, 99), arm('b', 90, 100)]);
    expect(found.state).toBe('too_few');
    expect(found).not.toHaveProperty('winner');
    expect(found.text).toEqual(['a: 20 of 99 (20.2%), b: 90 of 100 (90%).', 'Too few to judge: each arm needs 100, a has 99.']);
  });

  it('is not judged before its time', () => {
    const found = judge([arm('a', 20, 100), arm('b', 90, 100)], { now: 7 * DAY - 1 });
    expect(found.state).toBe('too_early');
    expect(found).not.toHaveProperty('winner');
    expect(judge([arm('a', 20, 100), arm('b', 90, 100)], { now: 3.5 * DAY }).text[1]).toBe('Too early to judge: 3.5 of 7 days are over.');
    expect(judge([arm('a', 20, 100), arm('b', 90, 100)]).state).toBe('winner');
  });

  it('whose difference may be chance has no winner', () => {
    const found = judge([arm('a', 150, 1_000), arm('b', 130, 1_000)]);
    expect(found).toMatchObject({ state: 'no_difference', best: 'a' });
    expect(found).not.toHaveProperty('winner');
    expect(found.p).toBeCloseTo(0.19745, 5);
    expect(found.interval[0]).toBeLessThan(0);
    expect(found.text[1]).toBe(
      'No arm can be said to be the best: chance alone parts equal arms as far as a and b too often (p = 0.20; the limit is 0.05).',
    );
  });

  it('whose arms differ has a winner, and by how much', () => {
    const found = judge([arm('a', 100, 1_000), arm('b', 150, 1_000)]);
    expect(found).toMatchObject({ state: 'winner', winner: 'b', best: 'b' });
    expect(found.p).toBeCloseTo(0.00072, 5);
    expect(found.interval[0]).toBeCloseTo(0.02105, 5);
    expect(found.interval[1]).toBeCloseTo(0.07903, 5);
    expect(found.text.slice(1)).toEqual([
      'b is the best (p = 0.00072; the limit is 0.05).',
      'It is ahead of a by 2.1 to 7.9 percentage points (95% confidence).',
    ]);
  });

  it('asked for more confidence finds less', () => {
    const arms = [arm('a', 120, 1_000), arm('b', 150, 1_000)];
    expect(judge(arms).state).toBe('winner');
    expect(judge(arms, { confidence: 0.99 }).state).toBe('no_difference');
  });

  it('of three arms needs the best to differ from each other one', () => {
    const close = judge([arm('a', 100, 1_000), arm('b', 150, 1_000), arm('c', 145, 1_000)]);
    expect(close).toMatchObject({ state: 'no_difference', best: 'b', comparisons: [{ name: 'a' }, { name: 'c' }] });
    expect(close.p).toBe(close.comparisons[1]?.p);
    expect(judge([arm('a', 100, 1_000), arm('b', 150, 1_000), arm('c', 100, 1_000)])).toMatchObject({ state: 'winner', winner: 'b' });
  });

  it('of three arms corrects for the number of comparisons', () => {
    // 120 against 150 alone: p = 0.0496
    const found = judge([arm('a', 120, 1_000), arm('b', 150, 1_000), arm('c', 120, 1_000)]);
    expect(found.comparisons.map(({ p }) => p)).toEqual([expect.closeTo(0.0993, 4), expect.closeTo(0.0993, 4)]);
    expect(found.state).toBe('no_difference');
  });

  it('without any result is told as such', () => {
    expect(judge([arm('a', 0, 0), arm('b', 0, 0)], { minimum: 0 })).toMatchObject({
      state: 'no_difference',
      best: 'a',
      p: 1,
      interval: [-1, 1],
    });
  });

  it('between equal arms finds a winner no more often than its confidence says', () => {
    const random = seededRandom(7);
    const draw = (name: string): Arm => {
      let successes = 0;
      for (let i = 0; i < 200; i++) if (random.next() < 0.3) successes++;
      return arm(name, successes, 200);
    };
    const tries = 2_000;
    for (const names of [
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]) {
      const winners = Array.from({ length: tries }, () => judge(names.map(draw))).filter(({ state }) => state === 'winner').length;
      // 5% of 2,000, and three standard deviations.
      expect(winners).toBeLessThan(100 + 3 * Math.sqrt(2_000 * 0.05 * 0.95));
    }
  });

  it('is judged alike in whatever order its arms come', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(counts, (successes) => {
        fc.pre(new Set(successes).size === successes.length);
        const arms = successes.map((one, i) => arm(`arm${i}`, one, 1_000));
        const [there, back] = [judge(arms), judge(arms.toReversed())];
        expect(back).toMatchObject({ state: there.state, best: there.best, p: expect.closeTo(there.p, 10) });
      }),
    );
  });

  it.each([
    [[arm('a', 1, 2)], 0.95],
    [[], 0.95],
    [[arm('a', 3, 2), arm('b', 1, 2)], 0.95],
    [[arm('a', -1, 2), arm('b', 1, 2)], 0.95],
    [[arm('a', 0.5, 2), arm('b', 1, 2)], 0.95],
    [[arm('a', 1, 2), arm('b', 1, 2)], 1],
    [[arm('a', 1, 2), arm('b', 1, 2)], 0],
  ])('of %j at %d is refused', (arms, confidence) => {
    expect(refusal(() => judge(arms, { confidence }))).toMatchObject({
      code: 'INPUT_INVALID',
      hint: expect.stringContaining('two or more'),
    });
  });
});
