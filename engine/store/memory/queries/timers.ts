import type { TimerRow } from '../../queries/timers.ts';
import { joint, type Tables } from '../tables.ts';

export const claimTimers = (tables: Tables, now: number, limit: number): TimerRow[] => tables.timersDue.upTo(now, limit);

export const nextTimerDue = (tables: Tables): number | null => tables.timersDue.first();

const keyOf = ({ workflowId, node, key }: { workflowId: string; node: string; key: string }): string => joint(workflowId, node, key);

export function upsertTimers(tables: Tables, list: readonly TimerRow[]): void {
  for (const row of list) {
    const there = tables.timersByKey.get(keyOf(row));
    if (there) tables.timers.change(there, { dueAt: row.dueAt, data: row.data, recordId: row.recordId });
    else tables.timers.insert(row);
  }
}

export function deleteTimersByKey(tables: Tables, list: readonly { workflowId: string; node: string; key: string }[]): void {
  for (const wanted of list) {
    const row = tables.timersByKey.get(keyOf(wanted));
    if (row) tables.timers.delete(row.id);
  }
}

export function insertMissingTimers(tables: Tables, list: readonly TimerRow[]): void {
  for (const row of list) if (!tables.timersByKey.get(keyOf(row))) tables.timers.insert(row);
}

export function deleteTimers(tables: Tables, workflowId: string): void {
  for (const row of [...tables.timersByWorkflow.of(workflowId)]) tables.timers.delete(row.id);
}

export function deleteTimersOfVersion(tables: Tables, workflowId: string, kept: readonly string[]): void {
  for (const row of [...tables.timersByWorkflow.of(workflowId)])
    if (row.kind !== 'trigger' || !kept.includes(row.node)) tables.timers.delete(row.id);
}

export function deleteTimersById(tables: Tables, ids: readonly string[]): void {
  for (const id of ids) tables.timers.delete(id);
}
