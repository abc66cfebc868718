/** What bounds a world, so that a mistake in a file does not fill the memory. */
export interface WorldLimits {
  /** Changes and events from outside. */
  inputs: number;
  /** Steps of runs. */
  steps: number;
  /** Moments at which something happens. */
  moments: number;
  /** Virtual time, milliseconds. */
  spanMs: number;
}

/** A million inputs take some minutes and a few gigabytes; ten years are more than anybody plans for. */
export const DEFAULT_WORLD_LIMITS: Readonly<WorldLimits> = {
  inputs: 1_000_000,
  steps: 20_000_000,
  moments: 10_000_000,
  spanMs: 3_660 * 86_400_000,
};
