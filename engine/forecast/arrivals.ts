/** How many deals begin on a day to come. */
import { monthOfDay, PLACES, placeOf, type Season, weekdayOf } from './days.ts';

/** The level is that of so many days before: a drift is followed within a quarter. */
const RECENT = 91;
/** Weekdays and seasons are learned from two years. */
const LONGEST = 730;
/** Arrivals that a weekday, or a place in the season, is believed to have had beforehand, at the rate of all. */
const PRIOR = 6;

export interface Arrivals {
  /** Expected on a day. */
  rate(day: number): number;
  /** Variance of the level beside its square: that of a count of arrivals. */
  readonly doubt: number;
}

/**
 * A Poisson process whose rate is level × weekday × place in the season, each factor drawn to 1 by a gamma prior (N. E. Breslow, Biometrics 40 (1984)
 * 38–44).
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

function factorsOf(counts: Float64Array, groups: number, groupOf: (i: number) => number, usual: (i: number) => number): number[] {
  const [came, days] = [new Float64Array(groups), new Float64Array(groups)];
  for (const [i, count] of counts.entries()) {
    const group = groupOf(i);
    came[group] = (came[group] ?? 0) + count;
    days[group] = (days[group] ?? 0) + usual(i);
  }
  const all = days.reduce((sum, one) => sum + one, 0);
  const rate = came.reduce((sum, one) => sum + one, 0) / Math.max(1, all);
  return Array.from(came, (one, group) => (one + PRIOR) / ((days[group] ?? 0) * rate + PRIOR));
}
