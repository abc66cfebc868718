import { type ErrorCode, TaktError } from '../errors/index.ts';

export interface RefusedInput {
  /** Such as `update lead`. */
  what: string;
  code: ErrorCode;
  /** That of the first one. */
  message: string;
  count: number;
}

/** These end the simulation: it is not the input that is wrong. */
const FATAL: ReadonlySet<ErrorCode> = new Set(['SIMULATION_LIMIT', 'INTERNAL']);

/** What the outside does in a simulation. One thing that is refused stops nothing: it is counted, with the reason. */
export class Inputs {
  readonly #refused = new Map<string, RefusedInput>();

  get refused(): readonly RefusedInput[] {
    return [...this.#refused.values()];
  }

  /**
   * @param what names it among the refused
   * @returns was it taken?
   * @throws what is no TaktError, SIMULATION_LIMIT, INTERNAL
   */
  async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof TaktError) || FATAL.has(error.code)) throw error;
      const key = `${what}\n${error.code}`;
      const known = this.#refused.get(key);
      if (known) known.count++;
      else this.#refused.set(key, { what, code: error.code, message: error.message, count: 1 });
      return false;
    }
  }
}
