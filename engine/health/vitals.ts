/** How the parts of this process fare that work by themselves: what keeps them from working, since when, and when they try again. */
import { asTaktError, type TaktError } from '../errors/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { troubleOf } from '../store/trouble.ts';

/** `helper`: the worker's second lane; `look`: the health route's own question to the database; `home`: the embedded PostgreSQL's start after it has ended. */
export type Part = 'worker' | 'helper' | 'dispatcher' | 'intake' | 'look' | 'home';

export interface PartState {
  readonly part: Part;
  /** What keeps it from working, and since when (milliseconds since the epoch); absent where nothing does. */
  readonly failure?: { error: TaktError; since: number };
  /** Since when it has been at the piece of work that it is at; absent between two pieces. */
  readonly busySince?: number;
}

interface Entry {
  failure?: { error: TaktError; since: number };
  tries: number;
  busySince?: number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export class Vitals {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #parts = new Map<Part, Entry>();

  constructor(ports: { clock: Clock; logger: Logger }) {
    this.#clock = ports.clock;
    this.#logger = ports.logger;
  }

  /** It begins a piece of work; `worked` or `failed` ends it. */
  began(part: Part): void {
    this.#of(part).busySince = this.#clock.now();
  }

  worked(part: Part): void {
    const entry = this.#of(part);
    delete entry.busySince;
    const { failure, tries } = entry;
    if (!failure) return;
    delete entry.failure;
    entry.tries = 0;
    const seconds = Math.round((this.#clock.now() - failure.since) / 1_000);
    this.#logger.info({ part, code: failure.error.code, seconds, tries }, `It works again: ${part}.`);
  }

  /**
   * Logged once for each kind of failure, however often it is tried.
   * @returns how long to wait before the next try, milliseconds: longer each time, at most 10 seconds
   */
  failed(part: Part, thrown: unknown): number {
    const entry = this.#of(part);
    delete entry.busySince;
    const error = troubleOf(thrown) ?? asTaktError(thrown);
    entry.tries++;
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(entry.tries - 1, 10));
    const known = entry.failure?.error.code === error.code && entry.failure.error.message === error.message;
    const since = entry.failure?.since ?? this.#clock.now();
    entry.failure = { error, since };
    const fields = { part, code: error.code, hint: error.hint, err: thrown };
    if (!known) this.#logger.error(fields, `It does not work, and is tried again until it does: ${part}. ${error.message}`);
    return pause;
  }

  /** Does any part say that the way to the database is closed? */
  get databaseIsAway(): boolean {
    return this.states().some(({ part, failure }) => part !== 'home' && failure?.error.code === 'DATABASE_UNAVAILABLE');
  }

  states(): PartState[] {
    return [...this.#parts].map(([part, { failure, busySince }]) => ({
      part,
      ...(failure && { failure }),
      ...(busySince !== undefined && { busySince }),
    }));
  }

  #of(part: Part): Entry {
    const known = this.#parts.get(part);
    if (known) return known;
    const entry: Entry = { tries: 0 };
    this.#parts.set(part, entry);
    return entry;
  }
}
