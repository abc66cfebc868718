import type { NameKeyRow } from '../../../unit/rows.ts';
import { MOST_ALIKE, MOST_OF_KEY } from '../../alike.ts';
import { joint, type Tables } from '../tables.ts';

export const recordsAlike = (tables: Tables, questions: readonly { entity: string; keys: readonly string[] }[]): string[][] =>
  questions.map(({ entity, keys }) => {
    const common = new Map<string, number>();
    for (const key of keys) {
      const ids = [...tables.recordKeysByKey.of(joint(entity, key))].map((row) => row.recordId).sort();
      for (const id of ids.slice(-MOST_OF_KEY)) common.set(id, (common.get(id) ?? 0) + 1);
    }
    return [...common]
      .sort(([a, n], [b, m]) => m - n || (a < b ? 1 : -1))
      .slice(0, MOST_ALIKE)
      .map(([id]) => id);
  });

export function insertRecordKeys(tables: Tables, list: readonly NameKeyRow[]): void {
  for (const row of list) tables.recordKeys.put(row);
}

export function deleteRecordKeys(tables: Tables, list: readonly NameKeyRow[]): void {
  for (const { entity, key, recordId } of list) tables.recordKeys.delete(joint(entity, key, recordId));
}
