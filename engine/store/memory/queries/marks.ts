import type { Json } from '../../../../schemas/json.ts';
import type { ArmCount, MarkChange } from '../../queries/marks.ts';
import { by } from '../order.ts';
import type { Tables } from '../tables.ts';

export function lockMarks(tables: Tables, keys: readonly string[]): { key: string; value: Json }[] {
  return [...new Set(keys)].sort().map((key) => ({ key, value: tables.marks.get(key)?.value ?? null }));
}

export function updateMarks(tables: Tables, list: readonly MarkChange[]): void {
  for (const row of list) tables.marks.put(row);
}

export function deleteMarks(tables: Tables, keys: readonly string[]): void {
  for (const key of keys) tables.marks.delete(key);
}

export const readMarks = (tables: Tables, keys: readonly string[]): { key: string; value: Json }[] =>
  tables.marks.getAll(keys).map(({ key, value }) => ({ key, value }));

export function deleteExpiredMarks(tables: Tables, now: number, limit: number): number {
  const gone = tables.marks
    .all()
    .filter((row) => row.expiresAt !== null && row.expiresAt < now)
    .slice(0, limit);
  for (const row of gone) tables.marks.delete(row.key);
  return gone.length;
}

const below = (tables: Tables, prefix: string) =>
  tables.marks
    .all()
    .filter((row) => row.key.startsWith(prefix))
    .sort(by((row) => row.key));

export function armCounts(tables: Tables, prefix: string, takenUntil: number): ArmCount[] {
  const counts = new Map<string, ArmCount>();
  for (const { value } of below(tables, prefix)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || typeof value.arm !== 'string') continue;
    if (Number(value.at) > takenUntil) continue;
    const known = counts.get(value.arm) ?? { arm: value.arm, count: 0, successes: 0, firstAt: Number(value.at) };
    counts.set(value.arm, {
      arm: value.arm,
      count: known.count + 1,
      successes: known.successes + (value.success_at === undefined || value.success_at === null ? 0 : 1),
      firstAt: Math.min(known.firstAt, Number(value.at)),
    });
  }
  return [...counts.values()].sort(by((row) => row.arm));
}

export const markKeys = (tables: Tables, prefix: string, after: string | undefined, limit: number): string[] =>
  below(tables, prefix)
    .filter((row) => row.value !== null && row.key > (after ?? ''))
    .slice(0, limit)
    .map((row) => row.key);
