/** Reading records: one, a page of many, the history. */
import { and, asc, desc, eq, gt, isNull, like, lt, or, type SQL, sql } from 'drizzle-orm';
import { TaktError } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import { searchForms } from '../records/index.ts';
import type { Ports } from '../runtime/ports.ts';
import { recordsByIds } from '../store/queries/records.ts';
import { recordChanges, records } from '../store/schema.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';
import { viewRecord } from '../unit/view.ts';
import { isUuid } from '../unit/workspace.ts';
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts';

export type RecordSort = 'created' | '-created' | 'name' | '-name';

export interface RecordQuery {
  entity: string;
  /** JSONata over the record: `score >= 80 and country = 'India'`. */
  where?: string;
  /** Part of a name, phone, e-mail or key. */
  search?: string;
  owner?: string;
  stage?: string;
  sort?: RecordSort;
  /** Deleted records instead of the living. */
  deleted?: boolean;
}

/** Records that one page may look at for a condition that few fit; a page that stops early comes back short, with a cursor to go on. */
const SCAN = 20_000;
const CHUNK = 1_000;
/** Microseconds that one page may compute on a condition, and steps that it may take on one record: others want to be served too. */
const SCAN_MICROS = 500_000;
const STEPS = 20_000;

export class RecordReader {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** A record, deleted or not. Throws RECORD_NOT_FOUND. */
  async get(id: string): Promise<RecordView> {
    const found = await this.getMany([id]);
    const view = found[0];
    if (!view) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${id.slice(0, 40)}.` });
    return view;
  }

  /** Those of the ids that exist, in the order given. */
  async getMany(ids: readonly string[]): Promise<RecordView[]> {
    const { orm } = this.#ports.database;
    const wanted = [...new Set(ids.filter(isUuid))];
    if (wanted.length === 0) return [];
    const found = new Map((await recordsByIds(orm, wanted, 'none')).map((row) => [row.id, row]));
    const view = await this.#viewer();
    return ids.flatMap((id) => found.get(id) ?? []).map(view);
  }

  /** The living record of an entity with this key. */
  async byKey(entity: string, key: string): Promise<RecordView | undefined> {
    const [row] = await this.#ports.database.orm
      .select()
      .from(records)
      .where(and(eq(records.entity, entity), eq(records.key, key), isNull(records.deletedAt)));
    return row && (await this.#viewer())(row);
  }

  /** A page of at most `limit`. Throws ENTITY_UNKNOWN, CURSOR_INVALID, EXPR_SYNTAX; a condition that fails on a record does not hold for it. */
  async page(query: RecordQuery, limit: number, cursor?: string): Promise<Page<RecordView>> {
    const view = await this.#viewer(query.entity);
    const condition = query.where === undefined ? undefined : compileExpression(query.where);
    if (!condition) {
      const rows = await this.#chunk(query, limit + 1, cursor);
      return mapped(
        pageOf(rows, limit, (row) => position(query, row)),
        view,
      );
    }
    const env = { now: this.#ports.clock.now(), random: () => this.#ports.random.next(), limits: { steps: STEPS } };
    const items: RecordView[] = [];
    let after = cursor;
    let micros = 0;
    for (let scanned = 0; scanned < SCAN; scanned += CHUNK) {
      const rows = await this.#chunk(query, CHUNK, after);
      const began = this.#ports.stopwatch();
      for (const row of rows) {
        after = encodeCursor(position(query, row));
        const candidate = view(row);
        if (holds(() => condition.test(candidate, env))) items.push(candidate);
        if (items.length === limit || micros + this.#ports.stopwatch() - began > SCAN_MICROS) return { items, next: after };
      }
      micros += this.#ports.stopwatch() - began;
      if (rows.length < CHUNK) return { items };
    }
    return after === undefined ? { items } : { items, next: after };
  }

  /** What happened to a record, newest first. */
  async changes(id: string, limit: number, cursor?: string): Promise<Page<ChangeRow>> {
    const [before] = cursor === undefined ? [] : decodeCursor(cursor, 1);
    const conditions = [eq(recordChanges.recordId, id)];
    if (before !== undefined) {
      if (!/^[0-9]{1,9}$/.test(before)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
      conditions.push(lt(recordChanges.version, Number(before)));
    }
    const rows = await this.#ports.database.orm
      .select()
      .from(recordChanges)
      .where(and(...conditions))
      .orderBy(desc(recordChanges.version))
      .limit(limit + 1);
    return pageOf(rows, limit, (row) => [String(row.version)]);
  }

  async #viewer(entity?: string): Promise<(row: RecordRow) => RecordView> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.orm);
    if (entity !== undefined) entities.require(entity);
    const env = { entities, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
    return (row) => viewRecord(row, env);
  }

  /** Uses `records_page`, `records_sort` or `records_owner`; a search reads the entity's rows. */
  #chunk(query: RecordQuery, limit: number, cursor: string | undefined): Promise<RecordRow[]> {
    const conditions: (SQL | undefined)[] = [
      eq(records.entity, query.entity),
      query.deleted ? sql`${records.deletedAt} is not null` : isNull(records.deletedAt),
    ];
    if (query.owner !== undefined) conditions.push(isUuid(query.owner) ? eq(records.owner, query.owner) : sql`false`);
    if (query.stage !== undefined) conditions.push(eq(records.stage, query.stage));
    if (query.search !== undefined) {
      conditions.push(
        or(...searchForms(query.search).map((form) => like(records.search, `%${form.replaceAll(/[\\%_]/g, '\\$&')}%`))) ?? sql`false`,
      );
    }
    const byName = query.sort === 'name' || query.sort === '-name';
    const backwards = query.sort === '-created' || query.sort === '-name';
    if (cursor !== undefined) {
      const values = decodeCursor(cursor, byName ? 2 : 1);
      const id = values.at(-1) ?? '';
      if (!isUuid(id)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
      if (byName) conditions.push(sql`(${records.sortName}, ${records.id}) ${backwards ? sql`<` : sql`>`} (${values[0]}, ${id}::uuid)`);
      else conditions.push(backwards ? lt(records.id, id) : gt(records.id, id));
    }
    const direction = backwards ? desc : asc;
    return this.#ports.database.orm
      .select()
      .from(records)
      .where(and(...conditions))
      .orderBy(...(byName ? [direction(records.sortName), direction(records.id)] : [direction(records.id)]))
      .limit(limit);
  }
}

const position = (query: RecordQuery, row: RecordRow): string[] =>
  query.sort === 'name' || query.sort === '-name' ? [row.sortName, row.id] : [row.id];

const mapped = (page: Page<RecordRow>, view: (row: RecordRow) => RecordView): Page<RecordView> => ({
  ...page,
  items: page.items.map(view),
});

/** `budget > 5` on a record whose budget is a text is an error in JSONata; for a list it means: not this one. */
function holds(test: () => boolean): boolean {
  try {
    return test();
  } catch (error) {
    if (error instanceof TaktError && error.code === 'EXPR_RUNTIME') return false;
    throw error;
  }
}
