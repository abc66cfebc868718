/** When deals close: the hazard of each day by age and place in the season, learned from deals that closed and from those still open. */
import { monthOfDay, PLACES, placeOf, type Season } from './days.ts';
import { countsDrawnTogether } from './shrink.ts';

/** Ages in days at which the groups of age begin: weeks for two months, then four weeks each for a year. */
const AGES = [0, 7, 14, 21, 28, 35, 42, 49, 56, 84, 112, 140, 168, 196, 224, 252, 280, 308, 336, 364];
const OLDEST = AGES.length - 1;
const groupOfDay = Uint8Array.from({ length: 365 }, (_, age) => AGES.findLastIndex((from) => age >= from));

/** Closings that a group of age is believed to have had beforehand, at the hazard of all. */
const AGE_PRIOR = 1;
/** By how much places in the season usually differ, and groups of age within a place: standard deviations of the logarithm of the hazard. */
const PLACES_DIFFER = 0.4;
const CELLS_DIFFER = 0.3;

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
 * another, as far as they differ by more than chance ({@link countsDrawnTogether}).
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
  const cells = (place: number): number[] => AGES.map((_, group) => place * AGES.length + group);
  const expected = risk.map((days, cell) => days * (base[cell % AGES.length] ?? 0));
  const seen = Array.from({ length: places }, (_, place) => ({
    came: sumAt(closings, cells(place)),
    expected: sumAt(expected, cells(place)),
  }));
  const factor = places === 1 ? [{ value: 0, variance: 0 }] : countsDrawnTogether(seen, PLACES_DIFFER);
  const ofPlace = (cell: number): number => factor[Math.floor(cell / AGES.length)]?.value ?? 0;
  const own = Array.from(closings, (came, cell) => ({ came, expected: (expected[cell] ?? 0) * Math.exp(ofPlace(cell)) }));
  const within = places === 1 ? [] : countsDrawnTogether(own, CELLS_DIFFER);
  const hazards = Float64Array.from(risk, (_, cell) => {
    const logarithm = ofPlace(cell) + (within[cell]?.value ?? 0);
    return Math.min(1, (base[cell % AGES.length] ?? 0) * Math.exp(logarithm));
  });
  return {
    hazard: (age, place) => hazards[place * AGES.length + groupOfAge(age)] ?? 0,
    doubt: (place) => factor[place]?.variance ?? 0,
    seen: (place) => (seen[place]?.expected ?? 0) > 0,
  };
}

const sumAt = (values: Float64Array, cells: readonly number[]): number => cells.reduce((sum, cell) => sum + (values[cell] ?? 0), 0);

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
