import type { FieldDefinition, StoredFieldDefinition } from '../../schemas/entity.ts';
import type { Json } from '../../schemas/json.ts';
import { calendar } from './calendar.ts';
import { email, phone } from './contacts.ts';
import { file } from './file.ts';
import { anyRecord, recordId } from './references.ts';
import { MAX_LONG_TEXT, MAX_TEXT, money, number, option, text, yesNo } from './scalars.ts';
import { refuse, type Site } from './site.ts';
import { structured } from './structured.ts';
import { date, dateTime } from './times.ts';

/** Most values of one field: several phones, options or references. */
export const MAX_ITEMS = 200;
/** Several phones or addresses in one cell of a table. No number and no address contains one of these. */
const SEPARATORS = /[,;\n]/;
const MAX_CELL = 20_000;

/**
 * The value as it is stored; `null` where it is empty, `undefined` where it is refused (the problem is then noted).
 * Normalising what it gives changes nothing more.
 */
export function normaliseValue(field: StoredFieldDefinition, value: Json, site: Site): Json | undefined {
  if (isBlank(value)) return null;
  switch (field.type) {
    case 'text':
      return field.many === true ? several(value, site, oneText) : oneText(value, site);
    case 'phone':
      return field.many === true ? several(value, site, phone, SEPARATORS) : phone(value, site);
    case 'email':
      return field.many === true ? several(value, site, email, SEPARATORS) : email(value, site);
    case 'reference': {
      const one = field.entity === '*' ? anyRecord : recordId;
      return field.many === true ? several(value, site, one) : one(value, site);
    }
    case 'multi_select':
      return several(value, site, (item, at) => option(item, field, at));
    default:
      return single(field, value, site);
  }
}

type SingleField = Exclude<FieldDefinition, { type: 'text' | 'phone' | 'email' | 'reference' | 'multi_select' | 'formula' }>;

function single(field: SingleField, value: Json, site: Site): Json | undefined {
  switch (field.type) {
    case 'long_text':
      return text(value, site, MAX_LONG_TEXT, false);
    case 'number':
      return number(value, field, site);
    case 'money':
      return money(value, field, site);
    case 'select':
      return option(value, field, site);
    case 'date':
      return date(value, site);
    case 'date_time':
      return dateTime(value, site);
    case 'yes_no':
      return yesNo(value, site);
    case 'file':
      return file(value, site);
    case 'json':
      return field.form === 'calendar' ? calendar(value, site) : structured(value, site);
  }
}

const oneText = (value: Json, site: Site): string | undefined => text(value, site, MAX_TEXT, true);

/** Nothing, an empty cell, an empty list. */
function isBlank(value: Json): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);
}

/** A list without repetitions and empty entries, in the order given. A value alone is a list of one, or of what the separators part. */
function several(value: Json, site: Site, one: (item: Json, at: Site) => Json | undefined, separators?: RegExp): Json | undefined {
  const cell = separators !== undefined && typeof value === 'string' && value.length <= MAX_CELL ? value.split(separators) : [value];
  const items = Array.isArray(value) ? value : cell;
  if (items.length > MAX_ITEMS) return refuse(site, `There are ${items.length} values.`, `Give at most ${MAX_ITEMS}.`);
  const kept = new Map<string, Json>();
  let right = true;
  items.forEach((item, index) => {
    if (isBlank(item)) return;
    const checked = one(item, Array.isArray(value) ? { ...site, pointer: `${site.pointer}/${index}` } : site);
    if (checked === undefined) right = false;
    else kept.set(JSON.stringify(checked), checked);
  });
  if (!right) return undefined;
  return kept.size === 0 ? null : [...kept.values()];
}
