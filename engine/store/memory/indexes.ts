/** Ways to find rows of a table other than by their id. The table tells an index of every row that comes and goes. */
export interface Index<Row> {
  /** May throw; the transaction is rolled back then. */
  add(row: Row): void;
  /** A row that is not there is no mistake: it may be one that `add` refused. */
  remove(row: Row): void;
}

/** The error of a second row under a unique key, with the SQL state that the drivers give it. */
export class UniqueViolation extends Error {
  readonly code = '23505';

  constructor(table: string, key: string) {
    super(`There is a row of ${table} with the key ${JSON.stringify(key)} already.`);
    this.name = 'UniqueViolation';
  }
}

/** At most one row a key. Rows without a key are not in it. */
export class UniqueIndex<Row> implements Index<Row> {
  readonly #table: string;
  readonly #keyOf: (row: Row) => string | null;
  readonly #rows = new Map<string, Row>();

  constructor(table: string, keyOf: (row: Row) => string | null) {
    this.#table = table;
    this.#keyOf = keyOf;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  add(row: Row): void {
    const key = this.#keyOf(row);
    if (key === null) return;
    if (this.#rows.has(key)) throw new UniqueViolation(this.#table, key);
    this.#rows.set(key, row);
  }

  remove(row: Row): void {
    const key = this.#keyOf(row);
    if (key !== null && this.#rows.get(key) === row) this.#rows.delete(key);
  }
}

/** Any number of rows a key, in no order. A row may have several keys, or none. */
export class GroupIndex<Row> implements Index<Row> {
  readonly #keysOf: (row: Row) => readonly (string | null)[];
  readonly #groups = new Map<string, Set<Row>>();

  constructor(keysOf: (row: Row) => readonly (string | null)[]) {
    this.#keysOf = keysOf;
  }

  of(key: string): ReadonlySet<Row> {
    return this.#groups.get(key) ?? new Set();
  }

  add(row: Row): void {
    for (const key of this.#keysOf(row)) {
      if (key === null) continue;
      const group = this.#groups.get(key);
      if (group) group.add(row);
      else this.#groups.set(key, new Set([row]));
    }
  }

  remove(row: Row): void {
    for (const key of this.#keysOf(row)) {
      if (key === null) continue;
      const group = this.#groups.get(key);
      group?.delete(row);
      if (group?.size === 0) this.#groups.delete(key);
    }
  }
}

/** Rows by a number, the smallest first, those of one number by id. Rows without one are not in it. */
export class SortedIndex<Row extends { id: string }> implements Index<Row> {
  readonly #numberOf: (row: Row) => number | null;
  readonly #entries: { at: number; row: Row }[] = [];

  constructor(numberOf: (row: Row) => number | null) {
    this.#numberOf = numberOf;
  }

  first(): number | null {
    return this.#entries[0]?.at ?? null;
  }

  /** Rows whose number is at most `most`. */
  upTo(most: number, limit = Number.POSITIVE_INFINITY): Row[] {
    return this.#entries.slice(0, Math.min(limit, this.#place(most, null))).map((entry) => entry.row);
  }

  add(row: Row): void {
    const at = this.#numberOf(row);
    if (at !== null) this.#entries.splice(this.#place(at, row.id), 0, { at, row });
  }

  remove(row: Row): void {
    const at = this.#numberOf(row);
    if (at === null) return;
    const place = this.#place(at, row.id);
    if (this.#entries[place]?.row === row) this.#entries.splice(place, 1);
  }

  /** Where the row of this number and id is or would be; without an id the place behind all of this number. */
  #place(at: number, id: string | null): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      const before = entry !== undefined && (entry.at < at || (entry.at === at && (id === null || entry.row.id < id)));
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
