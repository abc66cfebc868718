import { describe, expect, it } from 'vitest';
import { draw, fixedPolicy, judgePolicy, type Log } from '../../engine/deciding/index.ts';
import { seededRandom } from '../../engine/ports/random.ts';
import { codeOf } from './thrown.ts';

const ACTIONS = 3;
/** The truth: the chance of success by the record's kind and the action. */
const TRUTH = [
  [0.1, 0.3, 0.2],
  [0.5, 0.2, 0.4],
] as const;
/** How the log was made: kinds were treated differently, so that plain means of the log mislead. */
const LOGGING = [
  [0.6, 0.1, 0.3],
  [0.2, 0.7, 0.1],
] as const;
/** The policy that is judged: the best action of each kind. Worth ½·0.3 + ½·0.5. */
const BEST = [1, 0] as const;
const WORTH = 0.4;

const successRate = (kind: number, action: number): number => TRUTH[kind]?.[action] ?? 0;

function simulate(rows: number, seed: number): { log: Log; kinds: number[] } {
  const { next } = seededRandom(seed);
  const kinds = Array.from({ length: rows }, () => (next() < 0.5 ? 0 : 1));
  const propensities = Float64Array.from(kinds.flatMap((kind) => LOGGING[kind] ?? []));
  const taken = Int32Array.from(kinds, (_, row) => draw(propensities.slice(row * ACTIONS, (row + 1) * ACTIONS), next));
  const reward = Float64Array.from(kinds, (kind, row) => Number(next() < successRate(kind, taken[row] ?? 0)));
  return { log: { actions: ACTIONS, taken, reward, propensities }, kinds };
}

const policyOf = (kinds: readonly number[]): Float64Array =>
  fixedPolicy(
    kinds.map((kind) => BEST[kind] ?? 0),
    ACTIONS,
  );
const everywhere = (kinds: readonly number[], of: (kind: number, action: number) => number): Float64Array =>
  Float64Array.from(kinds.flatMap((kind) => [0, 1, 2].map((action) => of(kind, action))));

