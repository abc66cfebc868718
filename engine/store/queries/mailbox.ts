import type { Executor } from '../database.ts';
import { and, desc, eq, lt } from '../drizzle.ts';
import { mailbox } from '../schema.ts';

export type MessageRow = typeof mailbox.$inferSelect;

/** Writes messages; one of the same effect that is there already stays. */
export async function insertMailbox(tx: Executor, list: readonly MessageRow[]): Promise<void> {
  await tx
    .insert(mailbox)
    .values([...list])
    .onConflictDoNothing({ target: mailbox.effectKey });
}

/** Newest first. Uses `mailbox_record` where a record is named. */
export function mailboxPage(
  tx: Executor,
  filter: { recordId?: string | undefined; runId?: string | undefined },
  before: string | undefined,
  limit: number,
): Promise<MessageRow[]> {
  return tx
    .select()
    .from(mailbox)
    .where(
      and(
        filter.recordId === undefined ? undefined : eq(mailbox.recordId, filter.recordId),
        filter.runId === undefined ? undefined : eq(mailbox.runId, filter.runId),
        before === undefined ? undefined : lt(mailbox.id, before),
      ),
    )
    .orderBy(desc(mailbox.id))
    .limit(limit);
}

export async function messageById(tx: Executor, id: string): Promise<MessageRow | undefined> {
  const [row] = await tx.select().from(mailbox).where(eq(mailbox.id, id));
  return row;
}
