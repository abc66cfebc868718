/** The loop that keeps runs moving: batches while there is work, then sleep until the next due time or a hint. */
import { housekeep } from '../jobs/retention.ts';
import { workJob } from '../jobs/work.ts';
import type { Ports } from '../runtime/ports.ts';
import { DUE_CHANNEL } from '../unit/commit.ts';
import { advanceBatch } from './batch.ts';
import type { Sleeper } from './sleeper.ts';
import { fireTimers } from './timers.ts';

/** Runs of one group commit. */
const BATCH = 200;
/** Longest sleep; the ticker ends it earlier. */
const LONGEST_MS = 60_000;
/** Runs whose records others hold are tried again soon, not at once. */
const POSTPONED_MS = 10;
const HOUSEKEEPING_MS = 86_400_000;

export class Worker {
  readonly #ports: Ports;
  readonly #sleeper: Sleeper;
  #stopping = false;
  /** After a failure the ticker's ticks do not count: pauses grow. */
  #pausing = false;
  #housekeepingAt = 0;
  #loop: Promise<void> | undefined;
  #unlisten: (() => Promise<void>) | undefined;

  constructor(ports: Ports, sleeper: Sleeper) {
    this.#ports = ports;
    this.#sleeper = sleeper;
  }

  async start(): Promise<void> {
    this.#unlisten = await this.#ports.database.listen(DUE_CHANNEL, () => this.wake());
    this.#loop = this.#run();
  }

  /** Something may be due: look now. */
  wake(): void {
    this.#sleeper.wake();
  }

  /** As `wake`, from a clock: it does not cut the pause after a failure short. */
  tick(): void {
    if (!this.#pausing) this.wake();
  }

  /** Finishes the batch under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
    await this.#unlisten?.();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) await this.#sleeper.sleep(await this.#turn());
  }

  /** Once a day this process forgets what need not be kept; others that do the same do no harm. */
  async #housekeep(): Promise<void> {
    const now = this.#ports.clock.now();
    if (now < this.#housekeepingAt) return;
    this.#housekeepingAt = now + HOUSEKEEPING_MS;
    const deleted = await housekeep(this.#ports);
    if (deleted > 0) this.#ports.logger.info({ runs: deleted }, 'Runs that need not be kept any longer were deleted.');
  }

  /** One look at what is due; gives how long to sleep, milliseconds. */
  async #turn(): Promise<number> {
    const { vitals } = this.#ports;
    vitals.began('worker');
    try {
      const wait = await this.#work();
      this.#pausing = false;
      vitals.worked('worker');
      return wait;
    } catch (error) {
      this.#pausing = true;
      return vitals.failed('worker', error);
    }
  }

  async #work(): Promise<number> {
    await this.#housekeep();
    const { moved, postponed } = await workOnce(this.#ports);
    if (moved > 0) return 0;
    if (postponed > 0) return POSTPONED_MS;
    const { store } = this.#ports.database;
    const due = [await store.nextDue(), await store.nextTimerDue()].filter((at) => at !== null);
    const wait = Math.min(LONGEST_MS, ...due.map((at) => at - this.#ports.clock.now()));
    // Due, yet nothing could be claimed: another worker has it.
    return wait > 0 ? wait : POSTPONED_MS;
  }
}

/** Fires what is due, advances one batch, and does one piece of the long work. */
export async function workOnce(ports: Ports): Promise<{ moved: number; postponed: number }> {
  const fired = await fireTimers(ports);
  const { claimed, postponed } = await advanceBatch(ports, BATCH);
  const piece = (await workJob(ports)) ? 1 : 0;
  return { moved: fired + claimed - postponed + piece, postponed };
}
