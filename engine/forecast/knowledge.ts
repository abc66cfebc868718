/** All that a forecast learns from what is known at its moment. */
import { TaktError } from '../errors/index.ts';
import { type Arrivals, learnArrivals } from './arrivals.ts';
import { type Closing, learnClosing } from './closing.ts';
import { dayIn, firstDayOf, monthOfDay, PLACES, placeOf, type Season } from './days.ts';
import { type Deal, LEAST_CLOSED, shareWon } from './deal.ts';
import { monthSpread, type PastMonth } from './spread.ts';
import { learnShifts, type Shift, shifted } from './winning.ts';

/** A deal with its days. */
interface Known {
  readonly deal: Deal;
  readonly opened: number;
  readonly closed: number | null;
  readonly probability: number;
}

export interface Knowledge {
  readonly deals: readonly Known[];
  readonly closedCount: number;
  /** The first day that is not known whole. */
  readonly today: number;
  /** The first day on which deals that nobody knows yet can begin. */
  readonly coming: number;
  /** The first day on which outcomes were written down. */
  readonly from: number;
  readonly closing: Closing;
  /** By place in the season. */
  readonly shifts: readonly Shift[];
  readonly arrivals: Arrivals;
  /** Variance of a month's own factor. */
  readonly spread: number;
}

/** @throws TaktError FORECAST_COLD, FORECAST_OPTIONS where the zone is not known */
export function learn(deals: readonly Deal[], now: number, season: Season, timezone: string, recordedFrom?: number): Knowledge {
  const dayOf = daysOf(timezone, now);
  const closedDeals = deals.filter(({ closedAt }) => closedAt !== null);
  const base = shareWon(closedDeals);
  if (base === undefined) {
    throw new TaktError('FORECAST_COLD', { message: `${closedDeals.length} deals have closed; a forecast needs ${LEAST_CLOSED}.` });
  }
  const known = deals.map((deal) => ({
    deal,
    opened: dayOf(deal.openedAt),
    closed: deal.closedAt === null ? null : dayOf(deal.closedAt),
    probability: deal.probability ?? base,
  }));
  const today = dayOf(now);
  const from =
    recordedFrom === undefined ? known.reduce((least, { closed }) => Math.min(least, closed ?? least), today) : dayOf(recordedFrom);
  const closing = learnClosing(known, from, today, season);
  const place = (day: number): number => placeOf(season, monthOfDay(day));
  const judged = known.flatMap(({ closed, deal, probability }) =>
    closed === null || closed < from
      ? []
      : [{ place: place(closed), probability, won: deal.won === true, own: deal.probability !== undefined }],
  );
  // Of which nothing was told, as of old deals that were imported, says nothing of what is told.
  const own = judged.filter((one) => one.own);
  const told = own.length < LEAST_CLOSED ? judged : own;
  const shifts = learnShifts(told, PLACES[season]);
  const past = pastMonths(known, { closing, shifts, from, today, season });
  const opened = known.map((one) => one.opened);
  return {
    deals: known,
    closedCount: closedDeals.length,
    today,
    coming: dayOf(now - 1) === today ? today + 1 : today,
    from,
    closing,
    shifts,
    arrivals: learnArrivals(opened, from, today, season),
    spread: monthSpread([...past.values()], new Set([...past.keys()].map((month) => placeOf(season, month))).size),
  };
}

function daysOf(timezone: string, now: number): (ms: number) => number {
  const dayOf = dayIn(timezone);
  try {
    dayOf(now);
    return dayOf;
  } catch (cause) {
    throw new TaktError('FORECAST_OPTIONS', { message: `"${timezone}" is no time zone.`, field: 'timezone', cause });
  }
}

type Learned = Pick<Knowledge, 'closing' | 'shifts' | 'from' | 'today'> & { season: Season };

/** The months that are known whole, by their numbers. */
function pastMonths(known: readonly Known[], { closing, shifts, from, today, season }: Learned): Map<number, PastMonth> {
  const first = monthOfDay(from - 1) + 1;
  const last = monthOfDay(today) - 1;
  const months = new Map<number, { won: number; expected: number }>();
  for (let month = first; month <= last; month++) months.set(month, { won: 0, expected: 0 });
  for (const { opened, closed, deal, probability } of known) {
    const until = closed === null ? last : Math.min(last, monthOfDay(closed));
    for (let month = Math.max(first, monthOfDay(opened)); month <= until; month++) {
      const sums = months.get(month);
      if (sums === undefined) continue;
      const [begin, end, place] = [firstDayOf(month), firstDayOf(month + 1), placeOf(season, month)];
      if (deal.won === true && closed !== null && closed < end) sums.won++;
      const wins = shifted(probability, shifts[place]?.logOdds ?? 0);
      for (let day = Math.max(opened, begin); day <= Math.min(closed ?? end, end - 1); day++) {
        sums.expected += wins * closing.hazard(day - opened, place);
      }
    }
  }
  return months;
}
