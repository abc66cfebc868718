/** The time in which a process is there. When it is over, nobody goes on: what was abandoned gets no answer, and may not ask any more. */
import type { Timeline } from './timeline.ts';

class ProcessEnded extends Error {
  constructor(name: string) {
    super(`The process ${name} has ended.`);
    this.name = 'ProcessEnded';
  }
}

export class Life {
  readonly name: string;
  /** Rejects when it is over. */
  readonly ended: Promise<never>;
  readonly #timeline: Timeline;
  #over = false;
  #stillUntil = 0;
  readonly #end: (reason: Error) => void;
  readonly #whenOver: (() => void)[] = [];

  constructor(name: string, timeline: Timeline) {
    this.name = name;
    this.#timeline = timeline;
    const { promise, reject } = Promise.withResolvers<never>();
    this.ended = promise;
    // That nobody listens at the moment is no mistake.
    promise.catch(() => {});
    this.#end = reject;
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** It stands still, as a process that was stopped: it neither asks nor hears for so long, milliseconds. */
  standStill(ms: number): void {
    this.#stillUntil = Math.max(this.#stillUntil, this.#timeline.now + ms);
  }

  get standsStill(): boolean {
    return this.#timeline.now < this.#stillUntil;
  }

  /** Resolves when it moves. */
  async moving(): Promise<void> {
    while (this.standsStill) await this.#timeline.sleep(this.#stillUntil - this.#timeline.now);
  }

  /** Called once, at its end. */
  whenOver(act: () => void): void {
    this.#whenOver.push(act);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#end(new ProcessEnded(this.name));
    for (const act of this.#whenOver) act();
  }

  /** Throws where it is over. */
  check(): void {
    if (this.#over) throw new ProcessEnded(this.name);
  }

  /** What `work` gives; once the life is over, nothing for ever. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.#over) return never();
    try {
      const result = await work();
      return this.#over ? never() : result;
    } catch (error) {
      if (this.#over) return never();
      throw error;
    }
  }
}

/** An answer for somebody who is not there any more. */
const never = (): Promise<never> => new Promise(() => {});
