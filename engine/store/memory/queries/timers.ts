import type { TimerRow } from '../../queries/timers.ts';
import { by } from '../order.ts';
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

export function deleteTimers(tables: Tables, workflowId: string, node?: string): void {
  for (const row of [...tables.timersByWorkflow.of(workflowId)]) if (node === undefined || row.node === node) tables.timers.delete(row.id);
}

export function deleteTimersById(tables: Tables, ids: readonly string[]): void {
  for (const id of ids) tables.timers.delete(id);
}

export const timersOfWorkflow = (tables: Tables, workflowId: string, limit: number): TimerRow[] =>
  [...tables.timersByWorkflow.of(workflowId)].sort(by((row) => row.dueAt)).slice(0, limit);
