import type { Json, JsonObject } from '../../schemas/json.ts';

const SHOWN = 60;

/** A parameter in one short line, as it stands in the file; `fallback` where it is absent. */
export function brief(value: Json | undefined, fallback = '…'): string {
  if (value === undefined || value === null) return fallback;
  const text = typeof value === 'string' ? value.replace(/^=\s*/, '') : JSON.stringify(value);
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return fallback;
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
}

/** A parameter that is an object; an empty one where it is absent or something else. */
export function part(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A parameter that is a list; an empty one where it is absent or something else. */
export function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** A parameter that is a text; undefined where it is absent or something else. */
export const text = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
