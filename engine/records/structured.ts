import type { Json, JsonObject } from '../../schemas/json.ts';
import { plainZero } from './numbers.ts';
import { pointerStep, shown } from './problems.ts';
import { refuse, type Site } from './site.ts';

const MAX_DEPTH = 16;
const MAX_VALUES = 10_000;
const MAX_KEY = 200;
const MAX_BYTES = 64 * 1024;

/**
 * A structured value as it is: at most 16 levels, 10,000 values and 64 KB, of characters that the database can store. The depth is
 * counted on the way down, so that no input can exhaust the stack.
 */
export function structured(value: Json, site: Site): Json | undefined {
  const count = { values: 0 };
  const kept = copy(value, site, 1, count);
  if (kept === undefined) return undefined;
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  return bytes <= MAX_BYTES ? kept : refuse(site, `The value has ${bytes} bytes.`, `Keep it within ${MAX_BYTES} bytes.`);
}

function copy(value: Json, site: Site, depth: number, count: { values: number }): Json | undefined {
  count.values++;
  if (count.values > MAX_VALUES)
    return count.values === MAX_VALUES + 1 ? refuse(site, `There are more than ${MAX_VALUES} values.`) : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? plainZero(value) : refuse(site, `${value} is not a finite number.`);
  if (typeof value === 'string') return isStorable(value, site) ? value : undefined;
  if (value === null || typeof value === 'boolean') return value;
  if (depth > MAX_DEPTH) return refuse(site, 'The value is nested too deeply.', `Keep to ${MAX_DEPTH} levels.`, 'INPUT_TOO_DEEP');
  return Array.isArray(value) ? copyList(value, site, depth, count) : copyObject(value, site, depth, count);
}

function copyList(list: Json[], site: Site, depth: number, count: { values: number }): Json[] | undefined {
  const kept: Json[] = [];
  for (const [index, item] of list.entries()) {
    const checked = copy(item, { ...site, pointer: `${site.pointer}/${index}` }, depth + 1, count);
    if (checked === undefined) return undefined;
    kept.push(checked);
  }
  return kept;
}

function copyObject(object: JsonObject, site: Site, depth: number, count: { values: number }): JsonObject | undefined {
  const kept: JsonObject = {};
  for (const key of Object.keys(object)) {
    const at = { ...site, pointer: `${site.pointer}/${pointerStep(key)}` };
    // It would set the prototype of whatever the value is copied into.
    if (key === '__proto__' || key.length > MAX_KEY) return refuse(at, `${shown(key)} cannot be a name.`, 'Rename it.');
    const checked = isStorable(key, at) ? copy(object[key] ?? null, at, depth + 1, count) : undefined;
    if (checked === undefined) return undefined;
    kept[key] = checked;
  }
  return kept;
}

function isStorable(text: string, site: Site): boolean {
  if (text.includes('\0')) refuse(site, 'The text contains the character U+0000.', undefined, 'INPUT_NUL');
  else if (!text.isWellFormed()) refuse(site, 'The text contains half a character (a lone surrogate).', 'Send the text as valid UTF-8.');
  else return true;
  return false;
}
