/** The development mailbox: what would have gone out where no real connector is configured. */
import { TaktError } from '../errors/index.ts';
import { GroupCommit } from '../runtime/group-commit.ts';
import type { Ports } from '../runtime/ports.ts';
import type { MessageRow } from '../store/queries/mailbox.ts';
import { isUuid } from '../unit/find.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

type MailboxPorts = Pick<Ports, 'database' | 'clock' | 'newId'>;

export class Mailbox {
  readonly #ports: MailboxPorts;
  /** Deliveries run side by side; their messages share commits. */
  readonly #storing: GroupCommit<MessageRow, void>;

  constructor(ports: MailboxPorts) {
    this.#ports = ports;
    this.#storing = new GroupCommit(
      async (batch) => {
        await ports.database.store.insertMailbox(batch);
        return batch.map(() => ({ ok: true, value: undefined }));
      },
      {
        batch: { entries: 200, bytes: 16_000_000 },
        waiting: { entries: 10_000, bytes: 64_000_000 },
        sizeOf: ({ text, html }) => (text?.length ?? 0) + (html?.length ?? 0),
      },
    );
  }

  /** Keeps a message; a second one with the same `effectKey` changes nothing. */
  async store(message: Omit<MessageRow, 'id' | 'at'>): Promise<void> {
    const { clock, newId } = this.#ports;
    const [stored] = await this.#storing.submit([{ ...message, id: newId(), at: clock.now() }]);
    if (stored && !stored.ok) throw stored.error;
  }

  /** Newest first. Throws CURSOR_INVALID. */
  async page(
    filter: { recordId?: string | undefined; runId?: string | undefined },
    limit: number,
    cursor?: string,
  ): Promise<Page<MessageRow>> {
    const rows = await this.#ports.database.store.mailboxPage(filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (row) => [row.id]);
  }

  /** Throws MESSAGE_NOT_FOUND. */
  async get(id: string): Promise<MessageRow> {
    const row = isUuid(id) ? await this.#ports.database.store.messageById(id) : undefined;
    if (!row) throw new TaktError('MESSAGE_NOT_FOUND', { message: `There is no message ${id.slice(0, 40)}.` });
    return row;
  }
}
