import type { Logger } from '../ports/logger.ts';
import type { Sleeper } from './sleeper.ts';

/** After an error (database away): how long until the next try. */
const FAILED_MS = 500;

/** A loop that does a turn, sleeps as long as the turn says, and goes on until it is stopped. */
export class Lane {
  readonly #sleeper: Sleeper;
  readonly #logger: Logger;
  readonly #turn: () => Promise<number>;
  #stopping = false;
  #loop: Promise<void> | undefined;

  /** @param turn gives how long to sleep, milliseconds */
  constructor(sleeper: Sleeper, logger: Logger, turn: () => Promise<number>) {
    this.#sleeper = sleeper;
    this.#logger = logger;
    this.#turn = turn;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the sleep, or leaves out the next one. */
  wake(): void {
    this.#sleeper.wake();
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
    try {
      return await this.#turn();
    } catch (error) {
      this.#logger.error({ err: error }, 'The worker could not reach the database; it tries again.');
      return FAILED_MS;
    }
  }
}
