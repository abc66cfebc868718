import type { credentials } from '../../schema.ts';
import { by } from '../order.ts';
import type { Tables } from '../tables.ts';

export function upsertCredential(tables: Tables, row: typeof credentials.$inferSelect): void {
  tables.credentials.put(row);
}

export const sealedCredential = (tables: Tables, name: string): string | undefined => tables.credentials.get(name)?.sealed;

export function credentialPage(
  tables: Tables,
  after: string | undefined,
  limit: number,
): { name: string; kind: string; updatedAt: number }[] {
  return tables.credentials
    .all()
    .filter((row) => after === undefined || row.name > after)
    .sort(by((row) => row.name))
    .slice(0, limit)
    .map(({ name, kind, updatedAt }) => ({ name, kind, updatedAt }));
}

export function deleteCredential(tables: Tables, name: string): boolean {
  const there = tables.credentials.get(name) !== undefined;
  if (there) tables.credentials.delete(name);
  return there;
}
