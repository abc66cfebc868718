/** Which records a find means, in memory as in the database. */
import type { Json } from '../../schemas/json.ts';
import type { Between, FindQuery } from '../node/definition.ts';
import type { RecordRow } from './rows.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** What has not the form of an id is no record; asking the database with it would fail the whole batch. */
export const isUuid = (id: string): boolean => UUID.test(id);

/** Names what is asked, in whatever order the fields stand. */
export function findKey({ entity, limit, match, between }: FindQuery): string {
  // By the names alone: a value may be an object that cannot be made a text of.
  const fields = Object.entries(match).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([entity, limit, fields, between ?? null]);
}

const HOT: ReadonlySet<string> = new Set(['key', 'owner', 'stage', 'name']);

/** The same test as the SQL of `findRecords`: equality, or being contained in a list. */
export function matches(row: RecordRow, query: FindQuery): boolean {
  if (row.entity !== query.entity || !isBetween(row, query.between)) return false;
  return Object.entries(query.match).every(([field, wanted]) => {
    const value = HOT.has(field) ? Reflect.get(row, field) : row.data[field];
    return contains(value ?? null, wanted);
  });
}

/** Does the record's moment lie in the time, if one is asked for? */
export function isBetween({ data }: RecordRow, between: Between | undefined): boolean {
  if (between === undefined) return true;
  const moment = data[between.field];
  return typeof moment === 'string' && between.from <= moment && moment < between.until;
}

/** jsonb's containment `@>` for the cases of a find: an array contains a scalar, an object contains its part. */
export function contains(value: unknown, wanted: Json): boolean {
  if (Array.isArray(value))
    return Array.isArray(wanted) ? wanted.every((w) => value.some((v) => contains(v, w))) : value.some((v) => contains(v, wanted));
  if (typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted)) {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(wanted).every(([key, w]) => contains(Reflect.get(value, key) ?? null, w))
    );
  }
  return value === wanted;
}
