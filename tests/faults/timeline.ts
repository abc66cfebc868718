/** Virtual time, and the order in which those go on that could go on at the same moment. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { VirtualClock } from '../../engine/ports/clock.ts';
import type { Random } from '../../engine/ports/random.ts';
import { SortedIndex } from '../../engine/store/memory/indexes.ts';

interface Entry {
  id: string;
  at: number;
  act: () => void;
}

/**
 * Everything in a world waits here and for nothing else, so that the seed alone decides who goes on next: where nobody computes any more,
 * one of those that wait for their turn is let on; where nobody waits for that, the clock jumps to the next planned moment.
 */
export class Timeline {
  readonly clock: VirtualClock;
  readonly #chance: Random;
  readonly #plans = new SortedIndex<Entry>((entry) => entry.at);
  readonly #ready: (() => void)[] = [];

  /** @param start milliseconds since the epoch */
  constructor(start: number, chance: Random) {
    this.clock = new VirtualClock(start);
    this.#chance = chance;
  }

  get now(): number {
    return this.clock.now();
  }

  /** Acts at a moment; what is planned for the same moment comes in an order of chance. @returns the way to call it off */
  plan(at: number, act: () => void): () => void {
    const id = this.#chance.next().toString(36).padEnd(14, '0');
    const entry = { id, at: Math.max(at, this.now), act };
    this.#plans.add(entry);
    return () => this.#plans.remove(entry);
  }

  /** @param ms of virtual time */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.plan(this.now + ms, resolve);
    });
  }

  /** Resolves at this moment, when chance lets it on before the others that wait. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#ready.push(resolve);
    });
  }

  /** Goes on until `over`, or until a moment; gives whether it was over before that. */
  async run(until: number, over: () => boolean): Promise<boolean> {
    for (;;) {
      // Promises that are settled are carried on before the loop turns.
      await turnOfTheLoop();
      if (over()) return true;
      if (this.#letOn()) continue;
      const [next] = this.#plans.upTo(until, 1);
      if (!next) return false;
      this.#plans.remove(next);
      this.clock.advance(Math.max(0, next.at - this.now));
      next.act();
    }
  }

  #letOn(): boolean {
    const [chosen] = this.#ready.splice(Math.floor(this.#chance.next() * this.#ready.length), 1);
    chosen?.();
    return chosen !== undefined;
  }
}
