/** Duplicates as people and the API look at them. */
import { findLikes, type Like } from '../duplicates/index.ts';
import { TaktError } from '../errors/index.ts';
import type { DataRequest } from '../node/definition.ts';
import { openWorkspace, type Ports } from '../runtime/ports.ts';
import { drive } from '../unit/drive.ts';
import { isUuid } from '../unit/find.ts';
import { load } from '../unit/load.ts';
import type { MergeRow } from '../unit/rows.ts';
import { WriteUnit } from '../unit/step-unit.ts';

export class Duplicates {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /**
   * The likes of a record, the sure ones first; see `findLikes`.
   * Throws TaktError RECORD_NOT_FOUND, DUPLICATES_UNDEFINED.
   */
  async of(id: string, among: string | undefined, limit: number): Promise<Like[]> {
    const { store } = this.#ports.database;
    const workspace = openWorkspace(this.#ports, await this.#ports.catalog.current(store));
    const unit = new WriteUnit(workspace, { author: { kind: 'system', id: 'duplicates' }, chain: [] });
    const [outcome] = await drive([search(unit, id, among, limit)], workspace, (requests) => load(store, workspace, requests));
    if (outcome?.ok) return outcome.value;
    throw outcome?.error ?? new TaktError('INTERNAL', { message: 'A search had no outcome.' });
  }

  /** Throws MERGE_NOT_FOUND. */
  async merge(id: string): Promise<MergeRow> {
    const row = isUuid(id) ? await this.#ports.database.store.mergeById(id, false) : undefined;
    if (!row) throw new TaktError('MERGE_NOT_FOUND', { message: `There is no merge ${id.slice(0, 40)}.` });
    return row;
  }

  /** Merges that a record came out of or went into, the newest first. */
  async mergesOf(id: string, limit: number): Promise<MergeRow[]> {
    return isUuid(id) ? this.#ports.database.store.mergesOfRecord(id, limit) : [];
  }
}

function* search(unit: WriteUnit, id: string, among: string | undefined, limit: number): Generator<DataRequest, Like[], void> {
  if (isUuid(id)) yield { kind: 'records', ids: [id] };
  const record = unit.read(id);
  if (!record) throw new TaktError('RECORD_NOT_FOUND', { message: `There is no record ${id.slice(0, 40)}.` });
  return yield* findLikes(unit, record, among, limit);
}
