/** Which faults there are in a world, and where the next one strikes. Every world has some kinds of them, each as often as chance will. */
import type { Random } from '../../engine/ports/random.ts';
import { oneOf, whole } from './chance.ts';

/**
 * Kinds of faults by the place that they strike.
 *
 * `begin`: no connection is to be had. `statement`: within a transaction, before it is carried out. `commit`: *before* nothing of it is kept,
 * *after* all of it is, and nobody is told. `read`: a statement outside of any transaction; *after* it was carried out and the answer is lost.
 * `rows`: others hold rows (`held`), or have written one meanwhile (`conflict`). `send`: a call of the outside; *after* it has heard.
 */
export const FAULTS = {
  begin: ['unreachable'],
  statement: ['refused', 'serialisation', 'deadlock', 'timeout', 'lost', 'idle', 'end', 'slow'],
  commit: ['lost before', 'lost after', 'end before', 'end after', 'serialisation', 'slow'],
  read: ['refused', 'lost before', 'lost after', 'end before', 'end after', 'slow'],
  rows: ['held', 'conflict'],
  send: ['refused', 'for good', 'lost after', 'end before', 'end after', 'slow'],
  hint: ['lost'],
  process: ['stands still'],
} as const;

/**
 * What is wrong with the database for a while. `away`: shut down and started again. `conflicts`: most transactions get in the way of others.
 */
const OUTAGES = ['away', 'connections', 'full', 'read-only', 'conflicts'] as const;
export type Outage = (typeof OUTAGES)[number];

export type Place = keyof typeof FAULTS;
export type FaultAt<P extends Place> = (typeof FAULTS)[P][number];

/** How often a place is struck, at most: a transaction has some ten statements. */
const MOST: Record<Place, number> = {
  begin: 0.1,
  statement: 0.06,
  commit: 0.6,
  read: 0.1,
  rows: 0.5,
  send: 0.6,
  hint: 0.5,
  process: 0.03,
};
/** Of the kinds so many are left out of a world: a fault that comes alone, and often, finds what a mixture hides. */
const LEFT_OUT = 0.4;
/** Worlds in which everything fails so many times as often: there failures meet while others are dealt with. */
const FIERCE = 0.1;
const FIERCE_TIMES = 4;
/** Worlds in which nothing fails: what is broken there is broken always. */
const FAIR = 0.03;
/** Worlds with outages, how many these have at most, and how long one lasts, milliseconds. */
const WITH_OUTAGES = 0.3;
const MOST_OUTAGES = 3;
const OUTAGE_MS = 15_000;

export class Weather {
  readonly #chance: Random;
  readonly #rates = new Map<Place, number>();
  readonly #left = new Map<Place, readonly string[]>();
  readonly #outages: { kind: Outage; from: number; to: number }[] = [];
  readonly #now: () => number;
  #storm = true;
  #struck = 0;

  /** @param until about when it ends, milliseconds since the epoch */
  constructor(chance: Random, now: () => number, until: number) {
    this.#chance = chance;
    this.#now = now;
    const fair = chance.next() < FAIR;
    const times = chance.next() < FIERCE ? FIERCE_TIMES : 1;
    for (const place of PLACES) {
      // Cubed: most worlds have few faults, and get far; some have so many that nothing gets through.
      const rate = MOST[place] * times * chance.next() ** 3;
      const kinds = FAULTS[place].filter(() => chance.next() >= LEFT_OUT);
      this.#left.set(place, kinds);
      this.#rates.set(place, fair ? 0 : rate);
    }
    if (fair || chance.next() >= WITH_OUTAGES) return;
    for (let i = this.between(1, MOST_OUTAGES); i > 0; i--) {
      const from = this.between(now(), until);
      const kind = oneOf(chance, OUTAGES) ?? 'away';
      this.#outages.push({ kind, from, to: from + this.between(1, OUTAGE_MS) });
    }
  }

  /** What is wrong with the database at this moment. */
  outage(): Outage | undefined {
    const now = this.#now();
    return this.#storm ? this.#outages.find(({ from, to }) => from <= now && now < to)?.kind : undefined;
  }

  /** Does an outage strike that does not strike always? */
  mostly(): boolean {
    return this.#chance.next() < 0.7;
  }

  /** Faults so far. */
  get struck(): number {
    return this.#struck;
  }

  get storm(): boolean {
    return this.#storm;
  }

  /** From now on nothing fails. */
  cease(): void {
    this.#storm = false;
  }

  /** Whether and how a place is struck now. */
  at<P extends Place>(place: P): FaultAt<P> | undefined {
    if (!this.#storm || this.#chance.next() >= (this.#rates.get(place) ?? 0)) return undefined;
    const kinds = FAULTS[place].filter((kind) => this.#left.get(place)?.includes(kind));
    const kind: FaultAt<P> | undefined = oneOf(this.#chance, kinds);
    if (kind !== undefined) this.#struck++;
    return kind;
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return whole(this.#chance, least, most);
  }

  /** Some of the rows: each stays with even chance. */
  some<Row>(rows: readonly Row[]): Row[] {
    return rows.filter(() => this.#chance.next() < 0.5);
  }
}

const PLACES: readonly Place[] = ['begin', 'statement', 'commit', 'read', 'rows', 'send', 'hint', 'process'];
