import type { Json } from '../../../schemas/json.ts';
import type { RecordRow } from '../../unit/rows.ts';
import { GroupIndex, type Index } from './indexes.ts';

/** What a record is found by: a field of its data, or one of the columns beside them. */
export type Place = { in: 'data'; field: string } | { in: 'row'; field: 'owner' | 'stage' | 'name' };

/**
 * Records by the values of fields, for finds. Which fields they ask for nobody knows beforehand: an index of a field is made when the first
 * find wants it, and kept from then on.
 */
export class FieldIndex implements Index<RecordRow> {
  /** entity → field → records by value */
  readonly #entities = new Map<string, Map<string, GroupIndex<RecordRow>>>();

  /**
   * Records of an entity, deleted ones included: for each single value within the wanted one those that have it in the field at the
   * same place. Records that contain what is wanted are in all of these sets.
   * @param all the entity's records, for the first time
   */
  with(entity: string, place: Place, wanted: Json, all: ReadonlySet<RecordRow>): ReadonlySet<RecordRow>[] {
    let fields = this.#entities.get(entity);
    if (!fields) {
      fields = new Map();
      this.#entities.set(entity, fields);
    }
    const name = `${place.in} ${place.field}`;
    let index = fields.get(name);
    if (!index) {
      index = new GroupIndex((row) => leaves(place.in === 'data' ? row.data[place.field] : row[place.field]));
      for (const row of all) index.add(row);
      fields.set(name, index);
    }
    return leaves(wanted).map((leaf) => index.of(leaf));
  }

  add(row: RecordRow): void {
    for (const index of this.#entities.get(row.entity)?.values() ?? []) index.add(row);
  }

  remove(row: RecordRow): void {
    for (const index of this.#entities.get(row.entity)?.values() ?? []) index.remove(row);
  }
}

/** The single values within a value, each with the names that lead to it. A number and the text of its digits are two values. */
function leaves(value: Json | undefined, path = ''): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [`${path}=${JSON.stringify(value)}`];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, path));
  return Object.entries(value).flatMap(([name, item]) => leaves(item, `${path}.${name}`));
}
