import { TaktError } from '../errors/index.ts';
import { isTooDeep } from '../unit/new-run.ts';
import type { Request } from '../unit/request.ts';
import type { RunRow } from '../unit/rows.ts';
import type { Start } from '../unit/surroundings.ts';
import type { Workspace } from '../unit/workspace.ts';

/** Runs that other workflows may start of one workflow on one record within an hour. */
const MAX_CAUSED_PER_HOUR = 60;
const HOUR = 3_600_000;

/**
 * Refuses a run that workflows have started too often. What people and the outside start is not counted.
 * @returns how the run's row differs then
 */
export function* guardedRate(workspace: Workspace, { plan, event }: Start): Generator<Request, Partial<RunRow> | undefined, void> {
  const { workflowId } = plan;
  const { recordId, chain } = event;
  const { now } = workspace.surroundings;
  if (isTooDeep(chain)) return {};
  if (chain.length === 0 || recordId === null) return undefined;
  const question = { kind: 'recent_runs', workflowId, recordId, since: now - HOUR } as const;
  yield question;
  const here = workspace.newRuns.filter((run) => run.workflowId === workflowId && run.recordId === recordId).length;
  if (workspace.fact(question) + here < MAX_CAUSED_PER_HOUR) return undefined;
  const names = chain.map((cause) => `${cause.workflow}/${cause.node}`).join(' → ');
  const error = new TaktError('LOOP_RATE', {
    message: `More than ${MAX_CAUSED_PER_HOUR} runs of ${workflowId} on this record within an hour; last by ${names}.`,
  });
  return { status: 'refused', dueAt: null, endedAt: now, error: error.toData() };
}
