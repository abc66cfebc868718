import type { Executor } from '../database.ts';
import { asc, eq, gt } from '../drizzle.ts';
import { credentials } from '../schema.ts';

export async function upsertCredential(tx: Executor, row: typeof credentials.$inferSelect): Promise<void> {
  await tx.insert(credentials).values(row).onConflictDoUpdate({ target: credentials.name, set: row });
}

export async function sealedCredential(tx: Executor, name: string): Promise<string | undefined> {
  const [row] = await tx.select({ sealed: credentials.sealed }).from(credentials).where(eq(credentials.name, name));
  return row?.sealed;
}

/** By name, without what is sealed. */
export function credentialPage(
  tx: Executor,
  after: string | undefined,
  limit: number,
): Promise<{ name: string; kind: string; updatedAt: number }[]> {
  return tx
    .select({ name: credentials.name, kind: credentials.kind, updatedAt: credentials.updatedAt })
    .from(credentials)
    .where(after === undefined ? undefined : gt(credentials.name, after))
    .orderBy(asc(credentials.name))
    .limit(limit);
}

/** Was there one? */
export async function deleteCredential(tx: Executor, name: string): Promise<boolean> {
  const deleted = await tx.delete(credentials).where(eq(credentials.name, name)).returning({ name: credentials.name });
  return deleted.length > 0;
}
