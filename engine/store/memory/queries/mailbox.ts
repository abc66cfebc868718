import type { MessageRow } from '../../queries/mailbox.ts';
import { newestPage } from '../order.ts';
import type { Tables } from '../tables.ts';

export function insertMailbox(tables: Tables, list: readonly MessageRow[]): void {
  for (const row of list) if (!tables.messagesByEffect.get(row.effectKey)) tables.mailbox.insert(row);
}

export function mailboxPage(
  tables: Tables,
  { recordId, runId }: { recordId?: string | undefined; runId?: string | undefined },
  before: string | undefined,
  limit: number,
): MessageRow[] {
  const rows = tables.mailbox
    .all()
    .filter((row) => (recordId === undefined || row.recordId === recordId) && (runId === undefined || row.runId === runId));
  return newestPage(rows, before, limit);
}

export const messageById = (tables: Tables, id: string): MessageRow | undefined => tables.mailbox.get(id);
