/** Runs as people handle them: look, cancel, retry, start by hand. */
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { applyChange } from '../runtime/change.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { RunFilter } from '../store/queries/runs.ts';
import type { Author, RunStatus } from '../store/schema.ts';
import { commit } from '../unit/commit.ts';
import { drive } from '../unit/drive.ts';
import { load } from '../unit/load.ts';
import type { EffectRow, RunRow, StepRow } from '../unit/rows.ts';
import { isUuid } from '../unit/workspace.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

export interface FailedFilter {
  workflowId?: string;
  /** The node at which they failed. */
  node?: string;
  /** The code of the error. */
  code?: string;
}

export interface RunDetails {
  run: RunRow;
  steps: StepRow[];
  effects: EffectRow[];
}

const ENDED: ReadonlySet<RunStatus> = new Set(['done', 'cancelled', 'refused']);
/** Runs that one retry takes at a time. */
const RETRY_BATCH = 500;

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

  /** A run with its steps and what it sent out. Throws RUN_NOT_FOUND. */
  async get(id: string): Promise<RunDetails> {
    const { store } = this.#ports.database;
    const run = isUuid(id) ? await store.runById(id) : undefined;
    if (!run) throw notFound(id);
    const [steps, effects] = await Promise.all([store.stepsOfRun(id), store.effectsOfRun(id)]);
    return { run, steps, effects };
  }

  /** Ends a run where it stands; what has not been sent stays unsent. Throws RUN_NOT_FOUND, RUN_ENDED. */
  async cancel(id: string): Promise<RunRow> {
    return transact(this.#ports.database, async (tx) => {
      const [run] = isUuid(id) ? await tx.claimRunsByIds([id]) : [];
      if (!run) throw notFound(id);
      if (ENDED.has(run.status)) throw new TaktError('RUN_ENDED', { message: `The run is ${run.status} already.` });
      const now = this.#ports.clock.now();
      const cancelled: RunRow = {
        ...run,
        status: 'cancelled',
        dueAt: null,
        updatedAt: now,
        endedAt: now,
        state: { ...run.state, tokens: [] },
      };
      await tx.updateRuns([cancelled]);
      await tx.cancelEffects([id], now);
      await tx.cancelWaitingSteps(id, now);
      return cancelled;
    });
  }

  /** Lets a failed run go on with the step that failed, on its own version. Throws RUN_NOT_FOUND, RUN_NOT_FAILED. */
  async retry(id: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      const [run] = isUuid(id) ? await tx.claimRunsByIds([id]) : [];
      if (!run) throw notFound(id);
      if (run.status !== 'failed') throw new TaktError('RUN_NOT_FAILED', { message: `The run is ${run.status}.` });
      await tx.updateRuns([ready(run, this.#ports.clock.now())]);
    });
    this.#onDue();
  }

  /** How many failed runs fit. */
  async countFailed(filter: FailedFilter): Promise<number> {
    return (await this.#ports.database.store.failedRunIds(filter, 1_000_000)).length;
  }

  /**
   * Retries every failed run that fits, in transactions of 500; one that was retried meanwhile is passed over.
   * @param progress called after each transaction with the number so far
   */
  async retryAll(filter: FailedFilter, progress: (done: number) => void = () => {}): Promise<number> {
    const ids = await this.#ports.database.store.failedRunIds(filter, 1_000_000);
    let done = 0;
    for (let i = 0; i < ids.length; i += RETRY_BATCH) {
      done += await transact(this.#ports.database, async (tx) => {
        const failed = (await tx.claimRunsByIds(ids.slice(i, i + RETRY_BATCH))).filter((run) => run.status === 'failed');
        const now = this.#ports.clock.now();
        if (failed.length > 0) await tx.updateRuns(failed.map((run) => ready(run, now)));
        return failed.length;
      });
      this.#onDue();
      progress(done);
    }
    return done;
  }

  /**
   * Starts a published workflow by hand, through its trigger.manual.
   * @returns the run's id; none where re-entry or the trigger's condition rules a run out
   * @throws TaktError WORKFLOW_NOT_FOUND, WORKFLOW_NOT_PUBLISHED, WORKFLOW_NOT_MANUAL, RECORD_NOT_FOUND, RECORD_DELETED
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
      if (!plan.triggers.some((trigger) => trigger.subscriptions.some((subscription) => subscription.type === 'run.requested'))) {
        throw new TaktError('WORKFLOW_NOT_MANUAL', { message: `"${workflowId}" has no trigger.manual.` });
      }
      const workspace = openWorkspace(this.#ports, state);
      const { recordId, input = {}, key } = options;
      const change = { kind: 'event', type: 'run.requested', topic: workflowId, data: { input }, recordId, key } as const;
      const [outcome] = await drive([applyChange(workspace, change, author)], workspace, (requests) => load(tx, workspace, requests));
      if (!outcome?.ok) throw outcome?.error ?? new TaktError('INTERNAL');
      const written = await commit(tx, workspace, this.#ports.queue);
      return outcome.value.kind === 'event' ? outcome.value.runs.filter((id) => written.has(id)) : [];
    });
    this.#onDue();
    return started[0];
  }
}

const notFound = (id: string): TaktError => new TaktError('RUN_NOT_FOUND', { message: `There is no run ${id.slice(0, 40)}.` });

/** The run with its failed tokens ready again: attempts count anew, the visit and so the idempotency keys stay. */
function ready(run: RunRow, now: number): RunRow {
  const tokens = run.state.tokens.map((token) =>
    token.status === 'failed' ? { ...token, status: 'ready' as const, failures: 0, seq: 0 } : token,
  );
  return { ...run, status: 'active', error: null, dueAt: now, updatedAt: now, state: { ...run.state, tokens } };
}
