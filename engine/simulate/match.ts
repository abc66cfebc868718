import type { Json } from '../../schemas/json.ts';

/**
 * Does a value have what is wanted of it? Of an object only the wanted parts count, lists are compared item by item, null wants that
 * there is nothing, and the id of a record also fits a reference `{ entity, id }` to it.
 */
export function fits(wanted: Json, actual: Json | undefined): boolean {
  if (wanted === null) return actual === undefined || actual === null;
  if (actual === undefined || actual === null) return false;
  if (Array.isArray(wanted)) {
    return Array.isArray(actual) && wanted.length === actual.length && wanted.every((item, i) => fits(item, actual[i]));
  }
  if (typeof wanted === 'object') {
    if (typeof actual !== 'object' || Array.isArray(actual)) return false;
    return Object.entries(wanted).every(([name, part]) => fits(part, actual[name]));
  }
  if (typeof actual === 'object' && !Array.isArray(actual)) return wanted === actual.id && typeof actual.entity === 'string';
  return wanted === actual;
}

/** The places, as JSON pointers, at which a value does not have what is wanted of it, with both. */
export function misfits(wanted: Json, actual: Json | undefined, pointer = ''): { pointer: string; wanted: Json; actual: Json }[] {
  if (fits(wanted, actual)) return [];
  const open = typeof wanted === 'object' && wanted !== null && !Array.isArray(wanted);
  if (open && typeof actual === 'object' && actual !== null && !Array.isArray(actual))
    return Object.entries(wanted).flatMap(([name, part]) => misfits(part, actual[name], `${pointer}/${name}`));
  return [{ pointer, wanted, actual: actual ?? null }];
}
