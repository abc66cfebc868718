/** The deals of a month: those that are open at its beginning, and those that come. Equal seeds make equal deals. */
import { Chance } from '../chance.ts';
import type { Span } from '../hours.ts';
import { beginOf, type YearLead, yearLeads } from '../year/leads.ts';
import { learnedConversion } from '../year/learned.ts';
import { BRANDS } from '../year/market.ts';
import { type Asked, type Treated, trueChance } from './truth.ts';

const DAY = 86_400_000;
/** June 2026, counted from the first January of the market. */
export const MONTH = 17;
/** Who came before is open at the beginning, unless it has been decided. */
const OPEN_SINCE = 12 * DAY;
/** Conversion is learned from the leads of so many months. */
const LEARNED_FROM = 9;

/** A deal that nobody touches is decided on after so many days at the earliest, and so many more on average; one that was touched, after that. */
const BY_ITSELF = { least: 6, mean: 9 };
const AFTER_ACTION = { least: 1, mean: 4 };

export interface Deal extends Asked {
  readonly id: string;
  readonly name: string;
  /** The manager who has it. */
  readonly person: string;
  readonly source: string;
  readonly category: string;
  readonly brand: string;
  /** Roubles, and the share of them that is profit. */
  readonly budget: number;
  readonly margin: number;
  /** The chance of being bought from as the shop has learned it from earlier leads: what Takt is told. */
  readonly learned: number;
  /** When it is decided on where nobody does anything. */
  readonly closesAt: number;
}

/** What came of a deal. */
export interface Outcome {
  readonly won: boolean;
  readonly at: number;
}

/**
 * @param people who have the deals, each as many as the others
 * @param perMonth deals that come in a mean month
 * @param days of the month
 */
export function dealsOf(seed: number, people: readonly string[], perMonth: number, days: number): Deal[] {
  const begin = beginOf(MONTH);
  const leads = yearLeads(seed, MONTH + 1, people, perMonth);
  const history = leads.filter(({ arrivedAt, closedAt }) => arrivedAt >= beginOf(MONTH - LEARNED_FROM) && closedAt < begin);
  const coming = leads.filter(({ arrivedAt }) => arrivedAt >= begin - OPEN_SINCE && arrivedAt < begin + days * DAY);
  const learned = learnedConversion(history, coming);
  return coming.map((lead, i) => dealOf(seed, lead, learned[i] ?? 0)).filter(({ closesAt }) => closesAt > begin);
}

function dealOf(seed: number, lead: YearLead, learned: number): Deal {
  const { id, arrivedAt, person, channel, category, brand, budget, industry, probability } = lead;
  const chance = new Chance(seed, 'deal', id);
  return {
    id,
    arrivedAt,
    person,
    source: channel,
    category,
    brand,
    budget,
    margin: BRANDS.find(({ name }) => name === brand)?.margin ?? 0,
    name: `${chance.one(industry === null ? FAMILIES : WORKS)} ${id.slice(2)}`,
    segment: industry ?? 'Private',
    usual: probability,
    learned,
    closesAt: Math.floor(arrivedAt + DAY * (BY_ITSELF.least + chance.pause(BY_ITSELF.mean))),
    holiday: holidayOf(chance, arrivedAt),
  };
}

/** Some go on holiday within the first week. */
const HOLIDAY = { often: 0.08, within: 7 * DAY, days: 5 * DAY };

function holidayOf(chance: Chance, arrivedAt: number): Span | null {
  const from = Math.floor(arrivedAt + HOLIDAY.within * chance.next());
  return chance.happens(HOLIDAY.often) ? { from, until: from + HOLIDAY.days } : null;
}

const FAMILIES = ['Antonenko', 'Bondar', 'Vlasenko', 'Danko', 'Zhuk', 'Kravets', 'Litvin', 'Moroz', 'Savchuk', 'Tkach'] as const;
const WORKS = ['Stal', 'Montazh', 'Energo', 'Trub', 'Stroy', 'Mash', 'Sever', 'Ural', 'Volga', 'Zavod'] as const;

/**
 * What comes of a deal by what was done with it; null: nothing was. The chance of a deal is its own: whoever does the same with it at the same
 * time has the same outcome, and who does better never has a worse one.
 */
export function outcomeOf(seed: number, deal: Deal, treated: Treated | null): Outcome {
  const chance = new Chance(seed, 'outcome', deal.id);
  const won = chance.happens(trueChance(deal, treated));
  if (treated === null) return { won, at: deal.closesAt };
  return { won, at: Math.floor(treated.at + DAY * (AFTER_ACTION.least + chance.pause(AFTER_ACTION.mean))) };
}

/** Roubles. */
export const profitOf = ({ budget, margin }: Deal): number => budget * margin;
