/** One group commit: takes due runs, advances them in memory, writes everything, commits. The row locks are the lease. */
import { overgrown } from '../admission/family.ts';
import { finish } from '../admission/finish.ts';
import { planKey } from '../catalog/catalog.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import { barePlan, type Plan } from '../graph/plan.ts';
import { advance } from '../run/advance.ts';
import { tellOfFailure } from '../run/settle.ts';
import { CONTROL } from '../run/state.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { isContended, transact } from '../runtime/transact.ts';
import type { CommitAlong, StoreTx } from '../store/port.ts';
import { behind, nothing, together } from '../store/together.ts';
import { isSessionEnded, isUnavailable } from '../store/trouble.ts';
import { drive } from '../unit/drive.ts';
import { addLocked, load } from '../unit/load.ts';
import type { RunRow, SignalRow } from '../unit/rows.ts';
import type { Workspace } from '../unit/workspace.ts';

/** What most steps write events of. */
const USUAL: readonly string[] = ['record.created', 'record.updated'];
/** Of so few runs it is asked along with their records whether anybody waits for such events: of a lone run each round trip counts. */
const FEW = 5;

export interface BatchResult {
  /** Runs that were due and free. */
  claimed: number;
  /** Of them, those in whose way others were, and those for which the batch had no room: left for later. */
  postponed: number;
}

/**
 * Advances up to `limit` due runs. A run that spoils its batch is found, marked as failed, and the others go on.
 * @param fairly of every workflow some, where many wait, instead of those that have waited longest
 */
export async function advanceBatch(ports: Ports, limit: number, fairly = false): Promise<BatchResult> {
  let claimed: string[] = [];
  try {
    return await transact(ports.database, async (tx, commitAlong) => {
      const now = ports.clock.now();
      const due = await claim(tx, now, limit, fairly);
      claimed = due.map((run) => run.id);
      return advanceRuns(ports, tx, due, commitAlong);
    });
  } catch (error) {
    // With the database away no run is to blame: all of them are still due.
    if (claimed.length === 0 || isUnavailable(error)) throw error;
    ports.logger.warn({ err: error, runs: claimed.length }, 'A batch of runs could not be written; looking for the run that spoils it.');
    return { claimed: claimed.length, postponed: await isolate(ports, claimed, error) };
  }
}

async function claim(tx: StoreTx, now: number, limit: number, fairly: boolean): Promise<RunRow[]> {
  const shares = fairly ? await tx.claimRunsFairly(now, limit) : [];
  if (shares.length === limit) return shares;
  const rest = await tx.claimRuns(now, limit - shares.length, { except: shares.map((run) => run.id) });
  return [...shares, ...rest];
}

/**
 * Halves a failed batch until the culprit is alone. A session that the server has ended says nothing against a single run yet: it is tried
 * once more.
 * @returns how many are left for later: those that others kept from being written, and that are due still
 */
async function isolate(ports: Ports, ids: readonly string[], cause: unknown, again = false): Promise<number> {
  const [only] = ids;
  if (ids.length === 1 && only !== undefined && (again || !isSessionEnded(cause))) {
    if (isContended(cause)) return 1;
    try {
      await fail(ports, only, cause);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      await failBarely(ports, only, cause, error);
    }
    return 0;
  }
  let postponed = 0;
  const middle = Math.ceil(ids.length / 2);
  for (const half of [ids.slice(0, middle), ids.slice(middle)]) {
    if (half.length === 0) continue;
    try {
      // The failed transaction let its runs go: another worker may have taken some meanwhile, and then they are not due any more.
      const result = await transact(ports.database, async (tx) => {
        return advanceRuns(ports, tx, await tx.claimRuns(ports.clock.now(), half.length, { among: half }));
      });
      postponed += result.postponed;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      postponed += await isolate(ports, half, error, ids.length === 1);
    }
  }
  return postponed;
}

async function fail(ports: Ports, id: string, cause: unknown): Promise<void> {
  const error = asTaktError(cause);
  const told = new TaktError('RUN_COMMIT_FAILED', { message: error.message, cause });
  ports.logger.error({ run: id, err: cause }, 'A run could not be written and is marked as failed.');
  await transact(ports.database, async (tx) => {
    const now = ports.clock.now();
    const [run] = await tx.claimRuns(now, 1, { among: [id] });
    if (!run) return;
    // Its tokens stay where they are: a retry begins with the same step.
    for (const token of run.state.tokens) if (token.status === 'ready') token.status = 'failed';
    const state = await ports.catalog.current(tx);
    const workspace = openWorkspace(ports, state);
    workspace.advancedRuns.push(failed(workspace, run, told.toData(), state.published.get(run.workflowId)));
    await finish(tx, workspace, ports.queue);
  });
}

