/** The development mailbox: what would have gone out where no real connector is configured. */
import { TaktError } from '../errors/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { insertMailbox, type MessageRow, mailboxPage, messageById } from '../store/queries/mailbox.ts';
import { isUuid } from '../unit/workspace.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

type MailboxPorts = Pick<Ports, 'database' | 'clock' | 'newId'>;

export class Mailbox {
  readonly #ports: MailboxPorts;

  constructor(ports: MailboxPorts) {
    this.#ports = ports;
  }

  /** Keeps a message; a second one with the same `effectKey` changes nothing. */
  store(message: Omit<MessageRow, 'id' | 'at'>): Promise<void> {
    const { database, clock, newId } = this.#ports;
    return insertMailbox(database.orm, { ...message, id: newId(), at: clock.now() });
  }

  /** Newest first. Throws CURSOR_INVALID. */
  async page(
    filter: { recordId?: string | undefined; runId?: string | undefined },
    limit: number,
    cursor?: string,
  ): Promise<Page<MessageRow>> {
    const rows = await mailboxPage(this.#ports.database.orm, filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (row) => [row.id]);
  }

  /** Throws MESSAGE_NOT_FOUND. */
  async get(id: string): Promise<MessageRow> {
    const row = isUuid(id) ? await messageById(this.#ports.database.orm, id) : undefined;
    if (!row) throw new TaktError('MESSAGE_NOT_FOUND', { message: `There is no message ${id.slice(0, 40)}.` });
    return row;
  }
}
