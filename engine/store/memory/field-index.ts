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
   * Records of an entity, deleted ones included, that have this value in the field or in its list.
   * @param all the entity's records, for the first time
   */
  with(entity: string, place: Place, value: Json, all: ReadonlySet<RecordRow>): ReadonlySet<RecordRow> {
    let fields = this.#entities.get(entity);
    if (!fields) {
      fields = new Map();
      this.#entities.set(entity, fields);
    }
    const name = `${place.in} ${place.field}`;
    let index = fields.get(name);
    if (!index) {
      index = new GroupIndex((row) => keysOf(place.in === 'data' ? row.data[place.field] : row[place.field]));
      for (const row of all) index.add(row);
      fields.set(name, index);
    }
    return index.of(keyOf(value));
  }

  add(row: RecordRow): void {
    for (const index of this.#entities.get(row.entity)?.values() ?? []) index.add(row);
  }

  remove(row: RecordRow): void {
    for (const index of this.#entities.get(row.entity)?.values() ?? []) index.remove(row);
  }
}

/** A number and the text of its digits are two values. */
const keyOf = (value: Json): string => JSON.stringify(value);

function keysOf(value: Json | undefined): string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(keyOf) : [keyOf(value)];
}
