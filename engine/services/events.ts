import { and, desc, eq, lt } from 'drizzle-orm';
import type { Ports } from '../runtime/ports.ts';
import { events } from '../store/schema.ts';
import type { EventRow } from '../unit/rows.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

/** The journal of facts. */
export class Events {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Newest first; of one record where asked. Uses `events_record`. */
  async page(filter: { recordId?: string; type?: string }, limit: number, cursor?: string): Promise<Page<EventRow>> {
    const before = idCursor(cursor);
    const rows = await this.#ports.database.orm
      .select()
      .from(events)
      .where(
        and(
          filter.recordId === undefined ? undefined : eq(events.recordId, filter.recordId),
          filter.type === undefined ? undefined : eq(events.type, filter.type),
          before === undefined ? undefined : lt(events.id, before),
        ),
      )
      .orderBy(desc(events.id))
      .limit(limit + 1);
    return pageOf(rows, limit, (event) => [event.id]);
  }
}
