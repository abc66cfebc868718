/** How the shop's market truly works: what comes, and what makes a lead buy. What is learned from the leads can be held against this. */

/** How often (of all), and what it adds to the log-odds of buying. */
interface Level {
  readonly name: string;
  readonly weight: number;
  readonly logOdds: number;
}

const level = (name: string, weight: number, logOdds: number): Level => ({ name, weight, logOdds });

export const SITES: readonly Level[] = [
  level('svarka-shop', 18, 0.2),
  level('svarka-msk', 13, 0.1),
  level('svarka-spb', 11, 0),
  level('svarka-ural', 9, -0.1),
  level('invertory', 9, 0.3),
  level('electrody', 8, 0.4),
  level('compressory', 7, -0.3),
  level('generatory', 6, -0.2),
  level('plasma-rezka', 6, 0),
  level('svarka-optom', 5, 0.5),
  level('svarka-b2b', 5, 0.3),
  level('svarka-katalog', 3, -0.6),
];

/** `company`: how often it is a company that writes this way. Much of what a channel seems to be worth is who uses it. */
export const CHANNELS = [
  { ...level('Website form', 44, 0), company: 0.5 },
  { ...level('Missed call', 20, 0.35), company: 0.4 },
  { ...level('E-mail', 18, 0.1), company: 0.95 },
  { ...level('Marketplace', 11, -0.5), company: 0.15 },
  { ...level('Messenger', 7, -0.2), company: 0.25 },
] as const;

/** `budget`: the median, in roubles. */
export const CATEGORIES = [
  { ...level('Inverters', 26, 0.2), budget: 60_000 },
  { ...level('Semi-automatic machines', 20, 0.1), budget: 95_000 },
  { ...level('Wire and electrodes', 20, 0.5), budget: 45_000 },
  { ...level('Generators', 12, -0.2), budget: 110_000 },
  { ...level('Plasma cutters', 12, -0.1), budget: 120_000 },
  { ...level('Compressors', 10, -0.5), budget: 150_000 },
] as const;

/** `margin`: the part of the budget that is profit. */
export const BRANDS = [
  { ...level('Arcus', 30, 0.1), margin: 0.18 },
  { ...level('Norda', 24, 0), margin: 0.22 },
  { ...level('Voltari', 20, -0.1), margin: 0.26 },
  { ...level('Kontur Weld', 16, 0.2), margin: 0.15 },
  { ...level('Ferrolux', 10, -0.3), margin: 0.3 },
] as const;

export const INDUSTRIES: readonly Level[] = [
  level('Construction', 30, 0),
  level('Machine building', 22, 0.3),
  level('Car repair', 18, 0.1),
  level('Farming', 12, -0.2),
  level('Pipelines', 10, 0.4),
  level('Shipbuilding', 8, -0.1),
];

/** A share of companies knows the shop already; the others have no past requests. */
export const RETURNING = 0.35;
/** The year's turnover of companies, roubles: two thirds between a `spread`-th and the `spread`-fold. Ten times as much adds so much. */
export const TURNOVER = { median: 60_000_000, spread: 4, logOdds: 0.25 };
/** Of amounts around the median of their category; companies want more. */
export const BUDGET = { spread: 1.6, company: 1.4 };
/** A day's leads beside a plain Thursday, Monday first. */
export const BY_WEEKDAY = [1.15, 1.1, 1.05, 1, 0.85, 0.35, 0.2] as const;

const BASE = -1.15;
const COMPANY = 0.45;
/** From no past request with success to all of them. */
const PAST = 1.4;

export interface Traits {
  readonly site: Level;
  readonly channel: (typeof CHANNELS)[number];
  readonly category: (typeof CATEGORIES)[number];
  readonly brand: (typeof BRANDS)[number];
  readonly kind: 'person' | 'company';
  /** Of companies only. */
  readonly industry: Level | null;
  readonly turnover: number | null;
  /** Of companies that have asked before. */
  readonly pastShare: number | null;
}

/**
 * Of being bought from.
 * @param month whole months since the begin, the season of a lead that comes in it
 */
export function trueProbability(traits: Traits, month: number): number {
  const { site, channel, category, brand, kind, industry, turnover, pastShare } = traits;
  const company = kind === 'company' ? COMPANY : 0;
  const large = turnover === null ? 0 : TURNOVER.logOdds * Math.log10(turnover / TURNOVER.median);
  const past = pastShare === null ? 0 : PAST * (pastShare - 0.4);
  const all = BASE + site.logOdds + channel.logOdds + category.logOdds + brand.logOdds + company + (industry?.logOdds ?? 0) + large + past;
  return 1 / (1 + Math.exp(-all - 0.22 * season(month)));
}

/** How many leads a day of a month has, beside the mean. */
export const busy = (month: number): number => 1 + 0.1 * season(month);

/** From -1 to 1. High in May of the first year; the height comes some ten days later in each year: the season drifts. */
const season = (month: number): number => Math.cos((2 * Math.PI * (month - 4 - month / 36)) / 12);

/** A lead is decided on two days after it came at the earliest, then after two steps of this many days on average. */
export const CLOSING = { least: 2, step: 10 };

/** The share of leads decided on within so many days (Erlang distribution of two steps). */
export function decidedWithin(days: number): number {
  const steps = (days - CLOSING.least) / CLOSING.step;
  return steps <= 0 ? 0 : 1 - Math.exp(-steps) * (1 + steps);
}
