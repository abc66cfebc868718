import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mend } from '../../engine/deciding/mend.ts';
import { refusal } from '../support/refusal.ts';

const kept = (group: string, tries: number, rate: number, promised: number) => ({
  group,
  tries,
  successes: tries * rate,
  expected: tries * promised,
});

describe('a promise that outcomes mend', () => {
  it('is believed as it is, as long as there are none', () => {
    const { probability, belief } = mend(0.35, [], 'metal', 30);
    expect(probability).toBe(0.35);
    expect(belief.alpha / (belief.alpha + belief.beta)).toBeCloseTo(0.35);
  });

  it('stays what it is where outcomes are as was promised', () => {
    expect(mend(0.5, [kept('metal', 1_000, 0.2, 0.2)], 'metal', 30).probability).toBeCloseTo(0.5);
  });

  it('moves to what came, with as many outcomes as it counts for half of the way', () => {
    expect(mend(0.4, [kept('metal', 100_000, 0.1, 0.4)], 'metal', 30).probability).toBeCloseTo(0.1, 2);
    const half = mend(0.4, [kept('metal', 30, 0.2, 0.4)], 'metal', 30).probability;
    expect(half).toBeGreaterThan(0.25);
    expect(half).toBeLessThan(0.35);
  });

  it('of a record that is better than most stays better', () => {
    const outcomes = [kept('metal', 1_000, 0.1, 0.2)];
    expect(mend(0.4, outcomes, 'metal', 30).probability).toBeGreaterThan(2 * mend(0.15, outcomes, 'metal', 30).probability);
  });

  it('of a group without outcomes is mended by those of the others', () => {
    const { probability } = mend(0.4, [kept('metal', 5_000, 0.1, 0.4), kept('wood', 5_000, 0.12, 0.4)], 'glass', 30);
    expect(probability).toBeGreaterThan(0.08);
    expect(probability).toBeLessThan(0.2);
  });

  it('is hardly moved by a handful of outcomes, in however many groups they lie', () => {
    const one = (group: string, successes: number) => ({ group, tries: 1, successes, expected: 0.4 });
    const outcomes = [one('metal', 1), one('wood', 0), one('glass', 0)];
    for (const group of ['metal', 'wood', 'glass', 'paper']) {
      for (const relative of [false, true]) {
        const { probability } = mend(0.4, outcomes, group, 30, relative);
        expect(probability).toBeGreaterThan(0.35);
        expect(probability).toBeLessThan(0.45);
      }
    }
  });

  it('of groups that differ much is believed by the outcomes of its own, where they are many', () => {
    const outcomes = [kept('metal', 1_000, 0.1, 0.4), kept('wood', 1_000, 0.4, 0.4), kept('glass', 1_000, 0.7, 0.4)];
    const [metal = 0, wood = 0, glass = 0] = ['metal', 'wood', 'glass'].map((group) => mend(0.4, outcomes, group, 30).probability);
    expect(metal).toBeLessThan(0.13);
    expect(wood).toBeCloseTo(0.4, 1);
    expect(glass).toBeGreaterThan(0.67);
  });

  it('by a person counts only how much better they are than all', () => {
    const people = [kept('olga', 2_000, 0.2, 0.1), kept('igor', 2_000, 0.1, 0.1)];
    const [olga, igor] = ['olga', 'igor'].map((one) => mend(0.3, people, one, 30, true).probability);
    expect(olga).toBeGreaterThan(0.3);
    expect(igor).toBeLessThan(0.3);
    expect(mend(0.3, [kept('olga', 2_000, 0.2, 0.1)], 'olga', 30, true).probability).toBeCloseTo(0.3, 2);
  });

  it('is a probability whose belief has it as its mean, whatever came', () => {
    const outcomes = fc.array(
      fc.record({
        group: fc.constantFrom('a', 'b', 'c'),
        tries: fc.integer({ min: 1, max: 500 }),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
        promised: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), outcomes, fc.boolean(), (promised, list, relative) => {
        const tallies = list.map((one) => kept(one.group, one.tries, one.share, one.promised));
        const { probability, belief } = mend(promised, tallies, 'a', 30, relative);
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
        expect(belief.alpha / (belief.alpha + belief.beta)).toBeCloseTo(probability, 5);
      }),
    );
  });

  it('refuses counts that cannot be', () => {
    expect(refusal(() => mend(0.3, [{ group: 'a', tries: 1, successes: 2, expected: 0 }], 'a', 30)).code).toBe('OUTCOMES_INVALID');
  });
});
