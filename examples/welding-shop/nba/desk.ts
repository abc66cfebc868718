/** A person with their list of the day: looks at what stands first, takes it up or declines it, does it when there is time. */
import { Chance } from '../chance.ts';
import { stretchAt, type Timetable } from './days.ts';

const MINUTE = 60_000;

/** A line of the list, as the person sees it. */
export interface Line {
  /** Id of the recommendation. */
  readonly id: string;
  /** Id of the record that it is about. */
  readonly record: string;
  readonly action: string;
  readonly place: number;
  readonly minutes: number;
}

export type DeclineReason = 'not_useful' | 'wrong_time' | 'on_holiday';

/** What the person does in the world around. */
export interface Hands {
  now(): number;
  /** Does something later. */
  plan(at: number, work: () => Promise<void>): void;
  /** Until when the client is on holiday, milliseconds; undefined where they are not. */
  holidayOf(line: Line): number | undefined;
  accept(line: Line): Promise<void>;
  /** @param until when nothing is to be proposed for the record */
  decline(line: Line, reason: DeclineReason, until?: number): Promise<void>;
  done(line: Line, at: number): Promise<void>;
}

/** How often somebody declines for no good reason: from two in a hundred to one in six, each person in a way of their own. */
const DECLINES = [0.02, 0.16] as const;
const REASONS = [
  { reason: 'wrong_time', weight: 50 },
  { reason: 'not_useful', weight: 50 },
] as const;
/** People are who they are, whatever the seed of the month. */
const PEOPLE = 1;

export class Desk {
  readonly table: Timetable;
  readonly #seed: number;
  readonly #hands: Hands;
  readonly #declines: number;
  readonly #lines = new Map<string, Line>();
  /** At work, or waiting for the next free stretch. */
  #engaged = false;

  constructor(seed: number, table: Timetable, hands: Hands) {
    this.#seed = seed;
    this.table = table;
    this.#hands = hands;
    const [least, most] = DECLINES;
    this.#declines = least + (most - least) * new Chance(PEOPLE, 'declines', table.person.as).next();
  }

  /** The list as it stands now, line by line. */
  put(line: Line): void {
    this.#lines.set(line.id, line);
  }

  drop(id: string): void {
    this.#lines.delete(id);
  }

  /** Looks at the list, unless busy. */
  async look(): Promise<void> {
    if (this.#engaged) return;
    this.#engaged = true;
    await this.#next();
  }

  async #next(): Promise<void> {
    for (;;) {
      const now = this.#hands.now();
      const stretch = stretchAt(this.table.free, now);
      const lines = [...this.#lines.values()].sort((a, b) => a.place - b.place);
      if (!stretch || lines.length === 0) {
        this.#engaged = false;
        return;
      }
      const fits = ({ minutes }: Line): boolean => now + minutes * MINUTE <= stretch.until;
      const line = stretch.from <= now ? lines.find(fits) : undefined;
      if (!line) {
        this.#hands.plan(stretch.from > now ? stretch.from : stretch.until, () => this.#next());
        return;
      }
      const holiday = this.#hands.holidayOf(line);
      if (holiday !== undefined) {
        await this.#hands.decline(line, 'on_holiday', holiday);
        continue;
      }
      const chance = new Chance(this.#seed, 'answer', this.table.person.as, line.record, Math.floor(now / (24 * 60 * MINUTE)));
      if (chance.happens(this.#declines)) {
        await this.#hands.decline(line, chance.weighted(REASONS).reason);
        continue;
      }
      await this.#hands.accept(line);
      const end = now + Math.ceil(line.minutes) * MINUTE;
      this.#hands.plan(end, async () => {
        await this.#hands.done(line, end);
        await this.#next();
      });
      return;
    }
  }
}
