/** Long work as people handle it: start it, look how far it is, end it. */
import type { JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import { bulkStart, RUN_REQUESTED } from '../jobs/bulk-start.ts';
import { newJob } from '../jobs/job.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { Author, JobStatus } from '../store/schema.ts';
import { isUuid } from '../unit/find.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

export interface BulkStart {
  workflowId: string;
  entity: string;
  /** A condition of the record; all without it. */
  where?: string;
  /** What each run gets as `event.data.input`. */
  input?: JsonObject;
}

export class Jobs {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  /**
   * Starts a published workflow through its trigger.manual on every record that fits; each record once, whatever happens meanwhile.
   * Throws TaktError WORKFLOW_NOT_PUBLISHED, WORKFLOW_NOT_MANUAL, ENTITY_UNKNOWN, EXPR_SYNTAX.
   */
  async startBulk({ workflowId, entity, where, input }: BulkStart, author: Author): Promise<JobRow> {
    if (where !== undefined) compileExpression(where);
    const job = await transact(this.#ports.database, async (tx) => {
      const state = await this.#ports.catalog.current(tx);
      const plan = state.published.get(workflowId);
      if (!plan)
        throw new TaktError('WORKFLOW_NOT_PUBLISHED', { message: `No published workflow has the id "${workflowId.slice(0, 63)}".` });
      if (!plan.triggers.some((trigger) => trigger.subscriptions.some((wanted) => wanted.type === RUN_REQUESTED)))
        throw new TaktError('WORKFLOW_NOT_MANUAL', { message: `"${workflowId}" has no trigger.manual.` });
      state.entities.require(entity);
      const data: JsonObject = { workflow: workflowId, entity, ...(where === undefined ? {} : { where }), ...(input ? { input } : {}) };
      const made = newJob(this.#ports, bulkStart.kind, data, author, await tx.countRecords(entity));
      await tx.insertJob(made);
      return made;
    });
    this.#onDue();
    return job;
  }

  /** Throws JOB_NOT_FOUND. */
  async get(id: string): Promise<JobRow> {
    const job = isUuid(id) ? await this.#ports.database.store.jobById(id) : undefined;
    if (!job) throw new TaktError('JOB_NOT_FOUND', { message: `There is no job ${id.slice(0, 40)}.` });
    return job;
  }

  /** Newest first. */
  async page(filter: { status?: JobStatus; kind?: string }, limit: number, cursor?: string): Promise<Page<JobRow>> {
    const rows = await this.#ports.database.store.jobPage(filter, idCursor(cursor), limit + 1);
    return pageOf(rows, limit, (job) => [job.id]);
  }

  /** Ends a job between two pieces; what is done stays. Throws JOB_NOT_FOUND, JOB_ENDED. */
  async cancel(id: string): Promise<JobRow> {
    return transact(this.#ports.database, async (tx) => {
      const job = isUuid(id) ? await tx.jobById(id, true) : undefined;
      if (!job) throw new TaktError('JOB_NOT_FOUND', { message: `There is no job ${id.slice(0, 40)}.` });
      if (job.status !== 'running') throw new TaktError('JOB_ENDED', { message: `The job is ${job.status} already.` });
      const cancelled: JobRow = { ...job, status: 'cancelled', updatedAt: this.#ports.clock.now() };
      await tx.updateJob(cancelled);
      return cancelled;
    });
  }
}
