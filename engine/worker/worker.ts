/** The loops that keep runs moving: batches while there is work, then sleep until the next due time or a hint. */
import { housekeep } from '../jobs/retention.ts';
import { workJob } from '../jobs/work.ts';
import type { Ports } from '../runtime/ports.ts';
import { DUE_CHANNEL } from '../unit/commit.ts';
import { advanceBatch } from './batch.ts';
import { Lane } from './lane.ts';
import type { Sleeper } from './sleeper.ts';
import { fireTimers } from './timers.ts';

/** Runs of one group commit. */
const BATCH = 200;
/** Longest sleep; the ticker ends it earlier. */
const LONGEST_MS = 60_000;
/** Runs whose records others hold are tried again soon, not at once. */
const POSTPONED_MS = 10;
const HOUSEKEEPING_MS = 86_400_000;
/** When housekeeping that has failed is begun again. */
const HOUSEKEEPING_AGAIN_MS = 60_000;

/**
 * Two lanes: while one waits for the database, the other computes. The first sees to everything and sleeps until something is due; the second
 * takes what becomes due while the first is at a batch, and helps as long as there is more than one. Both take runs as the workers of two
 * processes would.
 */
export class Worker {
  readonly #ports: Ports;
  readonly #first: Lane;
  readonly #second: Lane;
  #housekeepingAt = 0;
  /** When the next timer is due, as it was known when the first lane went to sleep: whoever wakes it brings runs, seldom timers. */
  #quietUntil = 0;
  #keeping: AsyncGenerator<number, void> | undefined;
  /** Runs that the housekeeping under way has deleted. */
  #deleted = 0;
  /** More runs were due than a batch takes: from now on every workflow gets its share. */
  #crowded = false;
  #unlisten: (() => Promise<void>) | undefined;

  /** @param sleeper gives each lane a sleeper of its own */
  constructor(ports: Ports, sleeper: () => Sleeper) {
    this.#ports = ports;
    this.#first = new Lane('worker', sleeper(), ports.vitals, () => this.#see());
    this.#second = new Lane('helper', sleeper(), ports.vitals, () => this.#help());
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#ports.database.listen(DUE_CHANNEL, () => this.wake());
    this.#first.start();
    this.#second.start();
  }

  /** Something may be due: whichever lane is free looks now. */
  wake(): void {
    if (this.#first.isWorking) this.#second.wake();
    this.#first.wake();
  }

  /** As `wake`, from a clock: it does not cut the pause after a failure short. */
  tick(): void {
    this.#first.tick();
  }

  /** Finishes the batches under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#first.stop(), this.#second.stop()]);
    await this.#unlisten?.();
  }

  /**
   * Once a day this process forgets what need not be kept, a piece at each look; others that do the same do no harm. Gives whether more
   * is to be done.
   */
  async #housekeep(): Promise<boolean> {
    const now = this.#ports.clock.now();
    if (!this.#keeping) {
      if (now < this.#housekeepingAt) return false;
      this.#housekeepingAt = now + HOUSEKEEPING_MS;
      this.#keeping = housekeep(this.#ports);
      this.#deleted = 0;
    }
    const { value, done } = await this.#keeping.next().catch((error: unknown) => {
      this.#keeping = undefined;
      this.#housekeepingAt = now + HOUSEKEEPING_AGAIN_MS;
      throw error;
    });
    this.#deleted += value ?? 0;
    if (!done) return true;
    this.#keeping = undefined;
    if (this.#deleted > 0) this.#ports.logger.info({ runs: this.#deleted }, 'Runs that need not be kept any longer were deleted.');
    return false;
  }

  /** One look at all that is due; gives how long to sleep, milliseconds. */
  async #see(): Promise<number> {
    const more = await this.#housekeep();
    const timers = this.#ports.clock.now() >= this.#quietUntil;
    this.#quietUntil = 0;
    const { moved, postponed, claimed } = await workOnce(this.#ports, { fairly: this.#crowded, timers });
    this.#crowded = claimed === BATCH;
    if (this.#crowded) this.#second.wake();
    if (moved > 0 || more) return 0;
    if (postponed > 0) return POSTPONED_MS;
    const { store } = this.#ports.database;
    const [run, timer] = [await store.nextDue(), await store.nextTimerDue()];
    const now = this.#ports.clock.now();
    const wait = Math.min(LONGEST_MS, (run ?? Number.POSITIVE_INFINITY) - now, (timer ?? Number.POSITIVE_INFINITY) - now);
    this.#quietUntil = now + wait;
    // Due, yet nothing could be claimed: another worker has it.
    return wait > 0 ? wait : POSTPONED_MS;
  }

  async #help(): Promise<number> {
    const { claimed, postponed } = await advanceBatch(this.#ports, BATCH, this.#crowded);
    // A batch of which nothing could be moved is left to the first lane, which pauses before it looks again.
    return claimed === BATCH && postponed < claimed ? 0 : LONGEST_MS;
  }
}

/**
 * Fires what is due, advances one batch, and does one piece of the long work.
 * @param fairly see `advanceBatch`; @param timers whether timers may be due
 */
export async function workOnce(
  ports: Ports,
  { fairly = false, timers = true } = {},
): Promise<{ moved: number; postponed: number; claimed: number }> {
  const fired = timers ? await fireTimers(ports) : 0;
  const { claimed, postponed } = await advanceBatch(ports, BATCH, fairly);
  const piece = (await workJob(ports)) ? 1 : 0;
  return { moved: fired + claimed - postponed + piece, postponed, claimed };
}
