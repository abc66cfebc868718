import pLimit, { type LimitFunction } from 'p-limit';

/** Lets so many at a time to the same place; the others wait for their turn, in the order in which they came. */
export class Turns {
  readonly #places = new Map<string, LimitFunction>();

  /**
   * Does the work when its turn has come.
   * @param most at a time; what a place has been entered with first, as long as anybody is there
   * @param patience of those who wait
   * @returns undefined where the patience ended before the turn came: the work was not begun, and will not be
   */
  async at<T>(place: string, most: number, patience: AbortSignal, work: () => Promise<T>): Promise<{ done: T } | undefined> {
    const limit = this.#places.get(place) ?? pLimit(most);
    this.#places.set(place, limit);
    let begun = false;
    const turn = limit(async () => {
      if (patience.aborted) return undefined;
      begun = true;
      return { done: await work() };
    }).finally(() => {
      if (limit.activeCount + limit.pendingCount === 0) this.#places.delete(place);
    });
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const give = (): void => {
      if (!begun) resolve(undefined);
    };
    if (patience.aborted) give();
    patience.addEventListener('abort', give, { once: true });
    try {
      return await Promise.race([turn, over]);
    } finally {
      patience.removeEventListener('abort', give);
    }
  }
}
