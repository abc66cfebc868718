/** Runs as people handle them: look, cancel, retry, start by hand. */
import type { JsonObject } from '../../schemas/json.ts';
import { finish } from '../admission/finish.ts';
import { planKey } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import { placeOf } from '../run/places.ts';
import { CONTROL, retried } from '../run/state.ts';
import { lineKeys, type Waiting, waitingOf } from '../run/waiting.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { StoreTx } from '../store/port.ts';
import type { RunFilter } from '../store/queries/runs.ts';
import type { Author, RunStatus } from '../store/schema.ts';
import { drive } from '../unit/drive.ts';
import { isUuid } from '../unit/find.ts';
import { load } from '../unit/load.ts';
import type { EffectRow, RunRow, StepRow } from '../unit/rows.ts';
import { type Moved, moveRun } from '../versions/move.ts';
import { advanceRuns } from '../worker/batch.ts';
import { idCursor, MAX_PAGE, type Page, pageOf } from './cursor.ts';

export interface FailedFilter {
  workflowId?: string;
  /** The node at which they failed. */
  node?: string;
  /** The code of the error. */
  code?: string;
}

/** On which version a failed run goes on. */
export type RetryOn = 'same' | 'newest';

export interface RunDetails {
  run: RunRow;
  steps: StepRow[];
  effects: EffectRow[];
  /** What its waiting tokens wait for. */
  waits: Waiting[];
  /** The runs that it has called and waits, or waited, for; the newest first, at most 200. */
  called: RunRow[];
}

const ENDED: ReadonlySet<RunStatus> = new Set(['done', 'cancelled', 'refused']);
/** Runs that one transaction takes where many are changed. */
const PIECE = 500;

export class Runs {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  /** Newest first. */
  async page(filter: RunFilter, limit: number, cursor?: string): Promise<Page<RunRow>> {
    const rows = await this.#ports.database.store.runPage(filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (run) => [run.id]);
  }

  /** A run with its steps, what it sent out and what it waits for. Throws RUN_NOT_FOUND. */
  async get(id: string): Promise<RunDetails> {
    const { store } = this.#ports.database;
    const run = isUuid(id) ? await store.runById(id) : undefined;
    if (!run) throw notFound(id);
    const keys = lineKeys(run);
    const [steps, effects, called, marks] = await Promise.all([
      store.stepsOfRun(id),
      store.effectsOfRun(id),
      store.runPage({ parent: id }, undefined, MAX_PAGE),
      keys.length === 0 ? [] : store.readMarks(keys),
    ]);
    const waits = waitingOf(run, new Map(marks.map(({ key, value }) => [key, placeOf(value)])));
    return { run, steps, effects, waits, called };
  }

  /** Ends a run where it stands; what has not been sent stays unsent. Throws RUN_NOT_FOUND, RUN_ENDED. */
  async cancel(id: string): Promise<RunRow> {
    await this.#claimed(id, async (tx, run) => {
      if (ENDED.has(run.status)) throw new TaktError('RUN_ENDED', { message: `The run is ${run.status} already.` });
      const signal = { runId: id, waitId: CONTROL.cancel, payload: { ok: true as const, result: {} }, at: this.#ports.clock.now() };
      await tx.sendSignals([signal], this.#ports.clock.now());
      // In the same transaction: who asks for it sees it done.
      await advanceRuns(this.#ports, tx, [run]);
    });
    this.#onDue();
    return (await this.get(id)).run;
  }

  /** Keeps a run from moving until it is resumed; what it is told meanwhile is kept. Throws RUN_NOT_FOUND, RUN_CANNOT_PAUSE. */
  async pause(id: string): Promise<RunRow> {
    return this.#claimed(id, async (tx, run) => {
      if (run.status !== 'active' && run.status !== 'waiting')
        throw new TaktError('RUN_CANNOT_PAUSE', { message: `The run is ${run.status}.` });
      const paused = atRest(run, this.#ports.clock.now());
      await tx.updateRuns([paused]);
      return paused;
    });
  }

