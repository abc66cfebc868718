/** Forecasts of the shop's months, each made at the beginning of its month by what was known then, beside what came. */
import { type Deal, forecast, qualityOf } from '../../../engine/forecast/index.ts';
import { beginOf, type YearLead } from './leads.ts';
import { decidedWithin } from './market.ts';

const DAY = 86_400_000;

/**
 * Probabilities of being won, learned from leads whose outcome is known.
 * @returns one for each of `asked`
 */
export type Learner = (closed: readonly YearLead[], asked: readonly YearLead[]) => ArrayLike<number>;

export interface HeldOut {
  /** YYYY-MM. */
  month: string;
  expected: number;
  low: number;
  high: number;
  /** Expected by the same forecast with the true probabilities in place of the learned ones. */
  byTruth: number;
  /** Expected by who knows the whole market, and also which leads will come: what is left is the chance of single leads. */
  byAll: number;
  came: number;
  good: { learned: boolean; byTruth: boolean; byAll: boolean };
}

/** @param heldOut numbers of months, counted from the first January, of which leads are there until their end */
export function heldOutMonths(leads: readonly YearLead[], heldOut: readonly number[], learner: Learner): HeldOut[] {
  return heldOut.map((month) => {
    const [now, end] = [beginOf(month), beginOf(month + 1)];
    const known = leads.filter(({ arrivedAt }) => arrivedAt < now);
    const learned = learner(
      known.filter(({ closedAt }) => closedAt < now),
      known,
    );
    const said = monthAhead(known, now, (_, i) => learned[i] ?? 0);
    const byTruth = monthAhead(known, now, ({ probability }) => probability).total.expected;
    const byAll = leads.reduce(
      (sum, lead) => sum + (lead.arrivedAt < end ? lead.profit * lead.probability * closesIn(lead, now, end) : 0),
      0,
    );
    const came = leads.reduce((sum, { won, closedAt, profit }) => sum + (won && closedAt >= now && closedAt < end ? profit : 0), 0);
    const good = (expected: number): boolean => qualityOf([{ expected, came }]).good;
    const { expected, low, high } = said.total;
    return {
      month: said.month,
      expected,
      low,
      high,
      byTruth,
      byAll,
      came,
      good: { learned: good(expected), byTruth: good(byTruth), byAll: good(byAll) },
    };
  });
}

function monthAhead(known: readonly YearLead[], now: number, probabilityOf: (lead: YearLead, i: number) => number) {
  const deals = known.map((lead, i) => dealOf(lead, now, probabilityOf(lead, i)));
  const [month] = forecast(deals, { now, months: 1, season: 'year' }).months;
  if (month === undefined) throw new RangeError('A forecast without a month.');
  return month;
}

/** A lead as it was known at a moment. */
function dealOf(lead: YearLead, now: number, probability: number): Deal {
  const closed = lead.closedAt < now;
  return {
    id: lead.id,
    openedAt: lead.arrivedAt,
    closedAt: closed ? lead.closedAt : null,
    won: closed ? lead.won : null,
    profit: lead.profit,
    currency: 'RUB',
    probability,
    team: lead.person,
    channel: lead.channel,
  };
}

/** The true chance to be decided on in a month, of a lead that was open at its beginning or came in it; none of one decided before. */
function closesIn({ arrivedAt, closedAt }: YearLead, now: number, end: number): number {
  if (closedAt < now) return 0;
  const before = decidedWithin((now - arrivedAt) / DAY);
  return (decidedWithin((end - arrivedAt) / DAY) - before) / (1 - before);
}
