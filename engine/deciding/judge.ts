/** What a policy would have brought, from the log of another one: before it goes live. */
import { TaktError } from '../errors/index.ts';
import { type Estimate, type EstimateOptions, estimator, normal } from './estimates.ts';
import { checkLog, type Log, type Policy } from './log.ts';

export interface JudgeOptions extends EstimateOptions {
  /**
   * The expected reward of each action in each row, laid out like the policy, of a model that has not seen the row (cross-fitted). The estimate
   * holds without bias when the model is wrong, and is the sharper the better it is.
   */
  readonly predictions?: Float64Array;
}

interface Weakness {
  readonly code: 'few_effective' | 'heavy_weights' | 'rarely_tried' | 'weights_off';
  readonly message: string;
}

export interface Judgement {
  readonly rows: number;
  /** As many rows of the policy's own would say as much: (Σw)² / Σw² (L. Kish, "Survey Sampling", Wiley 1965). */
  readonly effective: number;
  /** Rewards of a decision: of what was done, and of the policy by each method. */
  readonly logged: Estimate;
  readonly ips: Estimate;
  readonly selfNormalised: Estimate;
  /** Null without predictions. */
  readonly doublyRobust: Estimate | null;
  /** The policy less what was done, row by row: doubly robust, else by inverse propensity. */
  readonly gain: Estimate;
  readonly answer: 'better' | 'worse' | 'no_difference' | 'too_little';
  /** What makes the answer weak; empty where nothing does. */
  readonly weaknesses: readonly Weakness[];
}

/** Fewer effective rows than this say nothing that could be relied on. */
const FEWEST_EFFECTIVE = 100;
/** A row that stands for more than so much of all speaks alone. */
const HEAVIEST = 0.05;
/** Shares of what the policy would do that the log may never have tried: told, and refused. */
const UNTRIED_REFUSED = 0.01;
/** Standard errors by which the mean weight may differ from 1. */
const WEIGHT_ERRORS = 4;

/**
 * Judges a policy. With w = policy / propensity of what was taken: inverse propensity is the mean of w·reward (D. Horvitz, D. Thompson, JASA 47,
 * 1952, 663–685); self-normalised, Σ w·reward / Σ w (A. Swaminathan, T. Joachims, NIPS 2015); doubly robust, the mean of the predictions under the
 * policy + w·(reward − prediction of what was taken) (M. Dudík, J. Langford, L. Li, ICML 2011). The policy must not have been learned from
 * the rows that it is judged by.
 * Throws TaktError LOGS_INVALID, DECISION_INVALID, PROBABILITY_INVALID; POLICY_UNSUPPORTED where more than 1 % of what the policy would do had no
 * chance in the log.
 */
export function judgePolicy(log: Log, policy: Policy, options: JudgeOptions = {}): Judgement {
  const { predictions } = options;
  checkLog(log, policy, predictions);
  const untried = untriedShare(log, policy);
  const weights = weightsOf(log, policy);
  if (!weights.some((weight) => weight > 0)) {
    throw new TaktError('POLICY_UNSUPPORTED', {
      message: 'The policy would have made none of the decisions of the log.',
      pointer: '/policy',
    });
  }
  const estimate = estimator(options);
  const { reward } = log;
  const terms = weights.map((weight, row) => weight * (reward[row] ?? 0));
  const robust = predictions ? robustTerms(log, policy, weights, predictions) : null;
  const gain = estimate((robust ?? terms).map((term, row) => term - (reward[row] ?? 0)));
  const effective = effectiveOf(weights);
  const weaknesses = weaknessesOf(weights, effective, untried);
  return {
    rows: reward.length,
    effective,
    logged: estimate(reward),
    ips: estimate(terms),
    selfNormalised: estimate(terms, weights),
    doublyRobust: robust && estimate(robust),
    gain,
    answer: weaknesses.some(({ code }) => code === 'few_effective' || code === 'weights_off') ? 'too_little' : answerOf(gain),
    weaknesses,
  };
}

/** Of each row, the doubly robust estimate of the policy's reward; its mean is the estimate. */
export function robustTerms(log: Log, policy: Policy, weights: Float64Array, predictions: Float64Array): Float64Array {
  const { actions, taken, reward } = log;
  return reward.map((value, row) => {
    let expected = 0;
    for (let k = row * actions; k < (row + 1) * actions; k++) expected += (policy[k] ?? 0) * (predictions[k] ?? 0);
    return expected + (weights[row] ?? 0) * (value - (predictions[row * actions + (taken[row] ?? 0)] ?? 0));
  });
}

/** Policy / propensity of what was taken. */
export function weightsOf({ actions, taken, propensities }: Log, policy: Policy): Float64Array {
  return Float64Array.from(taken, (action, row) => (policy[row * actions + action] ?? 0) / (propensities[row * actions + action] ?? 0));
}

function answerOf({ interval: [low, high] }: Estimate): Judgement['answer'] {
  if (low > 0) return 'better';
  return high < 0 ? 'worse' : 'no_difference';
}

function effectiveOf(weights: Float64Array): number {
  const [sum, squares] = weights.reduce(([a, b], weight) => [a + weight, b + weight * weight], [0, 0]);
  return squares === 0 ? 0 : (sum * sum) / squares;
}

function weaknessesOf(weights: Float64Array, effective: number, untried: number): Weakness[] {
  const found: Weakness[] = [];
  const add = (code: Weakness['code'], message: string): unknown => found.push({ code, message });
  const sum = weights.reduce((a, b) => a + b, 0);
  const heaviest = weights.reduce((a, b) => Math.max(a, b), 0);
  if (effective < FEWEST_EFFECTIVE) {
    add('few_effective', `The log says as much as ${Math.floor(effective)} decisions of the policy's own would.`);
  }
  if (sum > 0 && heaviest / sum > HEAVIEST) add('heavy_weights', `One decision stands for ${percent(heaviest / sum)} of all.`);
  if (untried > 0) add('rarely_tried', `${percent(untried)} of what the policy would do was never tried.`);
  const { value, error } = normal(weights, 1);
  if (Math.abs(value + untried - 1) > WEIGHT_ERRORS * error + 1e-9) {
    add('weights_off', `The weights are ${value.toFixed(3)} on average, not 1: the propensities are not those of the log.`);
  }
  return found;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** The share of what the policy would do that had no chance in the log. */
function untriedShare({ actions, taken, propensities }: Log, policy: Policy): number {
  const byAction = new Float64Array(actions);
  for (let k = 0; k < policy.length; k++) {
    if (propensities[k] === 0) byAction[k % actions] = (byAction[k % actions] ?? 0) + (policy[k] ?? 0);
  }
  const share = byAction.reduce((a, b) => a + b, 0) / taken.length;
  if (share <= UNTRIED_REFUSED) return share;
  const named = [...byAction].flatMap((sum, action) => (sum > 0 ? `action ${action} (${percent(sum / taken.length)})` : []));
  throw new TaktError('POLICY_UNSUPPORTED', {
    message: `Never tried where the policy would do it: ${named.join(', ')}.`,
    pointer: '/policy',
  });
}
