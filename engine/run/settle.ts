/** The end of one advance: the row as it is to be written, and what follows from it for others. */
import type { Json } from '../../schemas/json.ts';
import type { ErrorData } from '../errors/index.ts';
import type { Request } from '../unit/request.ts';
import type { RunRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';
import { bared, tooLarge } from './bounds.ts';
import { leavePlace, placeOf, placeValue } from './places.ts';
import type { Progress } from './progress.ts';
import { register } from './registration.ts';
import { CONTROL, dueAt, MAX_STATE_BYTES, type RunState } from './state.ts';

export function* settle(progress: Progress): Generator<Request, RunRow, void> {
  const { run, plan } = progress;
  const large = JSON.stringify(progress.state).length > MAX_STATE_BYTES;
  const row = rowOf(progress, large);
  const ended = row.status === 'done' || row.status === 'cancelled';
  register(progress, ended);
  yield* leavePlaces(progress, ended);
  if (ended || row.status === 'failed') tellParent(progress.workspace, row);
  if (row.error && run.status !== 'failed') tellOfFailure(progress.workspace, row, row.error, plan.settings.errorWorkflow);
  return { ...row, state: kept(progress.state, large, ended) };
}

/** What is kept of where the run stands, when all of it is settled. */
function kept(state: RunState, large: boolean, ended: boolean): RunState {
  if (large) return bared(state);
  // Nobody goes on from here, and what the nodes gave out stands in the steps.
  return ended ? { ...state, outputs: {} } : state;
}

function rowOf({ run, state, workspace, recordId, outcome, result, error, ended }: Progress, large: boolean): RunRow {
  const { now } = workspace.surroundings;
  const base = { ...run, recordId, outcome, result, updatedAt: now };
  if (ended === null && error) return { ...base, status: 'failed', error, dueAt: null };
  if (ended !== null || state.tokens.length === 0) {
    return { ...base, status: ended ?? 'done', error: null, dueAt: null, endedAt: now };
  }
  const moving = state.tokens.some((token) => token.status === 'ready');
  if (large) return { ...base, status: 'failed', dueAt: null, error: tooLarge().toData() };
  return { ...base, status: moving ? 'active' : 'waiting', error: null, dueAt: dueAt(state, now) };
}

/** Places, and places in line, of branches that are no more go to whoever is next; that of the run itself when it has ended. */
function* leavePlaces({ run, state, workspace }: Progress, ended: boolean): Generator<Request, void, void> {
  if (!state.places) return;
  const isKept = ({ key, wait }: { key: string; wait: string }): boolean =>
    !ended && (wait === CONTROL.start || state.tokens.some((token) => token.places?.[key] === wait));
  const left = state.places.filter((place) => !isKept(place));
  if (left.length > 0) yield { kind: 'marks', keys: left.map(({ key }) => key) };
  for (const own of left) {
    const { place, next } = leavePlace(placeOf(workspace.mark(own.key)), { run: run.id, wait: own.wait });
    workspace.setMark(own.key, placeValue(place), null);
    if (next) workspace.signal(next.run, next.wait, { ok: true, result: {} });
  }
  state.places = state.places.filter(isKept);
  if (state.places.length === 0) delete state.places;
}

function tellParent(workspace: Workspace, { id, parent, status, outcome, result, error }: RunRow): void {
  if (!parent) return;
  const failure: Json = error && { code: error.code, message: error.message };
  workspace.signal(parent.run, parent.wait, {
    ok: true,
    result: { run: id, status, outcome, output: status === 'failed' ? failure : result },
  });
}

/** The type of the event that tells of a failed run; its topic is the workflow. */
const RUN_FAILED = 'run.failed';
/** As RUN_FAILED, with the workflow as topic that is named to look after it. */
const RUN_FAILED_FOR = 'run.failed.for';

/** Events by which other workflows hear of it. */
export function tellOfFailure(workspace: Workspace, run: RunRow, error: ErrorData, errorWorkflow?: string): void {
  const { code, message, node } = error;
  const data = { workflow: run.workflowId, run: run.id, node: node ?? null, code, message };
  const chain = [...run.chain, { workflow: run.workflowId, run: run.id, node: node ?? '' }];
  const write = (type: string, topic: string): void => {
    const { newId, now } = workspace.surroundings;
    workspace.writeEvent({ id: newId(), type, topic, recordId: run.recordId, at: now, data, key: null, chain });
  };
  write(RUN_FAILED, run.workflowId);
  if (errorWorkflow !== undefined) write(RUN_FAILED_FOR, errorWorkflow);
}
