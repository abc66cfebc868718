/** How to take a transaction back: every change leaves the way to undo it. */
export class Journal {
  readonly #undo: (() => void)[] = [];

  note(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** What was done stays. */
  forget(): void {
    this.#undo.length = 0;
  }

  /** Undoes what was done since the last `forget`, the newest first. */
  rollBack(): void {
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) undo();
  }
}
