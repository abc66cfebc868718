/** What a benchmark tells: a value beside the raw limit that was measured in the same run. */
import type { Bed } from './bed.ts';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** The same on the bare floor: without Takt, or without what is measured. Null where there is no such thing. */
  limit: number | null;
  /** value ÷ limit */
  ratio: number | null;
}

/** How much is measured. */
export interface Scale {
  /** Measurements of which the median is told. */
  rounds: number;
  /** Events of a throughput measurement. */
  events: number;
}

/** A measurement that gives one or more figures. */
export interface Benchmark {
  /** The figures that it gives. */
  names: readonly string[];
  run(bed: Bed, scale: Scale, say: (text: string) => void): Promise<Figure[]>;
}

export function figure(name: string, value: number, unit: string, limit: number | null = null): Figure {
  return {
    name,
    value: rounded(value),
    unit,
    limit: limit === null ? null : rounded(limit),
    ratio: limit === null ? null : rounded(value / limit),
  };
}

/** Three digits that count. */
export const rounded = (value: number): number => Number(value.toPrecision(3));

/** Throws RangeError for no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  if (value === undefined) throw new RangeError('Nothing was measured.');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Measures several times, one after the other. */
export async function times(rounds: number, measure: (round: number) => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) values.push(await measure(round));
  return values;
}

/** Milliseconds that the work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
