import { TaktError } from '../errors/index.ts';
import { isUnavailable } from '../store/database.ts';
import type { Outcome } from '../unit/drive.ts';

interface Entry<In, Out> {
  input: In;
  settle(outcome: Outcome<Out>): void;
}

/**
 * Collects what arrives while a transaction is under way and puts it together into the next one. A batch whose transaction
 * fails is halved until the culprit is alone, so that one bad entry never costs the others.
 */
export class GroupCommit<In, Out> {
  readonly #transaction: (batch: readonly In[]) => Promise<readonly Outcome<Out>[]>;
  readonly #limits: { batch: number; waiting: number };
  #waiting: Entry<In, Out>[] = [];
  #running: Promise<void> | undefined;

  /** @param transaction carries one batch out; an outcome for each entry, or throws with nothing written */
  constructor(transaction: (batch: readonly In[]) => Promise<readonly Outcome<Out>[]>, limits: { batch: number; waiting: number }) {
    this.#transaction = transaction;
    this.#limits = limits;
  }

  /** Resolves when all are committed, outcomes in the order given. Throws OVERLOADED when too much waits. */
  submit(inputs: readonly In[]): Promise<Outcome<Out>[]> {
    if (this.#waiting.length + inputs.length > this.#limits.waiting) throw new TaktError('OVERLOADED', { transient: true });
    const outcomes = inputs.map((input) => new Promise<Outcome<Out>>((settle) => this.#waiting.push({ input, settle })));
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return Promise.all(outcomes);
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // The rest of this turn of the event loop may bring more: they share the first transaction.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#commit(this.#waiting.splice(0, this.#limits.batch));
  }

  async #commit(batch: readonly Entry<In, Out>[]): Promise<void> {
    try {
      const outcomes = await this.#transaction(batch.map((entry) => entry.input));
      for (const [i, entry] of batch.entries())
        entry.settle(outcomes[i] ?? { ok: false, error: new TaktError('INTERNAL', { message: 'No outcome.' }) });
    } catch (error) {
      // With the database away no entry is to blame, and halving would only ask in vain a thousand times.
      if (batch.length === 1 || isUnavailable(error)) {
        for (const entry of batch) entry.settle({ ok: false, error });
        return;
      }
      const middle = Math.ceil(batch.length / 2);
      await this.#commit(batch.slice(0, middle));
      await this.#commit(batch.slice(middle));
    }
  }
}
