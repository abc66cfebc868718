/** What of a record its likes are told by. */
import type { DuplicateRules } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { companyName, type Name, personName } from './name.ts';

export interface Likeness {
  readonly of: DuplicateRules['of'];
  /** Lower-case, as the fields' type keeps them. */
  readonly emails: readonly string[];
  /** E.164, as the fields' type keeps them: +7 and 8 are one. */
  readonly phones: readonly string[];
  /** Of a person one at most; of a company what it is called and what it is called in law. */
  readonly names: readonly Name[];
  /** Other fields that are filled, folded: name → text. */
  readonly also: ReadonlyMap<string, string>;
}

/** @param data a record's fields as they are stored */
export function likenessOf(rules: DuplicateRules, data: Readonly<JsonObject>): Likeness {
  const texts = (fields: readonly string[] = []): string[] => fields.flatMap((field) => textsOf(data[field]));
  return {
    of: rules.of,
    emails: [...new Set(texts(rules.email))],
    phones: [...new Set(texts(rules.phone))],
    names: namesOf(rules, data),
    also: new Map((rules.also ?? []).flatMap((field) => also(field, data[field]))),
  };
}

/** Of a person all name fields together are one name – `name` and `first_name` repeat each other –, of a company each is one. */
export function namesOf({ of, name = [] }: DuplicateRules, data: Readonly<JsonObject>): Name[] {
  const texts = name.flatMap((field) => textsOf(data[field]));
  const names = of === 'person' ? [personName(texts.join(' '))] : texts.map(companyName);
  return names.filter((one) => one.length > 0);
}

const textsOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string').filter((one) => one.trim() !== '');

function also(field: string, value: Json | undefined): [string, string][] {
  if (typeof value !== 'string' && typeof value !== 'number') return [];
  const text = String(value).toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ').trim();
  return text === '' ? [] : [[field, text]];
}
