import type { WaitRow } from '../../../unit/rows.ts';
import { joint, type Tables } from '../tables.ts';

export const waitedTypes = (tables: Tables, types: readonly string[]): string[] =>
  types.filter((type) => [...tables.waitsByType.of(type)].length > 0);

export const waitsFor = (tables: Tables, types: readonly string[], correlations: readonly string[]): WaitRow[] =>
  [...new Set(correlations)].flatMap((correlation) =>
    [...tables.waitsByCorrelation.of(correlation)].filter((row) => types.includes(row.type)),
  );

export function insertWaits(tables: Tables, list: readonly WaitRow[]): void {
  for (const row of list) tables.waits.insert(row);
}

export function deleteWaits(tables: Tables, runIds: readonly string[]): void {
  for (const row of runIds.flatMap((id) => [...tables.waitsByRun.of(id)])) tables.waits.delete(keyOf(row));
}

const keyOf = ({ runId, waitId, type, topic, correlation }: WaitRow): string => joint(runId, waitId, type, topic, correlation);
