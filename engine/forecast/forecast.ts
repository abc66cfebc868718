/** What will come in, by month, team and channel: the sum of profit × probability, with an interval. */
import { TaktError } from '../errors/index.ts';
import { learnWorth } from './arrivals.ts';
import { firstDayOf, monthOfDay, PLACES, placeOf, type Season, writtenMonth } from './days.ts';
import { checkDeals, type Deal } from './deal.ts';
import { type Amount, intervalOf } from './interval.ts';
import { type Knowledge, learn } from './knowledge.ts';
import { shifted } from './winning.ts';

const MOST_MONTHS = 24;
const SURE = 1 - 1e-9;

interface ForecastOptions {
  /** The moment of the forecast, milliseconds since the epoch. */
  readonly now: number;
  /** How many, the one that `now` lies in included; of that one, only what is still to come. */
  readonly months: number;
  /** What repeats itself: nothing, the quarter (a month's place in it counts) or the year. Default none. */
  readonly season?: Season;
  /** Where a day and a month begin. Default UTC. */
  readonly timezone?: string;
  /** How often what comes is to lie in the interval. Default 0.8. */
  readonly confidence?: number;
  /** Since when outcomes are written down. Default: since the first one. */
  readonly recordedFrom?: number;
}

/** Of a team or a channel. */
interface Part extends Amount {
  readonly name: string;
}

export interface ForecastMonth {
  /** YYYY-MM. */
  readonly month: string;
  readonly total: Amount;
  /** What of the expected sum comes from deals that are open now, and from those that are still to begin. */
  readonly open: number;
  readonly coming: number;
  /** Their expected sums add up to the total; the ends of the intervals do not, since not all are lucky at once. */
  readonly teams: readonly Part[];
  readonly channels: readonly Part[];
  /** False: no month in this place of the season has been seen, so it is taken for one like the others, with a wider interval. */
  readonly seasonKnown: boolean;
}

export interface Forecast {
  readonly currency: string;
  readonly months: readonly ForecastMonth[];
  /** What the deals open now are still expected to bring after these months. */
  readonly later: number;
  readonly closedDeals: number;
  readonly openDeals: number;
}

/** Of one team and channel in one month. */
interface Cell {
  readonly team: string;
  readonly channel: string;
  open: number;
  coming: number;
  /** Of deals each for itself. */
  variance: number;
  /** What the sum gains where the log-odds of all rise by one. */
  slope: number;
  least: number;
  most: number;
}

/**
 * Every deal brings its profit with the probability that it closes in the month and is won; new ones begin at the rate of the past and are like those of
 * the past. The variance is exact for given probabilities – Σ profit² p (1 − p) of open deals (Poisson binomial with values), rate × E[profit² p]
 * of new ones (compound Poisson) –, and by the delta method for what has been learned: the shift of the odds, the place in the season, the rate of
 * arrivals, and each month's own factor.
 * @param deals known at `now`, closed and open, in one currency
 * @throws TaktError FORECAST_OPTIONS, FORECAST_COLD, and those of {@link checkDeals}
 */
export function forecast(deals: readonly Deal[], options: ForecastOptions): Forecast {
  const { now, months: count, season = 'none', timezone = 'UTC', confidence = 0.8, recordedFrom } = options;
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_MONTHS)) {
    throw new TaktError('FORECAST_OPTIONS', { message: `${count} months cannot be forecast.`, field: 'months' });
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new TaktError('FORECAST_OPTIONS', { message: `An interval of ${confidence} cannot be told.`, field: 'confidence' });
  }
  checkDeals(deals, now);
  const knowledge = learn(deals, now, season, timezone, recordedFrom);
  const horizon = new Horizon(knowledge, count, season);
  const cells = horizon.months.map(() => new Map<string, Cell>());
  const later = addOpen(cells, knowledge, horizon);
  addComing(cells, knowledge, horizon);
  return {
    currency: deals[0]?.currency ?? '',
    months: cells.map((month, i) => monthOf([...month.values()], horizon.months[i] ?? 0, knowledge, season, confidence)),
    later,
    closedDeals: knowledge.closedCount,
    openDeals: deals.length - knowledge.closedCount,
  };
}

/** The months ahead, and how deals of each age close in them. */
class Horizon {
  readonly months: readonly number[];
  readonly end: number;
  readonly #knowledge: Knowledge;
  readonly #season: Season;
  readonly #shares = new Map<number, Float64Array>();

  constructor(knowledge: Knowledge, count: number, season: Season) {
    const first = monthOfDay(knowledge.today);
    this.months = Array.from({ length: count }, (_, i) => first + i);
    this.end = firstDayOf(first + count);
    this.#knowledge = knowledge;
    this.#season = season;
  }

