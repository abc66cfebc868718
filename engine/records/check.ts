import type { FieldDefinition, StoredFieldDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { TaktError } from '../errors/index.ts';
import { didYouMean } from '../schema/nearest.ts';
import { phoneCountry } from './contacts.ts';
import type { Entity } from './entity.ts';
import { own } from './objects.ts';
import { Problems, pointerStep, shown } from './problems.ts';
import { recordId } from './references.ts';
import { option, text } from './scalars.ts';
import { kindOf, type Site } from './site.ts';
import { MAX_KEY, SETTABLE, systemField } from './system.ts';
import { normaliseValue } from './values.ts';

/** Largest record, in bytes of its JSON in UTF-8. */
const MAX_RECORD_BYTES = 256 * 1024;

/** Looking for the name that was meant compares with every field; a wholly wrong input must not pay that for each of its names. */
const MAX_HINTS = 20;

export type RecordMode = 'create' | 'update';

export interface CheckContext {
  /** Country (ISO 3166, two letters) of phone numbers written without one. Default RU. */
  country?: string;
}

/** A reference to another record, whose existence the store has still to check. */
interface RecordReference {
  field: string;
  entity: string;
  id: string;
}

export interface CheckedRecord {
  /** Normalised values of the entity's own fields; null = cleared (updates only). */
  data: JsonObject;
  /** References in `data`, and the owner. */
  references: RecordReference[];
  /** Given only where the input says something about it; null = cleared. */
  key?: string | null;
  owner?: string | null;
  stage?: string | null;
}

/**
 * Checks and normalises what is to become a record ('create': defaults are filled in, required fields demanded) or a change
 * of one ('update': only the fields named; null clears). Throws TaktError RECORD_INVALID with every problem under `errors`,
 * each with the pointer of its field; INPUT_INVALID for an unknown country.
 */
export function checkRecord(entity: Entity, input: JsonObject, mode: RecordMode, context: CheckContext): CheckedRecord {
  const country = phoneCountry(context.country ?? 'RU');
  const subject = `This ${entity.name} cannot be stored`;
  const problems = new Problems();
  if (kindOf(input) !== 'an object') {
    problems.add('FIELD_INVALID', '', `A record is an object, not ${kindOf(input)}.`);
    problems.throwAs('RECORD_INVALID', subject);
  }
  const site = (field: string): Site => ({ problems, pointer: `/${field}`, country });
  const checked: CheckedRecord = { data: {}, references: [] };
  refuseUnknown(entity, input, problems);
  for (const name of entity.fieldNames) {
    const given = own(input, name);
    if (given !== undefined || (mode === 'create' && speaksUp(entity.definition.fields[name])))
      checkField(entity, name, given, mode, site(name), checked);
  }
  checkSystem(entity, input, mode, site, checked);
  problems.throwAs('RECORD_INVALID', subject);
  checkRecordSize(checked.data);
  return checked;
}

/**
 * Throws TaktError RECORD_TOO_LARGE where the data exceed 256 KB. `checkRecord` asks this about its input; whoever merges
 * an update into a record asks again about the whole.
 */
export function checkRecordSize(data: JsonObject): void {
  const text = JSON.stringify(data);
  // No character of JavaScript takes more than three bytes.
  if (text.length <= MAX_RECORD_BYTES / 3) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_RECORD_BYTES) throw new TaktError('RECORD_TOO_LARGE', { message: `The record has ${bytes} bytes.`, pointer: '' });
}

const WITH_STAGES = [...SETTABLE];
const WITHOUT_STAGES = WITH_STAGES.filter((name) => name !== 'stage');

