import { type Index, UniqueViolation } from './indexes.ts';
import type { Journal } from './journal.ts';
import { stored } from './json.ts';

/**
 * Rows by their primary key. What is put in is copied, and a row that was given out is never changed here: a change puts another in
 * its place. So what a reader holds stays as it was read, and must be left as it is.
 */
export class Table<Row extends object> {
  readonly #name: string;
  readonly #journal: Journal;
  readonly #keyOf: (row: Row) => string;
  readonly #indexes: readonly Index<Row>[];
  readonly #rows = new Map<string, Row>();

  constructor(name: string, journal: Journal, keyOf: (row: Row) => string, indexes: readonly Index<Row>[] = []) {
    this.#name = name;
    this.#journal = journal;
    this.#keyOf = keyOf;
    this.#indexes = indexes;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Those that exist. */
  getAll(keys: Iterable<string>): Row[] {
    return [...new Set(keys)].flatMap((key) => this.#rows.get(key) ?? []);
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }

  /** Throws UniqueViolation where a row with its primary key, or a key of a unique index, is there. */
  insert(row: Row): void {
    const key = this.#keyOf(row);
    if (this.#rows.has(key)) throw new UniqueViolation(this.#name, key);
    this.#set(key, stored(row));
  }

  /** Inserts the row, or puts it in the place of the one with its primary key. */
  put(row: Row): void {
    this.#set(this.#keyOf(row), stored(row));
  }

  /** Changes some columns of a row that is there; gives the new row. */
  change(row: Row, columns: Partial<Row>): Row {
    const changed = { ...row, ...stored(columns) };
    this.#set(this.#keyOf(row), changed);
    return changed;
  }

  delete(key: string): void {
    this.#set(key, undefined);
  }

  #set(key: string, row: Row | undefined): void {
    const previous = this.#rows.get(key);
    // Before the change: an index that refuses the row leaves the change half done.
    this.#journal.note(() => this.#replace(key, row, previous));
    this.#replace(key, previous, row);
  }

  #replace(key: string, previous: Row | undefined, row: Row | undefined): void {
    if (previous) for (const index of this.#indexes) index.remove(previous);
    if (row) {
      this.#rows.set(key, row);
      for (const index of this.#indexes) index.add(row);
    } else this.#rows.delete(key);
  }
}