  get places(): number {
    return PLACES[this.#season];
  }

  placeOn(day: number): number {
    return placeOf(this.#season, monthOfDay(day));
  }

  place(i: number): number {
    return placeOf(this.#season, this.months[i] ?? 0);
  }

  shift(i: number): number {
    return this.#knowledge.shifts[this.place(i)]?.logOdds ?? 0;
  }

  /** The chance to close in each month, of a deal that began on a day and is open; last the chance to close after all of them. */
  shares(opened: number): Float64Array {
    const known = this.#shares.get(opened);
    if (known) return known;
    const { today, closing } = this.#knowledge;
    const shares = new Float64Array(this.months.length + 1);
    let left = 1;
    for (const [i, month] of this.months.entries()) {
      const [place, before] = [this.place(i), left];
      for (let day = Math.max(today, opened, firstDayOf(month)); day < firstDayOf(month + 1); day++)
        left *= 1 - closing.hazard(day - opened, place);
      shares[i] = before - left;
    }
    shares[this.months.length] = left;
    this.#shares.set(opened, shares);
    return shares;
  }
}

function addOpen(cells: readonly Map<string, Cell>[], { deals, shifts }: Knowledge, horizon: Horizon): number {
  let later = 0;
  const plain = shifts.reduce((sum, { logOdds }) => sum + logOdds, 0) / shifts.length;
  for (const { deal, opened, closed, probability } of deals) {
    if (closed !== null) continue;
    const shares = horizon.shares(opened);
    for (const [i, month] of cells.entries()) {
      const wins = shifted(probability, horizon.shift(i));
      const [share, chance] = [shares[i] ?? 0, (shares[i] ?? 0) * wins];
      const cell = cellOf(month, deal);
      cell.open += deal.profit * chance;
      cell.variance += deal.profit ** 2 * chance * (1 - chance);
      cell.slope += deal.profit * share * wins * (1 - wins);
      if (chance >= SURE) cell.least += deal.profit;
      if (chance > 0) cell.most += deal.profit;
    }
    later += deal.profit * (shares[cells.length] ?? 0) * shifted(probability, plain);
  }
  return later;
}

/** New deals are like those that began in the year before, worth what deals of their season are worth. */
const LIKE_DAYS = 365;

function addComing(cells: readonly Map<string, Cell>[], { deals, arrivals, today, from, coming }: Knowledge, horizon: Horizon): void {
  const like = deals
    .filter(({ opened }) => opened >= Math.max(from, today - LIKE_DAYS) && opened < today)
    .map((one) => ({ ...one, place: horizon.placeOn(one.opened) }));
  const season = learnWorth(
    like.map(({ place, deal, probability }) => ({ place, worth: deal.profit * probability })),
    horizon.places,
  );
  // By the month of the close, and within it by the place of the begin.
  const closings = cells.map(() => new Float64Array(horizon.places));
  for (let day = coming; day < horizon.end; day++) {
    const [rate, shares, place] = [arrivals.rate(day), horizon.shares(day), horizon.placeOn(day)];
    for (const [i, sums] of closings.entries()) sums[place] = (sums[place] ?? 0) + rate * (shares[i] ?? 0);
  }
  for (const [i, month] of cells.entries()) {
    const counted = Array.from(closings[i] ?? []).reduce((sum, count, place) => sum + count * (season[place] ?? 1), 0);
    const each = counted / like.length;
    if (!(each > 0)) continue;
    for (const { deal, probability, place } of like) {
      const wins = shifted(probability, horizon.shift(i));
      const own = each / (season[place] ?? 1);
      const cell = cellOf(month, deal);
      cell.coming += own * deal.profit * wins;
      // Once for what will come, once more for having seen only so many of its kind.
      cell.variance += own * deal.profit ** 2 * wins + (own * deal.profit * wins) ** 2;
      cell.slope += own * deal.profit * wins * (1 - wins);
      cell.most = Number.POSITIVE_INFINITY;
    }
  }
}

function cellOf(month: Map<string, Cell>, { team, channel }: Deal): Cell {
  const key = JSON.stringify([team, channel]);
  const known = month.get(key);
  if (known) return known;
  const cell = { team, channel, open: 0, coming: 0, variance: 0, slope: 0, least: 0, most: 0 };
  month.set(key, cell);
  return cell;
}

function monthOf(cells: readonly Cell[], month: number, knowledge: Knowledge, season: Season, confidence: number): ForecastMonth {
  const place = placeOf(season, month);
  const { closing, shifts, arrivals, spread } = knowledge;
  const common = {
    odds: shifts[place]?.variance ?? 0,
    volume: spread + (PLACES[season] === 1 ? 0 : closing.doubt(place)),
    rate: arrivals.doubt,
  };
  const amount = (some: readonly Cell[]): Amount => amountOf(some, common, confidence);
  return {
    month: writtenMonth(month),
    total: amount(cells),
    open: sum(cells, ({ open }) => open),
    coming: sum(cells, ({ coming }) => coming),
    teams: parts(cells, ({ team }) => team, amount),
    channels: parts(cells, ({ channel }) => channel, amount),
    seasonKnown: closing.seen(place),
  };
}

/** What parts have in common moves all of them together: it is squared after the sum. */
function amountOf(cells: readonly Cell[], common: { odds: number; volume: number; rate: number }, confidence: number): Amount {
  const coming = sum(cells, (cell) => cell.coming);
  const mean = sum(cells, (cell) => cell.open) + coming;
  const slope = sum(cells, (cell) => cell.slope);
  const variance = sum(cells, (cell) => cell.variance) + slope ** 2 * common.odds + mean ** 2 * common.volume + coming ** 2 * common.rate;
  return intervalOf({ mean, variance, least: sum(cells, (cell) => cell.least), most: sum(cells, (cell) => cell.most) }, confidence);
}

function parts(cells: readonly Cell[], nameOf: (cell: Cell) => string, amount: (cells: readonly Cell[]) => Amount): Part[] {
  const groups = Map.groupBy(cells, nameOf);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, some]) => ({ name, ...amount(some) }));
}

const sum = (cells: readonly Cell[], of: (cell: Cell) => number): number => cells.reduce((all, cell) => all + of(cell), 0);
