/**
 * Places for deliveries under way, shared by servers. Nobody gets more while they hold as many as are free, so that slow servers cannot keep
 * the others out: one of them gets half, two a third each, and as much as each of them has is left for the next (the dynamic thresholds of
 * Choudhury & Hahne 1998).
 */
export class Places {
  readonly #all: number;
  /** Only of servers that hold any. */
  readonly #held = new Map<string, number>();
  #taken = 0;

  constructor(all: number) {
    this.#all = all;
  }

  get free(): number {
    return this.#all - this.#taken;
  }

  /** How many may be taken without knowing for whom: whoever gets them all leaves as many to the others. */
  get grant(): number {
    return Math.ceil(this.free / 2);
  }

  /** Servers that get no more for now. */
  get full(): string[] {
    return [...this.#held.keys()].filter((server) => this.isFull(server));
  }

  isFull(server: string): boolean {
    return (this.#held.get(server) ?? 0) >= this.free;
  }

  enter(server: string): void {
    this.#taken++;
    this.#held.set(server, (this.#held.get(server) ?? 0) + 1);
  }

  leave(server: string): void {
    this.#taken--;
    const left = (this.#held.get(server) ?? 0) - 1;
    if (left > 0) this.#held.set(server, left);
    else this.#held.delete(server);
  }
}
