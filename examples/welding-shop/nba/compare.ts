/** The same month by each way of working: same people, same deals, same chance. */
import type { Shop } from '../people.ts';
import { beginOf } from '../year/leads.ts';
import { dayOf, timetables } from './days.ts';
import { type Deal, dealsOf, MONTH, outcomeOf, profitOf } from './deals.ts';
import { type GuidedMonth, guidedMonth } from './guided.ts';
import { type Order, plainMonth } from './plainly.ts';
import { MINUTES, type Treated, trueChance } from './truth.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** The month of the shop begins at midnight in Moscow. */
const AHEAD = 3 * HOUR;

export interface MonthSize {
  /** Deals that come in a mean month; some three in ten more are open at its beginning. */
  readonly perMonth: number;
  readonly days: number;
  readonly shop: Shop;
}

/** Roubles and hours of all people together. */
export interface Figures {
  /** Of all deals that were won, touched or not. */
  readonly profit: number;
  readonly hours: number;
  readonly actions: number;
  /** What is won by work: the profit, less what would have come if nobody had done anything. */
  readonly gained: number;
}

export interface ComparedMonth {
  readonly seed: number;
  readonly deals: number;
  readonly guided: Figures;
  /** As long a day as with Takt, person by person. */
  readonly plain: Readonly<Record<Order, Figures>>;
  /** With all the time that there is. */
  readonly plainAllTime: Readonly<Record<Order, Figures>>;
  readonly told: number;
  readonly adopted: number;
  readonly declined: number;
  /** Of those adopted that are decided. */
  readonly succeeded: number;
  readonly decided: number;
  /** Records with a known outcome, recommended something or held out, and how many were won. */
  readonly lift: { readonly records: number; readonly won: number; readonly heldOut: number; readonly heldOutWon: number } | null;
  /** What was truly added to the chance of a deal that was not held out, in the mean. */
  readonly trueLift: number;
}

/** Moments of the month, milliseconds since the epoch. */
const spanOf = (days: number): { from: number; until: number } => {
  const from = beginOf(MONTH) - AHEAD;
  return { from, until: from + days * DAY };
};

export function inputOf(seed: number, { perMonth, days, shop }: MonthSize): GuidedMonth {
  const people = shop.people.map(({ as }) => as);
  const tables = timetables(seed, shop.people, days);
  return { seed, shop, tables, deals: dealsOf(seed, people, perMonth, days), ...spanOf(days) };
}

export async function comparedMonth(seed: number, size: MonthSize, onPassed?: (share: number) => void): Promise<ComparedMonth> {
  const input = inputOf(seed, size);
  const { deals, tables } = input;
  const { done, measures, heldOut } = await guidedMonth(input, onPassed);
  const worked = minutesByDay(done);
  const limit = (person: string, day: string): number => worked.get(`${person} ${day}`) ?? 0;
  const figures = (map: ReadonlyMap<string, Treated>): Figures => figuresOf(seed, deals, map);
  const byOrder = (of: (order: Order) => Figures): Record<Order, Figures> => ({
    first_come: of('first_come'),
    newest_first: of('newest_first'),
    budget_first: of('budget_first'),
    score_first: of('score_first'),
  });
  const { told, adopted, declined, outcomes, precision, lift } = measures;
  return {
    seed,
    deals: deals.length,
    guided: figures(done),
    plain: byOrder((order) => figures(plainMonth(deals, tables, order, limit))),
    plainAllTime: byOrder((order) => figures(plainMonth(deals, tables, order))),
    told,
    adopted,
    declined,
    decided: outcomes,
    succeeded: Math.round((precision ?? 0) * outcomes),
    lift: lift && {
      records: lift.records,
      won: Math.round(lift.rate * lift.records),
      heldOut: lift.heldOut,
      heldOutWon: Math.round(lift.heldOutRate * lift.heldOut),
    },
    trueLift: trueLift(
      deals.filter(({ id }) => !heldOut.has(id)),
      done,
    ),
  };
}

export function figuresOf(seed: number, deals: readonly Deal[], done: ReadonlyMap<string, Treated>): Figures {
  const sum = (treated: (deal: Deal) => Treated | null): number =>
    deals.reduce((total, deal) => total + (outcomeOf(seed, deal, treated(deal)).won ? profitOf(deal) : 0), 0);
  const profit = sum(({ id }) => done.get(id) ?? null);
  const minutes = [...done.values()].reduce((total, { action }) => total + MINUTES[action], 0);
  return { profit, hours: minutes / 60, actions: done.size, gained: profit - sum(() => null) };
}

function minutesByDay(done: ReadonlyMap<string, Treated>): Map<string, number> {
  const minutes = new Map<string, number>();
  for (const { person, at, action } of done.values()) {
    const key = `${person} ${dayOf(at)}`;
    minutes.set(key, (minutes.get(key) ?? 0) + MINUTES[action]);
  }
  return minutes;
}

function trueLift(deals: readonly Deal[], done: ReadonlyMap<string, Treated>): number {
  const added = (deal: Deal): number => trueChance(deal, done.get(deal.id) ?? null) - trueChance(deal, null);
  return deals.reduce((sum, deal) => sum + added(deal), 0) / Math.max(1, deals.length);
}
