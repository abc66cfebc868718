/** The month without Takt: people take the next deal in an order of their own, and do with it what they always do. */
import { type Span, spanAt } from '../hours.ts';
import { dayOf, type Timetable } from './days.ts';
import { type Deal, profitOf } from './deals.ts';
import { type ActionName, MINUTES, type Treated } from './truth.ts';

const MINUTE = 60_000;

/** What comes first of two deals. */
const ORDERS = {
  first_come: (a: Deal, b: Deal): number => a.arrivedAt - b.arrivedAt,
  newest_first: (a: Deal, b: Deal): number => b.arrivedAt - a.arrivedAt,
  budget_first: (a: Deal, b: Deal): number => b.budget - a.budget,
  /** By the score that Takt is told, too: the profit times the learned chance. */
  score_first: (a: Deal, b: Deal): number => b.learned * profitOf(b) - a.learned * profitOf(a),
} as const;
export type Order = keyof typeof ORDERS;

/** Large deals are visited, the others called. What does not fit before the next meeting is left for later. */
const LARGE = 200_000;
const habitOf = ({ budget }: Deal): ActionName => (budget >= LARGE ? 'visit' : 'call');

/** Minutes that a person may work on a day. */
export type Limit = (person: string, day: string) => number;

/**
 * What each person does with which deal, by the deal's id: in every free minute the next one that fits, of those that have come, are undecided and
 * untouched, and whose client is not on holiday. With a limit they stop where the minutes of the days so far are used.
 */
export function plainMonth(deals: readonly Deal[], tables: readonly Timetable[], order: Order, limit?: Limit): Map<string, Treated> {
  const done = new Map<string, Treated>();
  for (const { person, free } of tables) {
    const own = deals.filter((deal) => deal.person === person.as).sort(ORDERS[order]);
    let left = 0;
    for (const [day, stretches] of Map.groupBy(free, ({ from }) => dayOf(from))) {
      left += limit?.(person.as, day) ?? Number.POSITIVE_INFINITY;
      for (const stretch of stretches) left -= work(own, stretch, left, person.as, done);
    }
  }
  return done;
}

/** @returns the minutes that were worked */
function work(own: readonly Deal[], { from, until }: Span, most: number, person: string, done: Map<string, Treated>): number {
  let worked = 0;
  for (let at = from; at < until; ) {
    const fits = (deal: Deal): boolean => {
      const minutes = MINUTES[habitOf(deal)];
      return at + minutes * MINUTE <= until && worked + minutes <= most;
    };
    const open = (deal: Deal): boolean => deal.arrivedAt <= at && deal.closesAt > at && !done.has(deal.id);
    const next = own.find((deal) => open(deal) && fits(deal) && !(deal.holiday && spanAt([deal.holiday], at)));
    if (!next) {
      // Somebody may come while they wait.
      at += 5 * MINUTE;
      continue;
    }
    const action = habitOf(next);
    at += MINUTES[action] * MINUTE;
    worked += MINUTES[action];
    done.set(next.id, { action, person, at });
  }
  return worked;
}
