import { TaktError } from '../errors/index.ts';
import { isUnavailable } from '../store/trouble.ts';
import type { Outcome } from '../unit/drive.ts';

interface Entry<In, Out> {
  input: In;
  size: number;
  settle(outcome: Outcome<Out>): void;
}

/** How much: entries, and their bytes. */
export interface Amount {
  entries: number;
  bytes: number;
}

export interface GroupLimits<In> {
  /** Of one transaction; a single entry may be larger. */
  batch: Amount;
  /** Of what waits for one; beyond it senders are told to come back. */
  waiting: Amount;
  /** About how many bytes an entry holds. */
  sizeOf(input: In): number;
}

/**
 * Collects what arrives while a transaction is under way and puts it together into the next one. A batch whose transaction
 * fails is halved until the culprit is alone, so that one bad entry never costs the others.
 */
export class GroupCommit<In, Out> {
  readonly #transaction: (batch: readonly In[]) => Promise<readonly Outcome<Out>[]>;
  readonly #limits: GroupLimits<In>;
  #waiting: Entry<In, Out>[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;

  /** @param transaction carries one batch out; an outcome for each entry, or throws with nothing written */
  constructor(transaction: (batch: readonly In[]) => Promise<readonly Outcome<Out>[]>, limits: GroupLimits<In>) {
    this.#transaction = transaction;
    this.#limits = limits;
  }

  /** What waits for a transaction now. */
  get waiting(): Amount {
    return { entries: this.#waiting.length, bytes: this.#bytes };
  }

  /** Resolves when all are committed, outcomes in the order given. Throws OVERLOADED when too much waits. */
  submit(inputs: readonly In[]): Promise<Outcome<Out>[]> {
    const { sizeOf, waiting } = this.#limits;
    const sizes = inputs.map((input) => sizeOf(input));
    const bytes = this.#bytes + sizes.reduce((sum, size) => sum + size, 0);
    if (this.#waiting.length > 0 && (this.#waiting.length + inputs.length > waiting.entries || bytes > waiting.bytes)) {
      throw new TaktError('OVERLOADED', { transient: true });
    }
    this.#bytes = bytes;
    const outcomes = inputs.map(
      (input, i) => new Promise<Outcome<Out>>((settle) => this.#waiting.push({ input, size: sizes[i] ?? 0, settle })),
    );
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
    while (this.#waiting.length > 0) await this.#commit(this.#next());
  }

  #next(): Entry<In, Out>[] {
    const { batch } = this.#limits;
    let bytes = 0;
    let count = 0;
    for (const { size } of this.#waiting) {
      if (count === batch.entries || (count > 0 && bytes + size > batch.bytes)) break;
      bytes += size;
      count++;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
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
