/** Which events a run is to hear of: kept in the table of waits, where the matching finds them by what an event is about. */
import type { WaitRow } from '../unit/rows.ts';
import type { Progress } from './progress.ts';
import { exitWait } from './rules.ts';
import { CONTROL } from './state.ts';

/** Brings the run's registrations in line with what it waits for now; a run that has ended wants none. */
export function register(progress: Progress, ended: boolean): void {
  const { run, state, workspace } = progress;
  const wanted = ended ? [] : wantedRows(progress);
  const names = wanted.map((row) => `${row.waitId} ${row.type} ${row.topic} ${row.correlation}`).sort();
  const before = state.registered ?? [];
  if (names.length !== before.length || names.some((name, i) => name !== before[i])) workspace.replaceWaits(run.id, wanted);
  state.registered = names;
}

function wantedRows({ plan, run, state, workspace, recordId }: Progress): WaitRow[] {
  const rows = new Map<string, WaitRow>();
  const want = (waitId: string, type: string, topic: string, correlation: string): void => {
    rows.set(`${waitId} ${type} ${topic} ${correlation}`, { runId: run.id, waitId, type, topic, correlation });
  };
  // Also of a token that has been woken and has not gone on: what has woken it may not end its wait.
  for (const { wait } of state.tokens) {
    if (!wait?.subscriptions) continue;
    for (const { type, topic, correlation } of wait.subscriptions) want(wait.id, type, topic, correlation);
  }
  if (recordId === null) return [...rows.values()];
  const about = `record:${recordId}`;
  if (plan.rules.asksRecord) want(CONTROL.watch, 'record.updated', workspace.row(recordId)?.entity ?? '*', about);
  for (const [i, exit] of plan.rules.exits.entries()) if (exit.event) want(exitWait(i), exit.event.type, exit.event.topic, about);
  return [...rows.values()];
}
