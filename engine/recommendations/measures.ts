/** What recommending brings: how many are taken up, how soon, how often they succeed, against records that were recommended nothing. Pure. */
import { differenceInterval } from '../experiment/proportions.ts';

/** A recommendation, as far as it is measured. Moments are milliseconds since the epoch. */
export interface Measured {
  readonly record: string;
  readonly action: string;
  readonly person: string | null;
  /** rules, points, model or words */
  readonly generation: string;
  readonly heldOut: boolean;
  readonly toldAt: number | null;
  readonly acceptedAt: number | null;
  /** It was accepted or done. */
  readonly adopted: boolean;
  readonly declined: boolean;
  /** Told at once. */
  readonly urgent: boolean;
  /** Null as long as nothing has come of the record. */
  readonly success: boolean | null;
  readonly earned: number;
  readonly currency: string | null;
}

/** Shares of 1, and milliseconds. */
export interface RecommendationFigures {
  /** Told to somebody. */
  readonly told: number;
  readonly adopted: number;
  readonly declined: number;
  /** adopted / told */
  readonly adoption: number | null;
  /** Of those adopted whose outcome is known: successes. */
  readonly precision: number | null;
  readonly outcomes: number;
  /** From the telling to the acceptance of urgent ones, the median. */
  readonly reactionMs: number | null;
  /** Of urgent ones that were told: accepted within two hours. */
  readonly reactedInTime: number | null;
  /** By currency. */
  readonly earned: Readonly<Record<string, number>>;
  readonly lift: Lift | null;
}

/** Records that were recommended something against those that were held out, whatever was done with it. */
interface Lift {
  readonly records: number;
  readonly rate: number;
  readonly heldOut: number;
  readonly heldOutRate: number;
  /** rate − heldOutRate */
  readonly difference: number;
  /** Of the difference, 95 %. */
  readonly interval: readonly [low: number, high: number];
}

const HOUR = 3_600_000;

/** From which share on it is good, and below which it is bad. */
export const RECOMMENDATION_AIMS = {
  adoption: { good: 0.6, bad: 0.3 },
  /** One in four succeeds; below 15 % the model is to be trained anew. */
  precision: { good: 0.25, bad: 0.15 },
  /** Urgent ones are taken up within two hours. */
  reactedInTime: { good: 0.5, bad: 0.25 },
} as const;
export type RecommendationAim = keyof typeof RECOMMENDATION_AIMS;
export type Standing = 'good' | 'fair' | 'bad' | 'too_few';

/** With fewer than so many a share says nothing. */
const FEWEST = 20;
/** Outcomes on either side, for a comparison. */
const FEWEST_COMPARED = 30;
const URGENT = 2 * HOUR;

export function measureRecommendations(list: readonly Measured[]): RecommendationFigures {
  const told = list.filter(({ toldAt, heldOut }) => toldAt !== null && !heldOut);
  const adopted = told.filter((one) => one.adopted);
  const known = adopted.filter(({ success }) => success !== null);
  const urgent = told.filter((one) => one.urgent);
  const reactions = urgent.flatMap(({ toldAt, acceptedAt }) => (toldAt === null || acceptedAt === null ? [] : [acceptedAt - toldAt]));
  const earned: Record<string, number> = {};
  for (const { earned: amount, currency } of list) if (amount > 0) earned[currency ?? ''] = (earned[currency ?? ''] ?? 0) + amount;
  return {
    told: told.length,
    adopted: adopted.length,
    declined: told.filter(({ declined }) => declined).length,
    adoption: share(adopted.length, told.length),
    precision: share(known.filter(({ success }) => success === true).length, known.length),
    outcomes: known.length,
    reactionMs: median(reactions),
    reactedInTime: share(reactions.filter((ms) => ms <= URGENT).length, urgent.length),
    earned,
    lift: liftOf(list),
  };
}

/** How a figure stands to its aim. */
export function standings(figures: RecommendationFigures, urgentTold: number): Record<RecommendationAim, Standing> {
  const standing = (value: number | null, of: number, { good, bad }: { good: number; bad: number }): Standing => {
    if (value === null || of < FEWEST) return 'too_few';
    return value >= good ? 'good' : value < bad ? 'bad' : 'fair';
  };
  return {
    adoption: standing(figures.adoption, figures.told, RECOMMENDATION_AIMS.adoption),
    precision: standing(figures.precision, figures.outcomes, RECOMMENDATION_AIMS.precision),
    reactedInTime: standing(figures.reactedInTime, urgentTold, RECOMMENDATION_AIMS.reactedInTime),
  };
}

/** By record, since a record succeeds once: several recommendations for it are one try. */
function liftOf(list: readonly Measured[]): Lift | null {
  const sides = { treated: new Map<string, boolean>(), heldOut: new Map<string, boolean>() };
  for (const { record, heldOut, success } of list) {
    if (success === null) continue;
    const side = heldOut ? sides.heldOut : sides.treated;
    side.set(record, success || side.get(record) === true);
  }
  const [treated, heldOut] = [sampleOf(sides.treated), sampleOf(sides.heldOut)];
  if (treated.n < FEWEST_COMPARED || heldOut.n < FEWEST_COMPARED) return null;
  const [rate, heldOutRate] = [treated.successes / treated.n, heldOut.successes / heldOut.n];
  return {
    records: treated.n,
    rate,
    heldOut: heldOut.n,
    heldOutRate,
    difference: rate - heldOutRate,
    interval: differenceInterval(treated, heldOut, 0.95),
  };
}

const sampleOf = (side: ReadonlyMap<string, boolean>): { n: number; successes: number } => ({
  n: side.size,
  successes: [...side.values()].filter(Boolean).length,
});

const share = (part: number, of: number): number | null => (of === 0 ? null : part / of);

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
