/** What of a record a find goes by. */
import type { Json, JsonObject } from '../../schemas/json.ts';

/** Longer texts are not what somebody looks for by equality. */
const LONGEST = 100;
const MOMENT = /^\d{4}-\d{2}-\d{2}(T|$)/;

/**
 * The part of a record's data, or of what a find asks for, that the index `records_findable` holds: short texts – e-mails, phones, ids,
 * options, names –, under the entity's name, so that a value of one entity is not looked for in all. Numbers, moments and yes/no are left
 * out: they are what changes most, and half of the records have them alike. A change that leaves this part as it is writes no index at all
 * (PostgreSQL's heap-only update). By the form of the values, not by the fields' types: those may be changed later.
 *
 * What is contained in the data is contained in this part of it, too. Undefined: there is none.
 */
export function findable(entity: string, data: JsonObject): JsonObject | undefined {
  const part = partOf(data);
  return part === undefined ? undefined : { [entity]: part };
}

function partOf(value: Json): Json | undefined {
  if (typeof value === 'string') return value.length <= LONGEST && !MOMENT.test(value) ? value : undefined;
  if (value === null || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) {
    const parts = value.map(partOf).filter((part) => part !== undefined);
    return parts.length > 0 ? parts : undefined;
  }
  const parts = Object.entries(value).flatMap(([key, member]) => {
    const part = partOf(member);
    return part === undefined ? [] : [[key, part] as const];
  });
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}