describe('judging a policy', () => {
  it('is right on average by every method, and its intervals hold the truth as often as they say', () => {
    const worlds = 200;
    const methods = ['ips', 'selfNormalised', 'doublyRobust'] as const;
    const [sums, held] = [methods.map(() => 0), methods.map(() => 0)];
    for (let seed = 0; seed < worlds; seed++) {
      const { log, kinds } = simulate(1000, seed);
      // A model that is wrong throughout.
      const judged = judgePolicy(log, policyOf(kinds), { predictions: everywhere(kinds, () => 0.9) });
      for (const [m, method] of methods.entries()) {
        const estimate = judged[method];
        sums[m] = (sums[m] ?? 0) + (estimate?.value ?? Number.NaN);
        if (estimate && estimate.interval[0] <= WORTH && WORTH <= estimate.interval[1]) held[m] = (held[m] ?? 0) + 1;
      }
    }
    for (const sum of sums) expect(Math.abs(sum / worlds - WORTH)).toBeLessThan(0.015);
    for (const count of held) expect(count / worlds).toBeGreaterThan(0.9);
  });

  it('is sharper doubly robust with a good model than without one', () => {
    const { log, kinds } = simulate(5000, 1);
    const judged = judgePolicy(log, policyOf(kinds), { predictions: everywhere(kinds, successRate) });
    expect(judged.doublyRobust?.error).toBeLessThan(0.9 * judged.ips.error);
    expect(judged.answer).toBe('better');
    expect(judged.weaknesses).toEqual([]);
    expect(judged.logged.value).toBeLessThan(0.3);
  });

  it('calls a worse policy worse, and finds no difference to itself', () => {
    const { log, kinds } = simulate(5000, 2);
    const worst = fixedPolicy(
      kinds.map((kind) => (kind === 0 ? 0 : 1)),
      ACTIONS,
    );
    expect(judgePolicy(log, worst).answer).toBe('worse');
    const same = judgePolicy(log, log.propensities);
    expect(same.answer).toBe('no_difference');
    expect(same.effective).toBeCloseTo(5000, 6);
    expect(same.gain.value).toBeCloseTo(0, 12);
  });

  it('gives like intervals by the bootstrap, the same for a seed', () => {
    const { log, kinds } = simulate(1000, 3);
    const bootstrap = () => ({ rounds: 400, random: seededRandom(5).next });
    const [normal, drawn] = [judgePolicy(log, policyOf(kinds)), judgePolicy(log, policyOf(kinds), { bootstrap: bootstrap() })];
    expect(drawn.ips.value).toBe(normal.ips.value);
    expect(drawn.ips.error / normal.ips.error).toBeCloseTo(1, 0);
    expect(Math.abs(drawn.selfNormalised.interval[0] - normal.selfNormalised.interval[0])).toBeLessThan(0.02);
    expect(judgePolicy(log, policyOf(kinds), { bootstrap: bootstrap() })).toEqual(drawn);
  });

  it('says that too few decisions speak for the policy', () => {
    const { log, kinds } = simulate(150, 4);
    const judged = judgePolicy(log, policyOf(kinds));
    expect(judged.answer).toBe('too_little');
    expect(judged.weaknesses.map(({ code }) => code)).toContain('few_effective');
  });

  it('says that the propensities are not those of the log', () => {
    const { log, kinds } = simulate(5000, 5);
    const judged = judgePolicy({ ...log, propensities: new Float64Array(log.propensities.length).fill(1 / 3) }, policyOf(kinds));
    expect(judged.answer).toBe('too_little');
    expect(judged.weaknesses.map(({ code }) => code)).toEqual(['weights_off']);
  });

  it('refuses a policy that does what the log never tried', () => {
    const { log, kinds } = simulate(1000, 6);
    const never = log.propensities.map((propensity, k) =>
      k % ACTIONS === 2 ? 0 : propensity / (1 - (log.propensities[k - (k % ACTIONS) + 2] ?? 0)),
    );
    const kept = { ...log, propensities: never, taken: log.taken.map((action) => (action === 2 ? 0 : action)) };
    expect(
      codeOf(() =>
        judgePolicy(
          kept,
          fixedPolicy(
            kinds.map(() => 2),
            ACTIONS,
          ),
        ),
      ),
    ).toBe('POLICY_UNSUPPORTED');
    const rarely = kinds.map((kind, row) => (row < 5 ? 2 : (BEST[kind] ?? 0)));
    expect(judgePolicy(kept, fixedPolicy(rarely, ACTIONS)).weaknesses.map(({ code }) => code)).toContain('rarely_tried');
  });

  it('refuses logs that cannot be', () => {
    const { log, kinds } = simulate(200, 7);
    const change = (changed: Partial<Log>) => codeOf(() => judgePolicy({ ...log, ...changed }, policyOf(kinds)));
    expect(change({ propensities: log.propensities.map(() => 0) })).toBe('DECISION_INVALID');
    expect(change({ propensities: log.propensities.map((p) => p / 2) })).toBe('LOGS_INVALID');
    expect(change({ propensities: log.propensities.with(0, Number.NaN) })).not.toBe('INTERNAL');
    expect(change({ reward: log.reward.with(3, Number.NaN) })).toBe('LOGS_INVALID');
    expect(change({ reward: log.reward.slice(1) })).toBe('DECISION_INVALID');
    expect(change({ taken: log.taken.with(0, 3) })).toBe('LOGS_INVALID');
    expect(codeOf(() => judgePolicy(log, policyOf(kinds).with(0, 2)))).toBe('PROBABILITY_INVALID');
    const one = { actions: 1, taken: Int32Array.of(0), reward: Float64Array.of(1), propensities: Float64Array.of(1) };
    expect(codeOf(() => judgePolicy(one, Float64Array.of(1)))).toBe('LOGS_INVALID');
  });
});
