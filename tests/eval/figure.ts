/** What an evaluation tells: how good a figure is on real data, beside its aim. */

export interface Figure {
  readonly name: string;
  /** Null where there is nothing to count. */
  readonly value: number | null;
  /** In words, such as `≥ 0.875`; null for a figure that only explains another. */
  readonly aim: string | null;
  /** Null without an aim. */
  readonly met: boolean | null;
  /** Its interval, where it has one: what else it might be. */
  readonly low?: number;
  readonly high?: number;
}

/** Figures of one data set. */
export interface Evaluation {
  readonly names: readonly string[];
  /** @param dir the folder with the data; @throws TaktError EVAL_DATA_MISSING where a file of it is not there */
  run(dir: string, say: (text: string) => void): Promise<Figure[]>;
}

interface Aim {
  readonly words: string;
  fits(value: number, low: number): boolean;
}

export const atLeast = (least: number): Aim => ({ words: `≥ ${least}`, fits: (value) => value >= least });
/** Also at the lower end of its interval. */
export const surelyAbove = (least: number): Aim => ({ words: `> ${least} with its interval`, fits: (_value, low) => low > least });
export const below = (most: number): Aim => ({ words: `< ${most}`, fits: (value) => value < most });
export const atMost = (most: number): Aim => ({ words: `≤ ${most}`, fits: (value) => value <= most });
export const between = (least: number, most: number): Aim => ({
  words: `${least}–${most}`,
  fits: (value) => value >= least && value <= most,
});

/** Judged as it was measured, told with four digits. */
export function figure(name: string, value: number, aim?: Aim, interval?: { low?: number; high?: number }): Figure {
  const known = Number.isFinite(value);
  return {
    name,
    value: known ? Number(value.toPrecision(4)) : null,
    aim: aim?.words ?? null,
    met: aim ? known && aim.fits(value, interval?.low ?? value) : null,
    ...interval,
  };
}
