import { describe, expect, it } from 'vitest';
import { createLevel, followLevel } from '../../engine/learning/level.ts';
import { logLoss } from '../../engine/learning/metrics.ts';
import { seededRandom } from '../../engine/ports/random.ts';

/** Rows of which a model says 10 %, and of which so many succeed. */
function rows(shares: readonly (readonly [rows: number, share: number])[], seed = 1): { said: Float64Array; came: Uint8Array } {
  const random = seededRandom(seed);
  const came = Uint8Array.from(shares.flatMap(([count, share]) => Array.from({ length: count }, () => Number(random.next() < share))));
  return { said: new Float64Array(came.length).fill(0.1), came };
}
const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;

describe('a level that follows what comes', () => {
  it('leaves a model alone that is right: its probabilities are hardly worse for it', () => {
    const { said, came } = rows([[5_000, 0.1]]);
    const told = followLevel(said, came, 1_000, (row) => row);
    expect(Math.abs(mean(told) / mean(came.subarray(1_000)) - 1)).toBeLessThan(0.05);
    expect(logLoss(told, came.subarray(1_000)) - logLoss(said.subarray(1_000), came.subarray(1_000))).toBeLessThan(0.002);
  });

  it('is there a few hundred rows after a jump, however small or large', () => {
    for (const share of [0.03, 0.2, 0.5]) {
      const { said, came } = rows([
        [2_000, 0.1],
        [1_500, share],
      ]);
      const told = followLevel(said, came, 2_300, (row) => row);
      expect(Math.abs(mean(told) / mean(came.subarray(2_300)) - 1)).toBeLessThan(0.2);
    }
  });

  it('keeps who is likelier than whom', () => {
    const level = createLevel();
    for (let i = 0; i < 500; i++) level.observe(0.1, Number(i % 3 === 0));
    const told = [0.02, 0.1, 0.4, 0.9].map(level.adjusted);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told[1]).toBeGreaterThan(0.2);
  });

  it('looks at no outcome that is not known yet', () => {
    const { said, came } = rows([
      [1_000, 0.1],
      [1_000, 0.4],
    ]);
    const known = (row: number): number => row - 100;
    const told = followLevel(said, came, 1_000, known);
    for (const row of [1_000, 1_200, 1_999]) {
      const changed = came.map((outcome, i) => (i >= known(row) ? 1 - outcome : outcome));
      expect(followLevel(said, changed, 1_000, known)[row - 1_000]).toBe(told[row - 1_000]);
    }
  });

  it('never takes the outcome of the row that it scores, or a later one, whatever is said to be known', () => {
    const { said, came } = rows([[300, 0.1]]);
    expect(followLevel(said, came, 100, () => 300)).toEqual(followLevel(said, came, 100, (row) => row));
  });

  it('goes on from what was kept of it', () => {
    const level = createLevel();
    for (let i = 0; i < 200; i++) level.observe(0.1, Number(i % 4 === 0));
    const kept = createLevel(JSON.parse(JSON.stringify(level.state())));
    level.observe(0.3, 1);
    kept.observe(0.3, 1);
    expect(kept.adjusted(0.2)).toBe(level.adjusted(0.2));
  });

  it('stays a probability where the model was sure and wrong', () => {
    const level = createLevel();
    for (let i = 0; i < 1_000; i++) level.observe(i % 2, 1 - (i % 2));
    for (const p of [0, 0.5, 1]) {
      const told = level.adjusted(p);
      expect(told >= 0 && told <= 1).toBe(true);
    }
  });
});
