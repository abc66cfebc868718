/** What actions truly do in the shop's market. Neither people nor Takt know it; both see only what is won and lost. */
import { Chance } from '../chance.ts';
import { type Span, spanAt } from '../hours.ts';

const DAY = 86_400_000;

export const ACTIONS = ['mail', 'call', 'visit'] as const;
export type ActionName = (typeof ACTIONS)[number];

/** Minutes of work, with what it takes to prepare; the workflow is told the same. */
export const MINUTES: Readonly<Record<ActionName, number>> = { mail: 8, call: 20, visit: 45 };

interface Segment {
  /** What an action adds to the log-odds that doing nothing leaves. */
  readonly lift: Readonly<Record<ActionName, number>>;
  /** After so many days of waiting an action does the e-th part of what it would have done at once. */
  readonly patience: number;
}

/** By industry of companies; people are `Private`. Construction and garages want a call, machine builders a visit, shipyards have it in writing. */
const SEGMENTS: ReadonlyMap<string, Segment> = new Map([
  ['Private', { lift: { mail: 0.5, call: 1.2, visit: 1.3 }, patience: 4 }],
  ['Construction', { lift: { mail: 0.4, call: 1.5, visit: 1.6 }, patience: 6 }],
  ['Machine building', { lift: { mail: 0.7, call: 1, visit: 2.3 }, patience: 14 }],
  ['Car repair', { lift: { mail: 0.2, call: 1.7, visit: 1.7 }, patience: 4 }],
  ['Farming', { lift: { mail: 0.1, call: 1.3, visit: 1.9 }, patience: 8 }],
  ['Pipelines', { lift: { mail: 1.1, call: 0.4, visit: 2.2 }, patience: 20 }],
  ['Shipbuilding', { lift: { mail: 1.5, call: 0.2, visit: 1.6 }, patience: 20 }],
]);

/** The market's own probability is that of the shop as it has worked so far; a deal that nobody touches has so much less. */
const UNTOUCHED = -1.25;
/** Half of people and segments lie within two thirds of it, up or down. */
const STRENGTH = 0.35;
/** People are who they are, whatever the seed of the month. */
const PEOPLE = 1;

export interface Treated {
  readonly action: ActionName;
  readonly person: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Of a deal: what the market makes of it, and who asks. */
export interface Asked {
  readonly usual: number;
  readonly segment: string;
  readonly arrivedAt: number;
  /** While the client is on holiday nothing that is done reaches them; who looks at the deal knows it. */
  readonly holiday: Span | null;
}

/** The true probability that a deal is won, after what was done; null: nothing was. */
export function trueChance({ usual, segment, arrivedAt, holiday }: Asked, treated: Treated | null): number {
  const untouched = Math.log(usual / (1 - usual)) + UNTOUCHED;
  if (treated === null || (holiday && spanAt([holiday], treated.at))) return sigmoid(untouched);
  const { lift, patience } = SEGMENTS.get(segment) ?? missing(segment);
  const waited = Math.max(0, treated.at - arrivedAt) / DAY;
  return sigmoid(untouched + lift[treated.action] * Math.exp(-waited / patience) + strengthOf(treated.person, segment));
}

/** What a person adds in a segment: some are good with shipyards. */
const strengthOf = (person: string, segment: string): number =>
  Math.log(new Chance(PEOPLE, 'strength', person, segment).amount(1, Math.exp(STRENGTH)));

const sigmoid = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

function missing(segment: string): never {
  throw new RangeError(`Nothing is known of ${segment}.`);
}
