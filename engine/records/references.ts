import { NAME_PATTERN } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { onlyKeys, own } from './objects.ts';
import { shown } from './problems.ts';
import { kindOf, refuse, type Site } from './site.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NAME = new RegExp(NAME_PATTERN);
const KEYS = new Set(['entity', 'id']);

/** The id of a record. Whether that record exists is the store's question. */
export function recordId(value: Json, site: Site): string | undefined {
  if (typeof value !== 'string') return refuse(site, `The id of a record is expected, not ${kindOf(value)}.`);
  const written = value.length <= 100 ? value.trim() : '';
  if (!UUID.test(written)) return refuse(site, `${shown(value)} is not the id of a record.`, 'Give the UUID of the record.');
  return written.toLowerCase();
}

/** A record of any entity: `{ entity, id }`. */
export function anyRecord(value: Json, site: Site): JsonObject | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return refuse(site, `A reference is expected, not ${kindOf(value)}.`, 'Give { "entity": "deal", "id": "…" }.');
  }
  if (!onlyKeys(value, KEYS, site)) return undefined;
  const entity = own(value, 'entity');
  if (typeof entity !== 'string' || !NAME.test(entity)) {
    return refuse(site, 'The reference does not name an entity.', 'Give { "entity": "deal", "id": "…" }.');
  }
  const id = recordId(own(value, 'id') ?? null, { ...site, pointer: `${site.pointer}/id` });
  return id === undefined ? undefined : { entity, id };
}