function refuseUnknown(entity: Entity, input: JsonObject, problems: Problems): void {
  const { definition } = entity;
  const settable = definition.stages === undefined ? WITHOUT_STAGES : WITH_STAGES;
  let hints = 0;
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(definition.fields, name) || settable.includes(name)) continue;
    // A record that was read carries `stage: null` where its entity has none.
    if (name === 'stage' && input[name] === null) continue;
    const pointer = `/${pointerStep(name)}`;
    if (name === 'stage') {
      problems.add('FIELD_UNKNOWN', pointer, `${definition.name} has no stages.`, 'Leave it out, or give the entity stages.');
    } else if (systemField(definition, name) !== undefined) {
      problems.add('FIELD_READONLY', pointer, `${name} is kept by the system.`, 'Leave it out.');
    } else {
      const hint = hints++ < MAX_HINTS ? didYouMean(name, [...entity.fieldNames, ...settable]) : undefined;
      problems.add('FIELD_UNKNOWN', pointer, `${definition.name} has no field ${shown(name)}.`, hint);
    }
  }
}

/** Has it something to say where nothing is given? */
const speaksUp = (field: FieldDefinition | undefined): boolean =>
  field !== undefined && field.type !== 'formula' && (field.default !== undefined || field.required === true);

function checkField(entity: Entity, name: string, given: Json | undefined, mode: RecordMode, site: Site, checked: CheckedRecord): void {
  const field = entity.definition.fields[name];
  if (field === undefined) return;
  if (field.type === 'formula') {
    if (given !== undefined) site.problems.add('FIELD_READONLY', site.pointer, `${name} is computed by a formula.`, 'Leave it out.');
    return;
  }
  if (mode === 'update') {
    if (given === undefined) return;
    if (field.readonly === true) {
      site.problems.add('FIELD_READONLY', site.pointer, `${name} can be given at creation only.`, 'Leave it out.');
      return;
    }
  }
  const value = given === undefined ? null : normaliseValue(field, given, site);
  if (value === undefined) return;
  const kept = value === null && mode === 'create' ? defaultOf(field) : value;
  if (kept === null) {
    if (field.required === true) site.problems.add('FIELD_REQUIRED', site.pointer, `${field.title} (${name}) is required.`);
    else if (mode === 'update') checked.data[name] = null;
    return;
  }
  checked.data[name] = kept;
  if (field.type === 'reference') noteReferences(name, field.entity, kept, checked);
}

/** The registry has normalised it; a copy, since records may be changed by who holds them. */
function defaultOf(field: StoredFieldDefinition): Json {
  const value = field.default ?? null;
  return typeof value === 'object' ? structuredClone(value) : value;
}

function noteReferences(field: string, entity: string, value: Json, checked: CheckedRecord): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item === 'string') checked.references.push({ field, entity, id: item });
    else if (
      item !== null &&
      typeof item === 'object' &&
      !Array.isArray(item) &&
      typeof item.entity === 'string' &&
      typeof item.id === 'string'
    )
      checked.references.push({ field, entity: item.entity, id: item.id });
  }
}

function checkSystem(entity: Entity, input: JsonObject, mode: RecordMode, site: (field: string) => Site, checked: CheckedRecord): void {
  const said = (name: string): Json | undefined => {
    const value = own(input, name);
    return typeof value === 'string' && value.trim() === '' ? null : value;
  };
  const key = said('key');
  if (key !== undefined) {
    const kept = key === null ? null : text(key, site('key'), MAX_KEY, true);
    if (kept !== undefined) checked.key = kept;
  }
  const owner = said('owner');
  if (owner !== undefined) {
    const kept = owner === null ? null : recordId(owner, site('owner'));
    if (kept !== undefined) checked.owner = kept;
    if (typeof kept === 'string') checked.references.push({ field: 'owner', entity: 'user', id: kept });
  }
  const { stages } = entity.definition;
  const [first] = stages ?? [];
  if (stages === undefined || first === undefined) return;
  const stage = said('stage') ?? (mode === 'create' ? first.id : said('stage'));
  if (stage === undefined) return;
  const kept = stage === null ? null : option(stage, { options: stages }, site('stage'));
  if (kept !== undefined) checked.stage = kept;
}
