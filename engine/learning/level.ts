/**
 * The level of a model follows what comes: a shift of the log-odds that is learned row by row from the outcomes known so far. What a model has
 * learned about who is likelier than whom lasts longer than how likely all of them are.
 *
 * Each of a few filters believes that the level moves at a pace of its own; a filter is the Kalman filter of a logistic model with a moving
 * constant (M. West, P. J. Harrison, H. S. Migon, "Dynamic Generalized Linear Models and Bayesian Forecasting", JASA 80, 1985). Their
 * probabilities are mixed by how well each has foretold lately, with a fixed share for a change of mind (M. Herbster, M. Warmuth, "Tracking
 * the Best Expert", Machine Learning 32, 1998). So nothing has to be tuned to the speed at which a business drifts.
 */

/** How far the level moves in a row, as the variance of its step in log-odds: from hardly at all to 0.1 a row. */
const PACES = [1e-5, 1e-4, 1e-3, 1e-2] as const;
/** Part of the trust that is given out anew with each row: a change of mind about every thousand rows. */
const SHARE = 1e-3;
/** A model is trusted as it is to within this variance before the first outcome: its level is off by 0.22 as like as not. */
const FIRST_VARIANCE = 0.05;
const LEAST = 1e-9;

/** What has been learned so far, as JSON: one place for each pace. */
interface LevelState {
  readonly trust: readonly number[];
  readonly shifts: readonly number[];
  readonly variances: readonly number[];
}

interface Level {
  /** A row of which the outcome has become known. @param probability as the model gives it, without the shift */
  observe(probability: number, outcome: number): void;
  /** The model's probability at the present level. */
  adjusted(probability: number): number;
  state(): LevelState;
}

/** @param from of an earlier {@link Level.state}; without it, the model's own level */
export function createLevel(from?: LevelState): Level {
  const count = PACES.length;
  const trust = Float64Array.from(from?.trust ?? Array(count).fill(1 / count));
  const shifts = Float64Array.from(from?.shifts ?? Array(count).fill(0));
  const variances = Float64Array.from(from?.variances ?? Array(count).fill(FIRST_VARIANCE));
  const chance = (k: number, logOdds: number): number => 1 / (1 + Math.exp(-logOdds - (shifts[k] ?? 0)));
  return {
    observe(probability, outcome) {
      const logOdds = logOddsOf(probability);
      let sum = 0;
      for (let k = 0; k < count; k++) {
        const p = chance(k, logOdds);
        const widened = (variances[k] ?? 0) + (PACES[k] ?? 0);
        const variance = widened / (1 + widened * p * (1 - p));
        shifts[k] = (shifts[k] ?? 0) + variance * (outcome - p);
        variances[k] = variance;
        trust[k] = (trust[k] ?? 0) * Math.max(LEAST, outcome === 1 ? p : 1 - p);
        sum += trust[k] ?? 0;
      }
      for (let k = 0; k < count; k++) trust[k] = ((1 - SHARE) * (trust[k] ?? 0)) / sum + SHARE / count;
    },
    adjusted(probability) {
      const logOdds = logOddsOf(probability);
      let mixed = 0;
      for (let k = 0; k < count; k++) mixed += (trust[k] ?? 0) * chance(k, logOdds);
      return mixed;
    },
    state: () => ({ trust: [...trust], shifts: [...shifts], variances: [...variances] }),
  };
}

/**
 * Probabilities at the level of the time when each row is scored: only outcomes known by then have a part in it.
 * @param probabilities of the model, in the order of time; the first `from` rows are learned from only
 * @param known how many of the first rows have an outcome when this row is scored; at most the row's own place, and never falling
 * @returns one a row from `from` on
 */
export function followLevel(
  probabilities: Float64Array,
  outcomes: ArrayLike<number>,
  from: number,
  known: (row: number) => number,
): Float64Array {
  const level = createLevel();
  let seen = 0;
  return Float64Array.from({ length: probabilities.length - from }, (_, i) => {
    const row = from + i;
    for (const until = Math.min(row, known(row)); seen < until; seen++) level.observe(probabilities[seen] ?? 0.5, outcomes[seen] ?? 0);
    return level.adjusted(probabilities[row] ?? 0.5);
  });
}

function logOddsOf(probability: number): number {
  const p = Math.min(1 - LEAST, Math.max(LEAST, probability));
  return Math.log(p / (1 - p));
}
