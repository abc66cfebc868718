import type { Json, JsonObject } from '../../schemas/json.ts';
import type { Entity } from './entity.ts';
import { own } from './objects.ts';

/** Longest display name, in characters. */
const MAX_NAME = 200;

/**
 * What people call the record: its field `name` where that is filled, else the entity's `nameField` (several joined by a space), else
 * its first e-mail address or phone number, else ''. One line, at most 200 characters.
 */
export function displayName(entity: Entity, data: JsonObject): string {
  return nameCandidates(entity, data)[0] ?? '';
}

/** All that the record may be called, best first. */
export function nameCandidates(entity: Entity, data: JsonObject): string[] {
  const joined = entity.nameFields.map((name) => asText(own(data, name))).filter((part) => part !== '');
  const contacts = [...entity.emails, ...entity.phones].map((name) => asText(own(data, name)));
  return [asText(own(data, 'name')), joined.join(' '), ...contacts].map(oneLine).filter((name) => name !== '');
}

function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) ? asText(value[0]) : '';
}

function oneLine(text: string): string {
  const line = text
    .slice(0, MAX_NAME * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= MAX_NAME
    ? line
    : line
        .slice(0, MAX_NAME)
        .toWellFormed()
        .replace(/\ufffd$/, '');
}
