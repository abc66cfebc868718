/** Time as a port: the engine never asks the system itself, so that a test or a simulation can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that moves only when told. */
export class VirtualClock implements Clock {
  #now: number;

  /** @param start milliseconds since the epoch, or an ISO instant */
  constructor(start: number | string) {
    this.#now = typeof start === 'number' ? start : Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  /** @param ms milliseconds, not negative */
  advance(ms: number): void {
    if (ms < 0) throw new RangeError('A clock does not run backwards.');
    this.#now += ms;
  }
}
