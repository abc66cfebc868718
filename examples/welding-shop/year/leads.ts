/** The shop's leads of two years, with what truly made them buy. Equal seeds make equal years. */
import { Chance } from '../chance.ts';
import {
  BRANDS,
  BUDGET,
  BY_WEEKDAY,
  busy,
  CATEGORIES,
  CHANNELS,
  CLOSING,
  INDUSTRIES,
  RETURNING,
  SITES,
  type Traits,
  TURNOVER,
  trueProbability,
} from './market.ts';

const DAY = 86_400_000;
/** January of the first year. */
const FIRST_YEAR = 2025;

/** Moments are milliseconds since the epoch, UTC. */
export interface YearLead {
  readonly id: string;
  readonly arrivedAt: number;
  /** The manager who got it. */
  readonly person: string;
  readonly site: string;
  readonly channel: string;
  readonly category: string;
  readonly brand: string;
  readonly kind: 'person' | 'company';
  readonly industry: string | null;
  /** Roubles a year. */
  readonly turnover: number | null;
  /** The share of its past requests that were successful; null where there are none. */
  readonly pastShare: number | null;
  /** Roubles. */
  readonly budget: number;
  /** Budget × margin of the brand. */
  readonly profit: number;
  /** The truth, which nobody in the shop knows. */
  readonly probability: number;
  /** What came of it, and when: known from then on. */
  readonly won: boolean;
  readonly closedAt: number;
}

/** The begin of a month, counted from the first January. */
export const beginOf = (month: number): number => Date.UTC(FIRST_YEAR, month, 1);

/**
 * @param months from January 2025 on
 * @param people who get the leads, each as often as the others
 * @param perMonth leads of a mean month
 */
export function yearLeads(seed: number, months: number, people: readonly string[], perMonth = 4_000): YearLead[] {
  const leads: YearLead[] = [];
  const meanWeekday = BY_WEEKDAY.reduce((sum, one) => sum + one, 0) / 7;
  for (let month = 0; month < months; month++) {
    for (let day = beginOf(month); day < beginOf(month + 1); day += DAY) {
      const weekday = BY_WEEKDAY[(new Date(day).getUTCDay() + 6) % 7] ?? 1;
      const rate = ((perMonth * 12) / 365) * busy(month) * (weekday / meanWeekday);
      const arrivals = new Chance(seed, 'arrivals', day);
      for (let at = arrivals.pause(1 / rate); at < 1; at += arrivals.pause(1 / rate)) {
        leads.push(leadOf(seed, leads.length + 1, Math.floor(day + at * DAY), month, people));
      }
    }
  }
  return leads;
}

function leadOf(seed: number, n: number, arrivedAt: number, month: number, people: readonly string[]): YearLead {
  const chance = new Chance(seed, 'lead', n);
  const traits = traitsOf(chance);
  const { category, brand, kind, turnover, pastShare } = traits;
  const budget = Math.round(chance.amount(category.budget * (kind === 'company' ? BUDGET.company : 1), BUDGET.spread) / 100) * 100;
  const probability = trueProbability(traits, month);
  return {
    id: `Y-${n}`,
    arrivedAt,
    person: chance.one(people),
    site: traits.site.name,
    channel: traits.channel.name,
    category: category.name,
    brand: brand.name,
    kind,
    industry: traits.industry?.name ?? null,
    turnover,
    pastShare,
    budget,
    profit: Math.round(budget * brand.margin),
    probability,
    won: chance.happens(probability),
    closedAt: Math.floor(arrivedAt + DAY * (CLOSING.least + chance.pause(CLOSING.step) + chance.pause(CLOSING.step))),
  };
}

function traitsOf(chance: Chance): Traits {
  const channel = chance.weighted(CHANNELS);
  const kind = chance.happens(channel.company) ? 'company' : 'person';
  const company = kind === 'company';
  return {
    channel,
    kind,
    site: chance.weighted(SITES),
    category: chance.weighted(CATEGORIES),
    brand: chance.weighted(BRANDS),
    industry: company ? chance.weighted(INDUSTRIES) : null,
    turnover: company ? Math.round(chance.amount(TURNOVER.median, TURNOVER.spread) / 1_000) * 1_000 : null,
    pastShare: company && chance.happens(RETURNING) ? Math.round(100 * chance.next()) / 100 : null,
  };
}
