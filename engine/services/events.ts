import type { Ports } from '../runtime/ports.ts';
import type { EventRow } from '../unit/rows.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

/** The journal of facts. */
export class Events {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Newest first; of one record where asked. */
  async page(filter: { recordId?: string; type?: string }, limit: number, cursor?: string): Promise<Page<EventRow>> {
    const rows = await this.#ports.database.store.eventPage(filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (event) => [event.id]);
  }
}
