/** Weighs actions: probabilities mended by outcomes, the decision, and which one is chosen. */
import {
  type Arm,
  beliefAround,
  type DataRequest,
  type Decision,
  draw,
  explore,
  type Mended,
  mend,
  parseDuration,
  type Ranked,
  type RecordView,
  type StepContext,
  TaktError,
} from '../../engine/sdk.ts';
import type { Possible } from './actions.ts';
import { actionRates, peopleRates, segmentName } from './rates.ts';
import { type Params, TRUST } from './recommend-params.ts';

const HOUR = 3_600_000;

/** The probability that was given, and what outcomes make of it. */
export interface Promised extends Mended {
  readonly promised: number;
}

/**
 * The probability of each candidate: as promised, mended by what came of the action in the segment, and by what the person is good at.
 * Throws TaktError DECISION_INVALID where one is not known.
 */
export function* promisesOf(
  ctx: StepContext,
  { segment: given, trust = TRUST }: Params,
  candidates: readonly Possible[],
  person: RecordView | undefined,
): Generator<DataRequest, ReadonlyMap<string, Promised>, void> {
  const segment = segmentName(given);
  const people = person && segment !== '' ? yield* peopleRates(ctx, segment) : [];
  const known = person && people.some(({ group }) => group === person.id) ? person.id : undefined;
  const found = new Map<string, Promised>();
  for (const { action, probability } of candidates) {
    const promised = told(probability, `The probability of ${action}`, '/params/actions');
    const byAction = mend(promised, yield* actionRates(ctx, action), segment, trust);
    if (known === undefined) found.set(action, { promised, ...byAction });
    else {
      const { probability: own } = mend(byAction.probability, people, known, trust, true);
      found.set(action, { promised, probability: own, belief: beliefAround(own, byAction.belief.alpha + byAction.belief.beta) });
    }
  }
  return found;
}

/** Throws TaktError DECISION_INVALID where something is not known: it never counts as nought. */
export function decisionOf(
  { worth, margin, minute_cost = 0, nothing }: Params,
  candidates: readonly Possible[],
  promised: ReadonlyMap<string, Promised>,
): Decision {
  if (worth === null) throw unknown('What success is worth', '/params/worth');
  return {
    worth: { kind: 'profit', budget: worth, margin: margin ?? 1 },
    costPerMinute: { amount: minute_cost, currency: worth.currency },
    nothing: told(nothing, 'The probability without doing anything', '/params/nothing'),
    candidates: candidates.map(({ action, minutes, later, worth: own }) => ({
      action,
      minutes,
      probability: promised.get(action)?.probability ?? 0,
      ...(own ? { worth: { kind: 'lifetime', amount: own } } : {}),
      ...(later
        ? {
            later: {
              probability: told(later.probability, `The later probability of ${action}`, '/params/actions'),
              hours: parseDuration(later.in) / HOUR,
            },
          }
        : {}),
    })),
  };
}

/** The best one; in a share of decisions one that is drawn by the chance that it is the best. `chance`: the probability that it had; `chances`: of all. */
export function choose(
  ctx: Pick<StepContext, 'random'>,
  { explore: share = 0 }: Params,
  ranked: readonly Ranked[],
  promised: ReadonlyMap<string, Promised>,
): { one: Ranked; chance: number; chances: readonly number[] } {
  const [best] = ranked;
  if (!best) throw new TaktError('INTERNAL', { message: 'Doing nothing is always a candidate.' });
  if (share === 0) return { one: best, chance: 1, chances: ranked.map((_, i) => (i === 0 ? 1 : 0)) };
  const arms = ranked.map(({ action, probability, worth, cost }): Arm => {
    const rate = action === null ? undefined : promised.get(action)?.belief;
    return { rate: rate ?? probability, worth, cost };
  });
  const { probabilities } = explore(arms, share);
  const drawn = draw(probabilities, () => ctx.random());
  return { one: ranked[drawn] ?? best, chance: probabilities[drawn] ?? 1, chances: [...probabilities] };
}

function told(value: number | null | undefined, what: string, pointer: string): number {
  if (typeof value === 'number') return value;
  throw unknown(what, pointer);
}

const unknown = (what: string, pointer: string): TaktError =>
  new TaktError('DECISION_INVALID', {
    message: `${what} is not known.`,
    pointer,
    hint: 'Give a number, or an expression that always finds one.',
  });
