/** Segments as people handle them. */
import { SegmentDefinition } from '../../schemas/segment.ts';
import { segmentMark, segmentPrefix } from '../admission/segments.ts';
import { TaktError } from '../errors/index.ts';
import { newJob } from '../jobs/job.ts';
import { segmentFill } from '../jobs/segment-fill.ts';
import type { RecordView } from '../node/context.ts';
import type { Ports } from '../runtime/ports.ts';
import { transact } from '../runtime/transact.ts';
import { createAjv } from '../schema/ajv.ts';
import { Segments as SegmentSet } from '../segments/segments.ts';
import type { Author } from '../store/schema.ts';
import { viewRecord } from '../unit/view.ts';
import { idCursor, type Page, pageOf } from './cursor.ts';

const fits = createAjv().compile<SegmentDefinition>(SegmentDefinition);

export class Segments {
  readonly #ports: Ports;
  readonly #onDue: () => void;

  constructor(ports: Ports, onDue: () => void) {
    this.#ports = ports;
    this.#onDue = onDue;
  }

  list(): Promise<SegmentDefinition[]> {
    return this.#ports.database.store.segmentDefinitions();
  }

  /**
   * Defines a segment, or replaces the one with its id. Who belongs to it is found in the background, without events: nobody enters
   * because a rule was written. Throws SEGMENT_INVALID with every problem, ENTITY_UNKNOWN.
   */
  async define(value: unknown, author: Author): Promise<SegmentDefinition> {
    const definition = checked(value);
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      (await this.#ports.catalog.current(tx)).entities.require(definition.entity);
      await tx.upsertSegment(definition, this.#ports.clock.now());
      await tx.bumpCatalog();
      const data = { segment: definition.id, entity: definition.entity };
      await tx.insertJob(newJob(this.#ports, segmentFill.kind, data, author, await tx.countRecords(definition.entity)));
    });
    this.#onDue();
    return definition;
  }

  /** Throws SEGMENT_UNKNOWN. */
  async remove(id: string): Promise<void> {
    await transact(this.#ports.database, async (tx) => {
      await tx.lockCatalog();
      if (!(await tx.segmentDefinitions()).some((segment) => segment.id === id))
        throw new TaktError('SEGMENT_UNKNOWN', { message: `There is no segment "${id.slice(0, 63)}".` });
      await tx.deleteSegment(id);
      await tx.deleteTimers(id);
      await tx.bumpCatalog();
    });
  }

  /** Who belongs to a segment, in the order of their ids. Throws SEGMENT_UNKNOWN. */
  async members(id: string, limit: number, cursor?: string): Promise<Page<RecordView>> {
    const { store } = this.#ports.database;
    const { segments, entities } = await this.#ports.catalog.current(store);
    segments.require(id);
    const prefix = segmentPrefix(id);
    const after = idCursor(cursor);
    const keys = await store.markKeys(prefix, after === undefined ? undefined : segmentMark(id, after), limit + 1);
    const page = pageOf(keys, limit, (key) => [key.slice(prefix.length)]);
    const ids = page.items.map((key) => key.slice(prefix.length));
    const rows = ids.length === 0 ? [] : await store.recordsByIds(ids, 'none');
    const env = { entities, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
    return { ...page, items: rows.map((row) => viewRecord(row, env)) };
  }
}

function checked(value: unknown): SegmentDefinition {
  if (!fits(value)) {
    const errors = createAjv.problems(fits.errors ?? []).map((problem) => new TaktError('SEGMENT_INVALID', problem));
    throw new TaktError('SEGMENT_INVALID', { message: errors[0]?.message ?? 'The segment does not fit.', errors });
  }
  // Compiles the rule.
  new SegmentSet([value]);
  return value;
}
