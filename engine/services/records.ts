/** Reading records: one, a page of many, the history. */
import { TaktError } from '../errors/index.ts';
import { compileExpression } from '../expression/index.ts';
import type { RecordView } from '../node/context.ts';
import { searchForms } from '../records/index.ts';
import type { Ports } from '../runtime/ports.ts';
import type { RecordFilter, RecordSort } from '../store/queries/records.ts';
import { isUuid } from '../unit/find.ts';
import type { ChangeRow, RecordRow } from '../unit/rows.ts';
import { viewRecord } from '../unit/view.ts';
import { decodeCursor, encodeCursor, type Page, pageOf } from './cursor.ts';

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
    const { store } = this.#ports.database;
    const wanted = [...new Set(ids.filter(isUuid))];
    if (wanted.length === 0) return [];
    const found = new Map((await store.recordsByIds(wanted, 'none')).map((row) => [row.id, row]));
    const view = await this.#viewer();
    return ids.flatMap((id) => found.get(id) ?? []).map(view);
  }

  /** The living record of an entity with this key. */
  async byKey(entity: string, key: string): Promise<RecordView | undefined> {
    const row = await this.#ports.database.store.recordByKey(entity, key);
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
    if (before !== undefined && !/^[0-9]{1,9}$/.test(before)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
    const version = before === undefined ? undefined : Number(before);
    const rows = await this.#ports.database.store.changesOfRecord(id, version, limit + 1);
    return pageOf(rows, limit, (row) => [String(row.version)]);
  }

  async #viewer(entity?: string): Promise<(row: RecordRow) => RecordView> {
    const { entities } = await this.#ports.catalog.current(this.#ports.database.store);
    if (entity !== undefined) entities.require(entity);
    const env = { entities, now: this.#ports.clock.now(), random: () => this.#ports.random.next() };
    return (row) => viewRecord(row, env);
  }

  async #chunk(query: RecordQuery, limit: number, cursor: string | undefined): Promise<RecordRow[]> {
    const { entity, owner, stage, search, sort = 'created', deleted = false } = query;
    const filter: RecordFilter = { entity, deleted, owner, stage, sort };
    if (search !== undefined) filter.search = searchForms(search);
    if (cursor !== undefined) filter.after = place(query, cursor);
    return owner === undefined || isUuid(owner) ? this.#ports.database.store.recordPage(filter, limit) : [];
  }
}

const byName = ({ sort }: RecordQuery): boolean => sort === 'name' || sort === '-name';

const position = (query: RecordQuery, row: RecordRow): string[] => (byName(query) ? [row.sortName, row.id] : [row.id]);

/** The other way round. Throws CURSOR_INVALID. */
function place(query: RecordQuery, cursor: string): { id: string; sortName: string } {
  const [sortName = '', id = sortName] = decodeCursor(cursor, byName(query) ? 2 : 1);
  if (!isUuid(id)) throw new TaktError('CURSOR_INVALID', { pointer: '/cursor' });
  return { id, sortName };
}

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
