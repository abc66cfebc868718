import type { TimerRow } from '../../queries/timers.ts';
import type { Tables } from '../tables.ts';

export const claimTimers = (tables: Tables, now: number, limit: number): TimerRow[] => tables.timersDue.upTo(now, limit);

export const nextTimerDue = (tables: Tables): number | null => tables.timersDue.first();

export function insertTimers(tables: Tables, list: readonly TimerRow[]): void {
  for (const row of list) tables.timers.insert(row);
}

export function deleteTimers(tables: Tables, workflowId: string): void {
  for (const row of [...tables.timersByWorkflow.of(workflowId)]) tables.timers.delete(row.id);
}

export function deleteTimersById(tables: Tables, ids: readonly string[]): void {
  for (const id of ids) tables.timers.delete(id);
}

export function moveTimers(tables: Tables, list: readonly { id: string; dueAt: number }[]): void {
  for (const { id, dueAt } of list) {
    const row = tables.timers.get(id);
    if (row) tables.timers.change(row, { dueAt });
  }
}
