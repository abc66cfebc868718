import type { Executor } from '../database.ts';
import { and, desc, eq, isNull, lt, lte, or } from '../drizzle.ts';
import { apiKeys } from '../schema.ts';

type KeyRow = typeof apiKeys.$inferSelect;
/** Without the hash: nobody but the look-up needs it. */
export type ApiKey = Omit<KeyRow, 'hash'>;

const shown = {
  id: apiKeys.id,
  name: apiKeys.name,
  scopes: apiKeys.scopes,
  createdAt: apiKeys.createdAt,
  lastUsedAt: apiKeys.lastUsedAt,
  revokedAt: apiKeys.revokedAt,
};

export async function insertKey(tx: Executor, row: KeyRow): Promise<void> {
  await tx.insert(apiKeys).values(row);
}

/** The valid key with this hash. Uses `api_keys_hash`. */
export async function keyByHash(tx: Executor, hash: string): Promise<ApiKey | undefined> {
  const [row] = await tx
    .select(shown)
    .from(apiKeys)
    .where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)));
  return row;
}

/** Newest first, revoked ones included. */
export function keyPage(tx: Executor, before: string | undefined, limit: number): Promise<ApiKey[]> {
  return tx
    .select(shown)
    .from(apiKeys)
    .where(before === undefined ? undefined : lt(apiKeys.id, before))
    .orderBy(desc(apiKeys.id))
    .limit(limit);
}

/** Gives the key; one that was revoked before keeps its moment. */
export async function revokeKey(tx: Executor, id: string, now: number): Promise<ApiKey | undefined> {
  await tx
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)));
  const [row] = await tx.select(shown).from(apiKeys).where(eq(apiKeys.id, id));
  return row;
}

/** Notes a use, unless another process has noted one since `before`. */
export async function touchKey(tx: Executor, id: string, now: number, before: number): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, before))));
}
