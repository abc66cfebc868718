/** Long work as people handle it: start it, look how far it is, end it. */
import type { JsonObject } from '../../schemas/json.ts';
import type { CatalogState } from '../catalog/catalog.ts';
import { TaktError } from '../errors/index.ts';
import type { Expression } from '../expression/index.ts';
import type { Plan } from '../graph/plan.ts';
import { bulkCondition, bulkStart, RUN_REQUESTED, sorted } from '../jobs/bulk-start.ts';
import { newJob } from '../jobs/job.ts';
import { nextRecords } from '../jobs/records.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
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
   * Throws TaktError WORKFLOW_NOT_PUBLISHED, WORKFLOW_NOT_MANUAL, ENTITY_UNKNOWN, EXPR_SYNTAX, SEGMENT_UNKNOWN, EVENT_COUNT_HERE.
   */
  async startBulk({ workflowId, entity, where, input }: BulkStart, author: Author): Promise<JobRow> {
    const job = await transact(this.#ports.database, async (tx) => {
      this.#check({ workflowId, entity, where }, await this.#ports.catalog.current(tx));
      const data: JsonObject = { workflow: workflowId, entity, ...(where === undefined ? {} : { where }), ...(input ? { input } : {}) };
      const made = newJob(this.#ports, bulkStart.kind, data, author, await tx.countLiving(entity));
      await tx.insertJob(made);
      return made;
    });
    this.#onDue();
    return job;
  }

  /**
   * On how many records `startBulk` would start the workflow now, re-entry and the trigger's own condition left aside. With a condition
   * it looks at every record of the entity. Throws as `startBulk`.
   */
  async countBulk(bulk: Omit<BulkStart, 'input'>): Promise<number> {
    const { store } = this.#ports.database;
    const state = await this.#ports.catalog.current(store);
    const condition = this.#check(bulk, state);
    if (!condition) return store.countLiving(bulk.entity);
    let count = 0;
    let after: string | null = null;
    do {
      const workspace = openWorkspace(this.#ports, state);
      const { rows, cursor }: Awaited<ReturnType<typeof nextRecords>> = await nextRecords(store, workspace, bulk.entity, after);
      count += sorted(workspace, condition, rows).fitting.length;
      after = cursor;
    } while (after !== null);
    return count;
  }

  /** Can it be started like this? Gives the condition. */
  #check({ workflowId, entity, where }: BulkStart, state: CatalogState): Expression | undefined {
    state.entities.require(entity);
    mustTake(state.published.get(workflowId), workflowId, entity);
    return bulkCondition(where, state);
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

/** Throws where the workflow is not started by hand, or on another entity. */
function mustTake(plan: Plan | undefined, workflowId: string, entity: string): void {
  const id = workflowId.slice(0, 63);
  if (!plan) throw new TaktError('WORKFLOW_NOT_PUBLISHED', { message: `No published workflow has the id "${id}".` });
  const manual = plan.triggers.filter((trigger) => trigger.subscriptions.some((wanted) => wanted.type === RUN_REQUESTED));
  if (manual.length === 0) throw new TaktError('WORKFLOW_NOT_MANUAL', { message: `"${id}" has no trigger.manual.` });
  const wanted = manual.map((trigger) => trigger.definition.entity(trigger.params));
  if (wanted.some((one) => one === undefined || one === entity)) return;
  throw new TaktError('WORKFLOW_NOT_MANUAL', {
    message: `"${id}" is started by hand on ${wanted.join(', ')}, not on ${entity}.`,
    hint: `Name ${wanted.join(' or ')} as the entity.`,
  });
}
