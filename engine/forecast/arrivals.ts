/** How many deals begin on a day to come, and what they are worth beside others. */
import { monthOfDay, PLACES, placeOf, type Season, weekdayOf } from './days.ts';
import { countsDrawnTogether, drawnTogether } from './shrink.ts';

/** The level is that of so many days before: a drift is followed within a quarter. */
const RECENT = 91;
/** Weekdays and seasons are learned from two years. */
const LONGEST = 730;
/** By how much weekdays, places in the season, and the worth of those who come in them usually differ: standard deviations of the logarithm. */
const WEEKDAYS_DIFFER = 0.7;
const PLACES_DIFFER = 0.3;
const WORTH_DIFFERS = 0.2;

export interface Arrivals {
  /** Expected on a day. */
  rate(day: number): number;
  /** Variance of the level beside its square: that of a count of arrivals. */
  readonly doubt: number;
}

/**
 * A Poisson process whose rate is level × weekday × place in the season, the factors as far as they differ by more than chance
 * ({@link countsDrawnTogether}).
 * @param opened days on which deals began
 * @param from the first day that is known whole
 * @param today the first day that is not known any more
 */
export function learnArrivals(opened: readonly number[], from: number, today: number, season: Season): Arrivals {
  const first = Math.max(from, today - LONGEST);
  const counts = new Float64Array(Math.max(0, today - first));
  for (const day of opened) if (day >= first && day < today) counts[day - first] = (counts[day - first] ?? 0) + 1;
  const weekday = factorsOf(
    counts,
    7,
    WEEKDAYS_DIFFER,
    (i) => weekdayOf(first + i),
    () => 1,
  );
  const places = PLACES[season];
  const place = (day: number): number => placeOf(season, monthOfDay(day));
  const plain = (day: number): number => weekday[weekdayOf(day)] ?? 1;
  const seasonal =
    places === 1
      ? [1]
      : factorsOf(
          counts,
          places,
          PLACES_DIFFER,
          (i) => place(first + i),
          (i) => plain(first + i),
        );
  const shape = (day: number): number => plain(day) * (seasonal[place(day)] ?? 1);
  let [came, usual] = [0, 0];
  for (let day = Math.max(first, today - RECENT); day < today; day++) {
    came += counts[day - first] ?? 0;
    usual += shape(day);
  }
  const level = usual === 0 ? 0 : came / usual;
  return { rate: (day) => level * shape(day), doubt: came === 0 ? 0 : 1 / came };
}

function factorsOf(
  counts: Float64Array,
  groups: number,
  usual: number,
  groupOf: (i: number) => number,
  weightOf: (i: number) => number,
): number[] {
  const [came, days] = [new Float64Array(groups), new Float64Array(groups)];
  for (const [i, count] of counts.entries()) {
    const group = groupOf(i);
    came[group] = (came[group] ?? 0) + count;
    days[group] = (days[group] ?? 0) + weightOf(i);
  }
  const all = days.reduce((sum, one) => sum + one, 0);
  const rate = came.reduce((sum, one) => sum + one, 0) / Math.max(1, all);
  const seen = Array.from(came, (one, group) => ({ came: one, expected: (days[group] ?? 0) * rate }));
  return countsDrawnTogether(seen, usual).map(({ value }) => Math.exp(value));
}

/**
 * What a deal that begins in a place of the season is worth beside all of them, as a factor: more is asked for in spring, or by more earnest people.
 * @param begun the place of each deal, and its profit × probability
 */
export function learnWorth(begun: readonly { readonly place: number; readonly worth: number }[], places: number): number[] {
  if (places === 1) return [1];
  const all = meanOf(begun.map(({ worth }) => worth));
  const seen = Array.from({ length: places }, (_, place) => {
    const own = begun.filter((one) => one.place === place).map(({ worth }) => worth);
    const mean = meanOf(own);
    if (own.length < 2 || !(mean > 0)) return null;
    const variance = own.reduce((sum, worth) => sum + (worth - mean) ** 2, 0) / (own.length - 1);
    return { value: Math.log(mean / all), variance: variance / own.length / mean ** 2 };
  });
  return drawnTogether(seen, WORTH_DIFFERS).map(({ value }) => Math.exp(value));
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
