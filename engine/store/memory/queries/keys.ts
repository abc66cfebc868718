import type { ApiKey } from '../../queries/keys.ts';
import type { apiKeys } from '../../schema.ts';
import { newestPage } from '../order.ts';
import type { Tables } from '../tables.ts';

type KeyRow = typeof apiKeys.$inferSelect;

const shown = ({ hash: _, ...key }: KeyRow): ApiKey => key;

export function insertKey(tables: Tables, row: KeyRow): void {
  tables.apiKeys.insert(row);
}

export function keyByHash(tables: Tables, hash: string): ApiKey | undefined {
  const row = tables.keysByHash.get(hash);
  return row && row.revokedAt === null ? shown(row) : undefined;
}

export const keyPage = (tables: Tables, before: string | undefined, limit: number): ApiKey[] =>
  newestPage(tables.apiKeys.all(), before, limit).map(shown);

export function revokeKey(tables: Tables, id: string, now: number): ApiKey | undefined {
  const row = tables.apiKeys.get(id);
  if (!row) return undefined;
  return shown(row.revokedAt === null ? tables.apiKeys.change(row, { revokedAt: now }) : row);
}

export function touchKey(tables: Tables, id: string, now: number, before: number): void {
  const row = tables.apiKeys.get(id);
  if (row && (row.lastUsedAt === null || row.lastUsedAt <= before)) tables.apiKeys.change(row, { lastUsedAt: now });
}
