import { createHash } from 'node:crypto';

/** Lines that are kept to be shown. */
const KEPT = Number(process.env.KEPT ?? 60);

/** What happens in a world, line by line: its hash tells two courses of events apart, its end is shown where a rule is broken. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #now: () => number;
  readonly #start: number;
  readonly #last: string[] = [];
  #lines = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  get lines(): number {
    return this.#lines;
  }

  note(line: string): void {
    const timed = `${this.#now() - this.#start} ${line}`;
    this.#hash.update(timed).update('\n');
    this.#last.push(timed);
    if (this.#last.length > 2 * KEPT) this.#last.splice(0, KEPT);
    this.#lines++;
  }

  /** The last lines, each with the milliseconds since the beginning. */
  last(count = KEPT): string[] {
    return this.#last.slice(-count);
  }

  /** @param state what there is at the end, as text */
  digest(state: string): string {
    return this.#hash.copy().update(state).digest('hex').slice(0, 16);
  }
}
