import pLimit, { type LimitFunction } from 'p-limit';

/** Lets so many at a time to the same place; the others wait for their turn, in the order in which they came. */
export class Turns {
  readonly #most: number;
  /** Only of places where anybody is. */
  readonly #places = new Map<string, LimitFunction>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Begins the work when its turn has come. */
  async at<T>(place: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#places.get(place) ?? pLimit(this.#most);
    this.#places.set(place, limit);
    try {
      return await limit(work);
    } finally {
      if (limit.activeCount + limit.pendingCount === 0) this.#places.delete(place);
    }
  }
}
