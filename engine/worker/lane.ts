import type { Part, Vitals } from '../health/vitals.ts';
import type { Sleeper } from './sleeper.ts';

/** A loop that does a turn, sleeps as long as the turn says, and goes on until it is stopped. */
export class Lane {
  readonly #part: Part;
  readonly #sleeper: Sleeper;
  readonly #vitals: Vitals;
  readonly #turn: () => Promise<number>;
  #stopping = false;
  /** After a failure a clock's ticks do not count: pauses grow. */
  #pausing = false;
  #working = false;
  #loop: Promise<void> | undefined;

  /** @param part under which it tells how it fares; @param turn gives how long to sleep, milliseconds */
  constructor(part: Part, sleeper: Sleeper, vitals: Vitals, turn: () => Promise<number>) {
    this.#part = part;
    this.#sleeper = sleeper;
    this.#vitals = vitals;
    this.#turn = turn;
  }

  /** May be started again after a stop. */
  start(): void {
    this.#stopping = false;
    this.#loop = this.#run();
  }

  /** Is it at a turn? What comes now it sees only at the next one. */
  get isWorking(): boolean {
    return this.#working;
  }

  /** Ends the sleep, or leaves out the next one. */
  wake(): void {
    this.#sleeper.wake();
  }

  /** As `wake`, from a clock: it does not cut the pause after a failure short. */
  tick(): void {
    if (!this.#pausing) this.wake();
  }

  /** Finishes the turn under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping) await this.#sleeper.sleep(await this.#tried());
  }

  async #tried(): Promise<number> {
    this.#vitals.began(this.#part);
    this.#working = true;
    try {
      const wait = await this.#turn();
      this.#pausing = false;
      this.#vitals.worked(this.#part);
      return wait;
    } catch (error) {
      this.#pausing = true;
      return this.#vitals.failed(this.#part, error);
    } finally {
      this.#working = false;
    }
  }
}
