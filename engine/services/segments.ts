/** Segments as people handle them. */
import type { SegmentDefinition } from '../../schemas/segment.ts';
import { segmentMark, segmentPrefix } from '../admission/segments.ts';
import { asTaktError, type ErrorData, TaktError } from '../errors/index.ts';
import type { Plan } from '../graph/plan.ts';
import { newJob } from '../jobs/job.ts';
import { segmentFill } from '../jobs/segment-fill.ts';
import type { RecordView } from '../node/context.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { checkSegment } from '../segments/check.ts';
import type { JobRow } from '../store/queries/jobs.ts';
import type { Author } from '../store/schema.ts';
import { viewRecord } from '../unit/view.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

export class Segments {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  /** By id. */
  list(): Promise<SegmentDefinition[]> {
    return this.#ports.database.store.segmentDefinitions();
  }

  /** Throws SEGMENT_UNKNOWN. */
  async get(id: string): Promise<SegmentDefinition> {
    return (await this.#ports.catalog.current(this.#ports.database.store)).segments.require(id).definition;
  }

  /** Every problem of a definition; none means that it can be kept. */
  async validate(value: unknown): Promise<ErrorData[]> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.store);
    try {
      checkSegment(value, entities);
      return [];
    } catch (thrown) {
      return asTaktError(thrown).errors.map((problem) => problem.toData());
    }
  }

  /**
   * Defines a segment, or replaces the one with its id. Who belongs to it is found by a job, without events: nobody enters because a
   * rule was written. Throws SEGMENT_INVALID with every problem.
   */
  async define(value: unknown, author: Author): Promise<{ definition: SegmentDefinition; job: JobRow }> {
    const defined = await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const definition = checkSegment(value, (await this.#ports.catalog.current(tx)).entities);
      await tx.upsertSegment(definition, this.#ports.clock.now());
      await tx.bumpCatalog();
      const data = { segment: definition.id, entity: definition.entity };
      const job = newJob(this.#ports, segmentFill.kind, data, author, await tx.countLiving(definition.entity));
      await tx.insertJob(job);
      return { definition, job };
    });
    this.#onDue();
    return defined;
  }

  /** Throws SEGMENT_UNKNOWN, SEGMENT_IN_USE where a published workflow is started by it. */
  async remove(id: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      const { segments, published } = await this.#ports.catalog.current(tx);
      segments.require(id);
      const users = [...published.values()].filter((plan) => isStartedBy(plan, id)).map((plan) => `"${plan.workflowId}"`);
      if (users.length > 0)
        throw new TaktError('SEGMENT_IN_USE', { message: `"${id}" starts ${users.join(', ')}.`, hint: 'Publish them without it first.' });
      await tx.deleteSegment(id);
      await tx.deleteTimers(id);
      await tx.bumpCatalog();
    });
  }

  /** Who belongs to a segment, in the order of their ids. A page may be short and still have a `next`. Throws SEGMENT_UNKNOWN, CURSOR_INVALID. */
  async members(id: string, limit: number, cursor?: string): Promise<Page<RecordView>> {
    const { store } = this.#ports.database;
    const { segments, entities } = await this.#ports.catalog.current(store);
    const { entity } = segments.require(id).definition;
    const prefix = segmentPrefix(id);
    const after = idCursor(cursor);
    const keys = await store.markKeys(prefix, after === undefined ? undefined : segmentMark(id, after), limit + 1);
    const page = pageOf(keys, limit, (key) => [key.slice(prefix.length)]);
    const ids = page.items.map((key) => key.slice(prefix.length));
    const rows = ids.length === 0 ? [] : await store.recordsByIds(ids, 'none');
    // Marks of another entity are left of an earlier definition.
    const members = rows.filter((row) => row.entity === entity && row.deletedAt === null);
    const env = { entities, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
    return { ...page, items: members.map((row) => viewRecord(row, env)) };
  }
}

const isStartedBy = (plan: Plan, segment: string): boolean =>
  plan.triggers.some(({ subscriptions }) => subscriptions.some(({ type, topic }) => type.startsWith('segment.') && topic === segment));
