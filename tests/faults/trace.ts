import { createHash } from 'node:crypto';

/** What happens in a world, line by line: its hash tells two courses of events apart, its end is shown where a rule is broken. */
export class Trace {
  readonly #now: () => number;
  readonly #start: number;
  readonly #lines: string[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#start = now();
  }

  /** Each with the milliseconds since the beginning. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  note(line: string): void {
    this.#lines.push(`${this.#now() - this.#start} ${line}`);
  }

  /** @param state what there is at the end, as text */
  hash(state: string): string {
    return createHash('sha256').update(this.#lines.join('\n')).update(state).digest('hex').slice(0, HASH_DIGITS);
  }
}

/** Enough to tell a million courses apart. */
const HASH_DIGITS = 16;
