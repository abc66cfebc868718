/** What another way to choose would have brought, from what was recommended with its probabilities and what came of it. */
import type { Json } from '../../schemas/json.ts';
import { fixedPolicy, type Judgement, judgePolicy, type Log } from '../deciding/index.ts';
import { TaktError } from '../errors/index.ts';
import type { RecordRow } from '../unit/rows.ts';

/** `best`: always what gains most by what was known then; `likeliest`: what succeeds most often; an action: that one, wherever it was possible. */
export type JudgedPolicy = { kind: 'best' | 'likeliest' } | { kind: 'always'; action: string };

/** 1 for a success, or what it is told to have earned. */
export type Reward = 'success' | 'earned';

interface Weighed {
  action: string;
  gain: number;
  probability: number;
  /** That it was chosen, among those that are an action. */
  chance: number;
}

interface Decision {
  taken: string;
  reward: number;
  candidates: readonly Weighed[];
}

/**
 * Judges by the recommendations whose record has come to its outcome, whatever was done with them. What was drawn as doing nothing left no
 * recommendation, so chances are those among the actions. What the day put in the place of another one is no choice of the policy and is left out.
 * Throws TaktError LOGS_INVALID where fewer than two are left, POLICY_UNSUPPORTED where what the policy would do was never tried.
 */
export function judgeRecommendations(rows: readonly RecordRow[], policy: JudgedPolicy, reward: Reward): Judgement {
  const decisions = rows.flatMap((row) => decisionOf(row, reward) ?? []);
  const chosen = decisions.map(({ candidates }) => choiceOf(candidates, policy));
  const judged = decisions.flatMap((decision, i) => (chosen[i] === undefined ? [] : [{ ...decision, choice: chosen[i] }]));
  if (judged.length < 2) {
    throw new TaktError('LOGS_INVALID', {
      message: `${judged.length} recommendations with an outcome could be judged by.`,
      hint: 'Let nba.outcome tell outcomes, and wait until there are some hundred.',
    });
  }
  const names = [...new Set(judged.flatMap(({ candidates }) => candidates.map(({ action }) => action)))];
  const propensities = new Float64Array(judged.length * names.length);
  for (const [row, { candidates }] of judged.entries())
    for (const { action, chance } of candidates) propensities[row * names.length + names.indexOf(action)] = chance;
  const log: Log = {
    actions: names.length,
    taken: Int32Array.from(judged, ({ taken }) => names.indexOf(taken)),
    reward: Float64Array.from(judged, (one) => one.reward),
    propensities,
  };
  return judgePolicy(
    log,
    fixedPolicy(
      judged.map(({ choice }) => names.indexOf(choice)),
      names.length,
    ),
  );
}

function choiceOf(candidates: readonly Weighed[], policy: JudgedPolicy): string | undefined {
  if (policy.kind === 'always') return candidates.find(({ action }) => action === policy.action)?.action;
  const of = (one: Weighed): number => (policy.kind === 'best' ? one.gain : one.probability);
  return candidates.reduce<Weighed | undefined>((best, one) => (best && of(best) >= of(one) ? best : one), undefined)?.action;
}

function decisionOf({ data, stage }: RecordRow, reward: Reward): Decision | undefined {
  const { action, chance, outcome, earned, candidates } = data;
  if (stage === 'held_out' || typeof action !== 'string' || typeof chance !== 'number') return undefined;
  if (outcome !== 'success' && outcome !== 'failure') return undefined;
  const weighed = (Array.isArray(candidates) ? candidates : []).flatMap(weighedIn);
  const sum = weighed.reduce((total, one) => total + one.chance, 0);
  if (!(sum > 0) || !weighed.some((one) => one.action === action && one.chance > 0)) return undefined;
  const worth = reward === 'earned' ? (typeof earned === 'number' ? earned : 0) : outcome === 'success' ? 1 : 0;
  return { taken: action, reward: worth, candidates: weighed.map((one) => ({ ...one, chance: one.chance / sum })) };
}

function weighedIn(value: Json): Weighed[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const { action, gain, probability, chance } = value;
  if (typeof action !== 'string' || typeof chance !== 'number') return [];
  return [{ action, chance, gain: typeof gain === 'number' ? gain : 0, probability: typeof probability === 'number' ? probability : 0 }];
}