  /** Lets a paused run go on; waits whose time has passed meanwhile end at once. Throws RUN_NOT_FOUND, RUN_NOT_PAUSED. */
  async resume(id: string): Promise<RunRow> {
    const resumed = await this.#claimed(id, async (tx, run) => {
      if (run.status !== 'paused') throw new TaktError('RUN_NOT_PAUSED', { message: `The run is ${run.status}.` });
      const active = onTheMove(run, this.#ports.clock.now());
      await tx.updateRuns([active]);
      return active;
    });
    this.#onDue();
    return resumed;
  }

  /**
   * Pauses every run of a workflow that moves or waits, in transactions of 500. Runs that start meanwhile are paused, too, unless they
   * start at the very end: pause the workflow first.
   * @returns how many. Throws WORKFLOW_NOT_FOUND.
   */
  async pauseAll(workflowId: string): Promise<number> {
    return this.#changeAll(workflowId, ['active', 'waiting'], atRest);
  }

  /** Lets every paused run of a workflow go on, in transactions of 500. Gives how many. Throws WORKFLOW_NOT_FOUND. */
  async resumeAll(workflowId: string): Promise<number> {
    const resumed = await this.#changeAll(workflowId, ['paused'], onTheMove);
    this.#onDue();
    return resumed;
  }

  async #changeAll(workflowId: string, statuses: readonly RunStatus[], change: (run: RunRow, now: number) => RunRow): Promise<number> {
    if (!(await this.#ports.database.store.workflowById(workflowId)))
      throw new TaktError('WORKFLOW_NOT_FOUND', { message: `There is no workflow "${workflowId.slice(0, 63)}".` });
    let changed = 0;
    let after: string | null = null;
    do {
      const piece: RunRow[] = await transact(this.#ports.database, async (tx) => {
        const found = await tx.runsOfWorkflow({ workflowId, statuses }, after, PIECE);
        const now = this.#ports.clock.now();
        if (found.length > 0) await tx.updateRuns(found.map((run) => change(run, now)));
        return found;
      });
      changed += piece.length;
      after = piece.length < PIECE ? null : (piece.at(-1)?.id ?? null);
    } while (after !== null);
    return changed;
  }

  async #claimed<T>(id: string, work: (tx: StoreTx, run: RunRow) => Promise<T>): Promise<T> {
    return transact(this.#ports.database, async (tx) => {
      const [run] = isUuid(id) ? await tx.claimRunsByIds([id]) : [];
      if (!run) throw notFound(id);
      return work(tx, run);
    });
  }

  /**
   * Lets a failed run go on with the step that failed, on its own version or on the published one.
   * Throws RUN_NOT_FOUND, RUN_NOT_FAILED, RUN_CANNOT_MOVE.
   */
  async retry(id: string, on: RetryOn = 'same'): Promise<void> {
    await this.#claimed(id, async (tx, run) => {
      if (run.status !== 'failed') throw new TaktError('RUN_NOT_FAILED', { message: `The run is ${run.status}.` });
      const moved = await this.#onVersion(tx, [run], on);
      const [target] = moved;
      if (!target?.ok) {
        const [problem] = target?.problems ?? [];
        throw new TaktError('RUN_CANNOT_MOVE', {
          message: problem ? `${problem.reason}` : 'The workflow is not published.',
          node: problem?.node,
        });
      }
      await tx.updateRuns([ready(target.run, this.#ports.clock.now())]);
    });
    this.#onDue();
  }

  async #onVersion(tx: StoreTx, list: readonly RunRow[], on: RetryOn): Promise<Moved[]> {
    if (on === 'same') return list.map((run) => ({ ok: true, run }));
    const state = await this.#ports.catalog.current(tx);
    const plans = await this.#ports.catalog.plans(tx, list, state.entities);
    return list.map((run) => {
      const to = state.published.get(run.workflowId);
      return to ? moveRun(run, plans.get(planKey(run)), to, {}) : { ok: false, problems: [] };
    });
  }

  /** How many failed runs fit. */
  async countFailed(filter: FailedFilter): Promise<number> {
    return (await this.#ports.database.store.failedRunIds(filter, 1_000_000)).length;
  }

  /**
   * Retries every failed run that fits, in transactions of 500; one that was retried meanwhile, or that cannot go on in the published
   * version where that is asked for, is passed over.
   * @param progress called after each transaction with the number so far
   */
  async retryAll(filter: FailedFilter, progress: (done: number) => void = () => {}, on: RetryOn = 'same'): Promise<number> {
    const ids = await this.#ports.database.store.failedRunIds(filter, 1_000_000);
    let done = 0;
    for (let i = 0; i < ids.length; i += PIECE) {
      done += await transact(this.#ports.database, async (tx) => {
        const failed = (await tx.claimRunsByIds(ids.slice(i, i + PIECE))).filter((run) => run.status === 'failed');
        const now = this.#ports.clock.now();
        const going = (await this.#onVersion(tx, failed, on)).flatMap((moved) => (moved.ok ? [ready(moved.run, now)] : []));
        if (going.length > 0) await tx.updateRuns(going);
        return going.length;
      });
      this.#onDue();
      progress(done);
    }
    return done;
  }

  /**
   * Starts a published workflow by hand, through its trigger.manual.
   * @returns the run's id; none where re-entry or the trigger's condition rules a run out
   * @throws TaktError WORKFLOW_NOT_FOUND, WORKFLOW_NOT_PUBLISHED, WORKFLOW_PAUSED, WORKFLOW_NOT_MANUAL, RECORD_NOT_FOUND, RECORD_DELETED
   */
  async start(
    workflowId: string,
    author: Author,
    options: { recordId?: string; input?: JsonObject; key?: string } = {},
  ): Promise<string | undefined> {
    const started = await transact(this.#ports.database, async (tx) => {
      const state = await this.#ports.catalog.current(tx);
      const plan = state.published.get(workflowId);
      if (!plan)
        throw new TaktError('WORKFLOW_NOT_PUBLISHED', { message: `No published workflow has the id "${workflowId.slice(0, 63)}".` });
      if (state.paused.has(workflowId)) throw new TaktError('WORKFLOW_PAUSED', { message: `"${workflowId}" is paused.` });
      if (!plan.triggers.some((trigger) => trigger.subscriptions.some((subscription) => subscription.type === 'run.requested'))) {
        throw new TaktError('WORKFLOW_NOT_MANUAL', { message: `"${workflowId}" has no trigger.manual.` });
      }
      const workspace = openWorkspace(this.#ports, state);
      const { recordId, input = {}, key } = options;
      const change = {
        kind: 'event',
        type: 'run.requested',
        topic: workflowId,
        data: { input, by: { ...author } },
        recordId,
        key,
      } as const;
      const [outcome] = await drive([applyChange(workspace, change, author)], workspace, (requests) => load(tx, workspace, requests));
      if (!outcome?.ok) throw outcome?.error ?? new TaktError('INTERNAL');
      const { value: written } = outcome;
      const begun = await finish(tx, workspace, this.#ports.queue);
      return workspace.newRuns
        .filter((run) => written.kind === 'event' && run.eventId === written.id && begun.has(run.id))
        .map((run) => run.id);
    });
    this.#onDue();
    return started[0];
  }
}

const notFound = (id: string): TaktError => new TaktError('RUN_NOT_FOUND', { message: `There is no run ${id.slice(0, 40)}.` });

const atRest = (run: RunRow, now: number): RunRow => ({ ...run, status: 'paused', dueAt: null, updatedAt: now });
const onTheMove = (run: RunRow, now: number): RunRow => ({ ...run, status: 'active', dueAt: now, updatedAt: now });

function ready(run: RunRow, now: number): RunRow {
  return { ...run, status: 'active', error: null, dueAt: now, updatedAt: now, state: retried(run.state) };
}
