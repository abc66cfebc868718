/** Workflows as people handle them: drafts, published versions, roll-back, pause. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../schemas/json.ts';
import type { WorkflowFile } from '../../schemas/workflow.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import { compileWorkflow } from '../graph/compile.ts';
import { migrateFile } from '../graph/migrate.ts';
import { invalid, readWorkflowFile } from '../graph/parse.ts';
import type { Plan } from '../graph/plan.ts';
import { backfill } from '../jobs/backfill.ts';
import { newJob } from '../jobs/job.ts';
import type { EntityRegistry } from '../records/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { canonical } from '../schema/canonical.ts';
import { checkJsonShape } from '../schema/json.ts';
import type { StoreTx } from '../store/port.ts';
import type { VersionRow, WorkflowRow, WorkflowSummary } from '../store/queries/workflows.ts';
import type { Author } from '../store/schema.ts';
import { diffWorkflows, type WorkflowDiff } from '../versions/diff.ts';
import { toBackfill } from '../versions/waiting.ts';
import { replaceTimers } from '../worker/timers.ts';

export interface SavedDraft {
  id: string;
  /** Give it with the next save, so that nobody's change is overwritten. */
  revision: number;
  /** What stands in the way of publishing. */
  problems: ErrorData[];
}

export class Workflows {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Every problem of a workflow file; none means that it can be published. Older formats are migrated first. */
  async validate(value: unknown): Promise<ErrorData[]> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.store);
    try {
      this.#compile(value, 0, entities);
      return [];
    } catch (error) {
      const told = asTaktError(error);
      return told.code === 'WORKFLOW_INVALID' && told.errors.length > 0 ? told.errors.map((problem) => problem.toData()) : [told.toData()];
    }
  }

  /**
   * Keeps a draft, finished or not; it needs an id and a name. The published version goes on unchanged.
   * @param revision of the draft that was changed; absent: whatever is there is replaced
   * @throws TaktError WORKFLOW_REVISION_STALE, WORKFLOW_INVALID (no usable id or name), INPUT_TOO_DEEP
   */
  async saveDraft(value: unknown, revision?: number): Promise<SavedDraft> {
    const file = draftOf(value);
    const id = String(file.id);
    const saved = await transact(this.#ports.database, async (tx) => {
      const row = await tx.workflowById(id, true);
      if (revision !== undefined && revision !== (row?.revision ?? 0)) {
        throw new TaktError('WORKFLOW_REVISION_STALE', {
          message: `The draft of "${id}" has revision ${row?.revision ?? 0} now; the change was made on ${revision}.`,
        });
      }
      const next: WorkflowRow = {
        id,
        name: String(file.name),
        status: row?.status ?? 'active',
        draft: file,
        revision: (row?.revision ?? 0) + 1,
        publishedVersion: row?.publishedVersion ?? null,
        updatedAt: this.#ports.clock.now(),
      };
      await tx.upsertWorkflow(next);
      return next;
    });
    return { id, revision: saved.revision, problems: await this.validate(file) };
  }

  /**
   * Makes the draft the next version, from now on immutable and the one that new runs take. Running runs stay on theirs.
   * @throws TaktError WORKFLOW_NOT_FOUND, WORKFLOW_NO_DRAFT, WORKFLOW_INVALID with every problem, WORKFLOW_UNCHANGED
   */
  async publish(id: string, author: Author, note?: string): Promise<VersionRow> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const row = await existing(tx, id);
      if (!row.draft) throw new TaktError('WORKFLOW_NO_DRAFT', { message: `"${id}" has no draft.` });
      const { entities } = await this.#ports.catalog.current(tx);
      const version = (await tx.newestVersion(id)) + 1;
      const plan = this.#compile(row.draft, version, entities);
      const hash = hashOf(row.draft);
      const present = row.publishedVersion === null ? undefined : await tx.versionByNumber(id, row.publishedVersion);
      if (present?.hash === hash)
        throw new TaktError('WORKFLOW_UNCHANGED', { message: `The draft of "${id}" equals version ${present.version}.` });
      const published: VersionRow = {
        workflowId: id,
        version,
        file: { ...row.draft },
        hash,
        publishedAt: this.#ports.clock.now(),
        publishedBy: author,
        note: note ?? null,
      };
      await tx.insertVersion(published);
      await this.#makeCurrent(tx, { ...row, name: plan.name, publishedVersion: version }, plan, author);
      return published;
    });
  }

  /** Makes an earlier version the one that new runs take. Throws WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_INVALID. */
  async rollback(id: string, version: number, author: Author = SYSTEM): Promise<WorkflowRow> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const row = await existing(tx, id);
      const target = await this.#version(tx, id, version);
      const { entities } = await this.#ports.catalog.current(tx);
      const plan = this.#compile(target.file, version, entities);
      return this.#makeCurrent(tx, { ...row, publishedVersion: version }, plan, author);
    });
  }

  /**
   * A paused workflow starts no runs; those that run go on. Its moments of records are moved on by what happens to the records; one that
   * comes while it is paused starts nothing, as an event does.
   */
  async setStatus(id: string, status: WorkflowRow['status'], author: Author = SYSTEM): Promise<WorkflowRow> {
    return transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const row = await existing(tx, id);
      if (row.publishedVersion === null) throw new TaktError('WORKFLOW_NOT_PUBLISHED', { message: `"${id}" is not published.` });
      const { entities } = await this.#ports.catalog.current(tx);
      const published = await this.#version(tx, id, row.publishedVersion);
      return this.#makeCurrent(tx, { ...row, status }, this.#compile(published.file, row.publishedVersion, entities), author);
    });
  }

  list(): Promise<WorkflowSummary[]> {
    return this.#ports.database.store.listWorkflows();
  }

  get(id: string): Promise<WorkflowRow> {
    return existing(this.#ports.database.store, id, false);
  }

  async versions(id: string): Promise<Omit<VersionRow, 'file'>[]> {
    await this.get(id);
    return this.#ports.database.store.listVersions(id);
  }

  /** The file of a version; without one the draft, else the published. Throws WORKFLOW_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND. */
  async file(id: string, version?: number): Promise<JsonObject> {
    const { store } = this.#ports.database;
    const row = await this.get(id);
    if (version === undefined && row.draft) return row.draft;
    return (await this.#version(store, id, version ?? row.publishedVersion ?? 0)).file;
  }

  /**
   * What has changed from one version to another; `draft` is the draft.
   * Throws WORKFLOW_NOT_FOUND, WORKFLOW_VERSION_NOT_FOUND, WORKFLOW_NO_DRAFT, WORKFLOW_INVALID (a draft that does not fit its schema yet).
   */
  async diff(id: string, from: number | 'draft', to: number | 'draft'): Promise<WorkflowDiff> {
    const [before, after] = await Promise.all([this.#wholeFile(id, from), this.#wholeFile(id, to)]);
    return diffWorkflows(before, after);
  }

  async #wholeFile(id: string, version: number | 'draft'): Promise<WorkflowFile> {
    const value = version === 'draft' ? (await this.get(id)).draft : await this.file(id, version);
    if (!value) throw new TaktError('WORKFLOW_NO_DRAFT', { message: `"${id}" has no draft.` });
    const { file, problems } = readWorkflowFile(value);
    if (!file || problems.length > 0) throw invalid(problems);
    return file;
  }

  async #version(tx: StoreTx, id: string, version: number): Promise<VersionRow> {
    const found = await tx.versionByNumber(id, version);
    if (!found) throw new TaktError('WORKFLOW_VERSION_NOT_FOUND', { message: `"${id}" has no version ${version}.` });
    return found;
  }

  #compile(file: unknown, version: number, entities: EntityRegistry): Plan {
    return compileWorkflow(file, version, { nodeTypes: this.#ports.catalog.nodeTypes, entities });
  }

  async #makeCurrent(tx: StoreTx, row: WorkflowRow, plan: Plan, author: Author): Promise<WorkflowRow> {
    const next = { ...row, updatedAt: this.#ports.clock.now() };
    await tx.upsertWorkflow(next);
    const before = (await this.#ports.catalog.current(tx)).published.get(row.id);
    await replaceTimers(tx, this.#ports, { before, plan, active: row.status === 'active' });
    await this.#backfill(tx, before, plan, author);
    await tx.bumpCatalog();
    return next;
  }

  /** Records that are there already get the timers of triggers on dates and silences, in the background. */
  async #backfill(tx: StoreTx, before: Plan | undefined, plan: Plan, author: Author): Promise<void> {
    for (const { node, entity } of toBackfill(before, plan)) {
      const data = { workflow: plan.workflowId, node, entity };
      await tx.insertJob(newJob(this.#ports, backfill.kind, data, author, await tx.countLiving(entity)));
    }
  }
}

const SYSTEM: Author = { kind: 'system', id: 'workflows' };

async function existing(tx: StoreTx, id: string, lock = true): Promise<WorkflowRow> {
  const row = await tx.workflowById(id, lock);
  if (!row) throw new TaktError('WORKFLOW_NOT_FOUND', { message: `There is no workflow "${id.slice(0, 63)}".` });
  return row;
}

/** Whatever is to be kept as a draft: an object with a usable id and name. */
function draftOf(value: unknown): JsonObject {
  const json = checkJsonShape(value, 32);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new TaktError('WORKFLOW_INVALID', { message: 'A workflow file is a JSON object.', pointer: '' });
  }
  const file = migrateFile(json);
  if (typeof file.id !== 'string' || !/^[a-z][a-z0-9-]{0,62}$/.test(file.id)) {
    throw new TaktError('WORKFLOW_INVALID', {
      pointer: '/id',
      message: 'A draft needs an id of lower-case letters, digits and hyphens.',
      hint: 'Such as "lead-routing".',
    });
  }
  if (typeof file.name !== 'string' || file.name === '')
    throw new TaktError('WORKFLOW_INVALID', { pointer: '/name', message: 'A draft needs a name.', hint: 'Add "name".' });
  return file;
}

/** Of the file's meaning: key order and layout do not count. */
function hashOf({ layout: _, ...file }: JsonObject): string {
  return createHash('sha256').update(canonical(file)).digest('hex');
}
