/** Chance that can be had again: equal seed and equal question, equal answers, whatever else is asked. */
import { hash } from 'node:crypto';

export class Chance {
  readonly #question: string;
  #asked = 0;

  /** @param question what it is about, such as a person and a day; each question has answers of its own */
  constructor(seed: number, ...question: readonly (string | number)[]) {
    this.#question = [seed, ...question].join('\n');
  }

  /** A number in [0, 1). */
  next(): number {
    return hash('sha256', `${this.#question}\n${this.#asked++}`, 'buffer').readUInt32BE() / 2 ** 32;
  }

  /** Does it happen, where it happens so often of 1? */
  happens(often: number): boolean {
    return this.next() < often;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** Throws RangeError where there is nothing to choose from. */
  one<T>(list: readonly T[]): T {
    return some(list[this.whole(0, list.length - 1)]);
  }

  /** One of a list, each as often as its weight says. Throws RangeError where there is nothing to choose from. */
  weighted<T extends { weight: number }>(list: readonly T[]): T {
    let left = this.next() * list.reduce((sum, { weight }) => sum + weight, 0);
    for (const one of list) {
      left -= one.weight;
      if (left < 0) return one;
    }
    return some(list.at(-1));
  }

  /** How long until something happens that happens once in `mean` on average. */
  pause(mean: number): number {
    return -mean * Math.log(1 - this.next());
  }

  /** Around `median`, two thirds between `median / spread` and `median × spread`: how amounts of money lie. */
  amount(median: number, spread: number): number {
    // Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * spread ** normal;
  }
}

function some<T>(found: T | undefined): T {
  if (found === undefined) throw new RangeError('There is nothing to choose from.');
  return found;
}
