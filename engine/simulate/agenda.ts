import { SortedIndex } from '../store/memory/indexes.ts';

interface Entry {
  id: string;
  at: number;
  work: () => Promise<void>;
}

/** What the world outside is going to do, by time; at one moment in the order in which it was planned. */
export class Agenda {
  readonly #entries = new SortedIndex<Entry>((entry) => entry.at);
  #planned = 0;

  /** @param at milliseconds since the epoch */
  plan(at: number, work: () => Promise<void>): void {
    this.#planned++;
    this.#entries.add({ id: String(this.#planned).padStart(12, '0'), at, work });
  }

  /** When the next entry is due, or null. */
  next(): number | null {
    return this.#entries.first();
  }

  /** Does what is due until `now`, what that plans for `now` included. */
  async carryOut(now: number): Promise<void> {
    for (let [entry] = this.#entries.upTo(now, 1); entry; [entry] = this.#entries.upTo(now, 1)) {
      this.#entries.remove(entry);
      await entry.work();
    }
  }
}
