/** When deals close: the hazard of each day by age and place in the season, learned from deals that closed and from those still open. */
import { monthOfDay, PLACES, placeOf, type Season } from './days.ts';

/** Ages in days at which the groups of age begin: weeks for two months, then four weeks each for a year. */
const AGES = [0, 7, 14, 21, 28, 35, 42, 49, 56, 84, 112, 140, 168, 196, 224, 252, 280, 308, 336, 364];
const OLDEST = AGES.length - 1;
const groupOfDay = Uint8Array.from({ length: 365 }, (_, age) => AGES.findLastIndex((from) => age >= from));

/** Closings that a group of age is believed to have had beforehand, at the hazard of all. */
const AGE_PRIOR = 1;
/** Closings that a place in the season is believed to have had beforehand, at the hazard of all places: one that nobody has seen lies within ±40 %. */
const PLACE_PRIOR = 6;
/** The same of a group of age within a place, at what holds for the place. */
const CELL_PRIOR = 10;

const groupOfAge = (age: number): number => groupOfDay[age] ?? OLDEST;

/** A deal's days. `closed` is null while it is open. */
export interface Course {
  readonly opened: number;
  readonly closed: number | null;
}

export interface Closing {
  /** The chance that a deal open at the beginning of a day closes on it. */
  hazard(age: number, place: number): number;
  /** Variance of the logarithm of a place's factor. */
  doubt(place: number): number;
  /** Whether anything is known of the place. */
  seen(place: number): boolean;
}

/**
 * Discrete-time hazards: closings by days at risk, of each group of age (D. R. Cox, "Regression models and life-tables", JRSS B 34 (1972) 187–220,
 * section 8; the product of what is left is the estimator of E. L. Kaplan and P. Meier, JASA 53 (1958) 457–481). Open deals are at risk until
 * `today` and count so (censored); no deal is at risk before `from`, when outcomes began to be written down (delayed entry: J. P. Klein,
 * M. L. Moeschberger, "Survival Analysis", 2nd ed., 2003, section 4.6). A place in the season has a factor, and each group of age within it
 * another, drawn to 1 by as many closings as its priors say (gamma prior of a Poisson rate: N. E. Breslow, Biometrics 40 (1984) 38–44).
 * @param today the first day that is not known any more
 */
export function learnClosing(courses: readonly Course[], from: number, today: number, season: Season): Closing {
  const places = PLACES[season];
  const [risk, closings] = [new Float64Array(places * AGES.length), new Float64Array(places * AGES.length)];
  const placeOfDay = Uint8Array.from({ length: Math.max(0, today - from) }, (_, i) => placeOf(season, monthOfDay(from + i)));
  for (const { opened, closed } of courses) {
    const last = Math.min(closed ?? today - 1, today - 1);
    for (let day = Math.max(opened, from); day <= last; day++) {
      const cell = (placeOfDay[day - from] ?? 0) * AGES.length + groupOfAge(day - opened);
      risk[cell] = (risk[cell] ?? 0) + 1;
    }
    if (closed === null || closed < from || closed >= today) continue;
    const cell = (placeOfDay[closed - from] ?? 0) * AGES.length + groupOfAge(closed - opened);
    closings[cell] = (closings[cell] ?? 0) + 1;
  }
  const base = byAge(risk, closings, places);
  const factors = new Float64Array(places * AGES.length).fill(1);
  const doubts = new Float64Array(places);
  const known = new Uint8Array(places);
  for (let place = 0; place < places; place++) {
    const cells = AGES.map((_, group) => place * AGES.length + group);
    const expected = cells.map((cell, group) => (risk[cell] ?? 0) * (base[group] ?? 0));
    const [came, foreseen] = [sum(cells.map((cell) => closings[cell] ?? 0)), sum(expected)];
    const factor = places === 1 ? 1 : (came + PLACE_PRIOR) / (foreseen + PLACE_PRIOR);
    known[place] = Number(foreseen > 0);
    doubts[place] = 1 / (came + PLACE_PRIOR);
    for (const [group, cell] of cells.entries()) {
      if (places > 1) factors[cell] = ((closings[cell] ?? 0) + CELL_PRIOR * factor) / ((expected[group] ?? 0) + CELL_PRIOR);
    }
  }
  return {
    hazard: (age, place) => {
      const group = groupOfAge(age);
      return Math.min(1, (base[group] ?? 0) * (factors[place * AGES.length + group] ?? 1));
    },
    doubt: (place) => doubts[place] ?? 0,
    seen: (place) => known[place] === 1,
  };
}

function byAge(risk: Float64Array, closings: Float64Array, places: number): number[] {
  const mean = sum(closings) / Math.max(1, sum(risk));
  return AGES.map((_, group) => {
    let [days, came] = [0, 0];
    for (let place = 0; place < places; place++) {
      days += risk[place * AGES.length + group] ?? 0;
      came += closings[place * AGES.length + group] ?? 0;
    }
    return mean === 0 ? 0 : (came + AGE_PRIOR) / (days + AGE_PRIOR / mean);
  });
}

const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((all, value) => all + value, 0);
