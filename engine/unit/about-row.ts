import type { RecordView } from '../node/context.ts';
import type { ChangeRow, RecordRow } from './rows.ts';
import type { EventAbout } from './surroundings.ts';
import { previousView } from './view.ts';

/** The record of an event as the event found it: the row, and what the event has changed of it. */
export class AboutRow implements EventAbout {
  readonly #row: RecordRow | undefined;
  readonly #changes: ChangeRow['changes'] | undefined;
  readonly #view: (row: RecordRow) => RecordView;
  #previous: Record<string, unknown> | undefined;

  /** @param view gives the same view each time */
  constructor(row: RecordRow | undefined, changes: ChangeRow['changes'] | undefined, view: (row: RecordRow) => RecordView) {
    this.#row = row;
    this.#changes = changes;
    this.#view = view;
  }

  get record(): RecordView | undefined {
    return this.#row && this.#view(this.#row);
  }

  get previous(): Record<string, unknown> | undefined {
    const { record } = this;
    if (!record || !this.#changes) return record;
    this.#previous ??= previousView(record, this.#changes);
    return this.#previous;
  }
}
