/** The time in which a process is there. When it is over, nobody goes on: what was abandoned gets no answer, and may not ask any more. */

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
  #over = false;
  readonly #end: (reason: Error) => void;
  readonly #whenOver: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
    const { promise, reject } = Promise.withResolvers<never>();
    this.ended = promise;
    // That nobody listens at the moment is no mistake.
    promise.catch(() => {});
    this.#end = reject;
  }

  get isOver(): boolean {
    return this.#over;
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