/** Where even that cannot be written as it should – who is to hear of it makes it fail –, the run alone: it must not be taken again and again. */
async function failBarely(ports: Ports, id: string, cause: unknown, second: unknown): Promise<void> {
  ports.logger.error({ run: id, err: second }, 'That a run has failed could not be told to the workflows that wait for it.');
  const { code, message, hint } = new TaktError('RUN_COMMIT_FAILED', { message: asTaktError(cause).message.toWellFormed() });
  await transact(ports.database, async (tx) => {
    const now = ports.clock.now();
    const runs = await tx.claimRuns(now, 1, { among: [id] });
    await tx.updateRuns(runs.map((run) => ({ ...run, status: 'failed', error: { code, message, hint }, dueAt: null, updatedAt: now })));
  });
}

/** Advances claimed runs together and writes what comes of it. @param commitAlong see `commit` */
export async function advanceRuns(ports: Ports, tx: StoreTx, due: readonly RunRow[], commitAlong?: CommitAlong): Promise<BatchResult> {
  if (due.length === 0) return { claimed: 0, postponed: 0 };
  const subjects = [...new Set(due.flatMap((run) => run.recordId ?? []))];
  // Nearly every run looks at its event in its first step.
  const begun = due.flatMap((run) => (run.state.seq === 0 && run.eventId !== null ? [run.eventId] : []));
  // The catalogue is asked for after the claim: a run must not meet an older one than the event that began it.
  const [state, locked, signals, events, waited] = await together([
    ports.catalog.current(tx),
    subjects.length > 0 ? tx.recordsByIds(subjects, 'skip') : nothing,
    tx.signalsOfRuns(due.map((run) => run.id)),
    begun.length > 0 ? tx.eventsByIds(begun) : nothing,
    due.length <= FEW ? behind(() => tx.waitedTypes(USUAL)) : nothing,
  ]);
  const workspace = openWorkspace(ports, state);
  const held = new Set(await addLocked(tx, workspace, subjects, locked ?? []));
  if (waited) workspace.addWaitedTypes(USUAL, waited);
  const plans = await ports.catalog.plans(tx, due, state.entities);
  if (events) workspace.addEvents(events);
  const going = due.filter((run) => run.recordId === null || !held.has(run.recordId));
  const stopped = await overgrown(tx, going);
  let postponed = due.length - going.length;
  const outcomes = await drive(
    going.map((run) => {
      const told = signals.filter((signal) => signal.runId === run.id);
      return advanceOne(plans.get(planKey(run)), run, told, workspace, stopped.get(run.id));
    }),
    workspace,
    (requests) => load(tx, workspace, requests),
  );
  for (const [i, outcome] of outcomes.entries()) {
    const run = going[i];
    if (outcome.ok && outcome.value === run) postponed++;
    else if (outcome.ok) workspace.advancedRuns.push(outcome.value);
    else if (run) {
      const plan = plans.get(planKey(run)) ?? state.published.get(run.workflowId);
      workspace.advancedRuns.push(broken(ports, workspace, run, outcome.error, plan));
    }
  }
  await finish(tx, workspace, ports.queue, commitAlong);
  return { claimed: due.length, postponed };
}

/** @param stop why it may not go on. @returns the run itself where the batch is full: it is due still, and what it was told is kept */
function* advanceOne(
  plan: Plan | undefined,
  run: RunRow,
  told: readonly SignalRow[],
  workspace: Workspace,
  stop: TaktError | undefined,
): ReturnType<typeof advance> {
  if (workspace.isFull()) return run;
  if (stop) return failed(workspace, run, stop.toData(), plan);
  workspace.takenSignals.push(...told.map((signal) => signal.id));
  // To be cancelled a run needs no plan: one whose workflow no longer compiles must not stay for ever.
  const cancelled = told.some((signal) => signal.waitId === CONTROL.cancel);
  if (!plan && !cancelled)
    throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', {
      message: `${planKey(run)} cannot be carried out here.`,
      hint: 'See the log for what no longer compiles.',
    });
  return yield* advance(plan ?? barePlan(run.workflowId, run.version), run, told, workspace);
}

/** A run that threw outside its steps: a defect of the engine or a plan that is gone. It spoils only itself. */
function broken(ports: Ports, workspace: Workspace, run: RunRow, cause: unknown, plan: Plan | undefined): RunRow {
  const error = asTaktError(cause);
  ports.logger.error({ run: run.id, workflow: run.workflowId, err: cause }, 'A run broke and is marked as failed.');
  return failed(workspace, run, error.toData(), plan);
}

/** @param plan says which workflow is to hear of it; the published one where that of the run cannot be had */
function failed(workspace: Workspace, run: RunRow, error: ErrorData, plan: Plan | undefined): RunRow {
  const row: RunRow = { ...run, status: 'failed', error, dueAt: null, updatedAt: workspace.surroundings.now };
  tellOfFailure(workspace, row, error, plan?.settings.errorWorkflow);
  return row;
}
