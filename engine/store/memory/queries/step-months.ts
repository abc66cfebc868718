import type { StepMonth } from '../../queries/step-months.ts';
import { by } from '../order.ts';
import { joint, type Tables } from '../tables.ts';

export const stepMonths = (tables: Tables): StepMonth[] => tables.stepMonths.all().sort(by((month) => month.to));

/** Transactions run one after the other anyway. */
export const lockStepMonths = (tables: Tables): StepMonth[] => stepMonths(tables);

export const addStepMonth = (tables: Tables, month: StepMonth & { from: string }): void => tables.stepMonths.insert(month);

export function dropStepMonth(tables: Tables, { name, from, to }: StepMonth, kept: readonly string[]): void {
  for (const { runId, seq } of tables.steps.all()) {
    if ((from === null || runId >= from) && runId < to && !kept.includes(runId)) tables.steps.delete(joint(runId, seq));
  }
  tables.stepMonths.delete(name);
}
