import type { Tables } from '../tables.ts';

export function lockPointers(tables: Tables, keys: readonly string[]): { key: string; value: number }[] {
  return [...new Set(keys)].sort().map((key) => {
    const there = tables.pointers.get(key);
    if (there) return there;
    const fresh = { key, value: 0 };
    tables.pointers.insert(fresh);
    return fresh;
  });
}

export function updatePointers(tables: Tables, list: readonly { key: string; value: number }[]): void {
  for (const row of list) if (tables.pointers.get(row.key)) tables.pointers.put(row);
}
