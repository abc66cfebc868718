import type { Json, JsonObject } from '../../schemas/json.ts';
import { shown } from './problems.ts';
import { refuse, type Site } from './site.ts';

/** The value of an own property; what an object inherits is not input. */
export function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Has the object these keys only? The first that does not belong is noted. */
export function onlyKeys(object: JsonObject, allowed: ReadonlySet<string>, site: Site): boolean {
  const strange = Object.keys(object).find((key) => !allowed.has(key));
  if (strange === undefined) return true;
  refuse(site, `${shown(strange)} does not belong here.`, `Give only: ${[...allowed].join(', ')}.`);
  return false;
}
