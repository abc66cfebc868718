import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { EntityDefinition, FIELD_TYPES, type FieldDefinition } from '../../schemas/entity.ts';
import { didYouMean } from '../schema/nearest.ts';
import { problemsOf } from '../schema/problems.ts';
import { CURRENCIES } from './currency.ts';
import { Problems, shown } from './problems.ts';
import { RESERVED } from './system.ts';
import { normaliseValue } from './values.ts';

let compiled: ValidateFunction<EntityDefinition> | undefined;

/** Compiled at first use: 20 ms that a process without records does not pay. */
function validator(): ValidateFunction<EntityDefinition> {
  compiled ??= new Ajv({ allErrors: true, discriminator: true, strict: false }).compile<EntityDefinition>(EntityDefinition);
  return compiled;
}

const isType = (error: ErrorObject): boolean => error.keyword === 'discriminator';

/** Has the value the form of a definition? What is wrong is noted under `pointer`. */
export function checkForm(value: unknown, pointer: string, problems: Problems): value is EntityDefinition {
  const validate = validator();
  if (validate(value)) return true;
  const errors = validate.errors ?? [];
  for (const { instancePath } of errors.filter(isType)) {
    problems.add(
      'ENTITY_INVALID',
      pointer + instancePath,
      `${pointer}${instancePath} has no known type.`,
      `Types: ${FIELD_TYPES.join(', ')}.`,
    );
  }
  for (const problem of problemsOf(errors.filter((error) => !isType(error)))) {
    problems.add('ENTITY_INVALID', pointer + problem.pointer, `${pointer + problem.pointer} ${problem.message}`, problem.hint);
  }
  return false;
}

/**
 * A value from outside as the definition of an entity, by its form alone: whether it fits the other entities is what a registry
 * tells. Throws TaktError ENTITY_INVALID with every problem under `errors`.
 */
export function checkEntityDefinition(value: unknown): EntityDefinition {
  const problems = new Problems();
  if (checkForm(value, '', problems)) return value;
  throw problems.toError('ENTITY_INVALID', 'This is not the definition of an entity');
}

/** What the form cannot say: names that refer to others, defaults that fit. Gives the definition with normalised defaults. */
export function checkMeaning(
  definition: EntityDefinition,
  entities: ReadonlySet<string>,
  pointer: string,
  problems: Problems,
): EntityDefinition {
  const fields: Record<string, FieldDefinition> = {};
  for (const [name, field] of Object.entries(definition.fields)) {
    const at = `${pointer}/fields/${name}`;
    if (RESERVED.has(name)) problems.add('FIELD_NAME_RESERVED', at, `${definition.name}.${name}: the system has that name.`);
    checkField(`${definition.name}.${name}`, field, entities, at, problems);
    fields[name] = withDefault(`${definition.name}.${name}`, field, at, problems);
  }
  unique(definition.stages ?? [], `${definition.name}: the stage`, `${pointer}/stages`, problems);
  const names = typeof definition.nameField === 'string' ? [definition.nameField] : (definition.nameField ?? []);
  for (const name of names) {
    if (Object.hasOwn(fields, name)) continue;
    const hint = didYouMean(name, Object.keys(fields));
    problems.add('ENTITY_INVALID', `${pointer}/nameField`, `${definition.name} has no field ${shown(name)} for its name.`, hint);
  }
  checkDuplicates(definition, pointer, problems);
  checkPriorities(definition, pointer, problems);
  return { ...definition, fields };
}

/** Of which type the fields are that duplicates are told by; undefined: of any. */
const TYPE_FOR = { email: 'email', phone: 'phone', name: 'text', also: undefined } as const;

function checkDuplicates({ name: entity, duplicates, fields }: EntityDefinition, pointer: string, problems: Problems): void {
  if (duplicates === undefined) return;
  const check = (at: string, name: string, type: FieldDefinition['type'] | undefined): void => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined && (type === undefined || field.type === type)) return;
    const what = field === undefined ? 'no such field' : `a field of the type ${field.type}, not ${type}`;
    problems.add('ENTITY_INVALID', `${pointer}/duplicates/${at}`, `${entity}: duplicates are told by ${shown(name)}, which is ${what}.`);
  };
  for (const part of ['email', 'phone', 'name', 'also'] as const)
    for (const name of duplicates[part] ?? []) check(part, name, TYPE_FOR[part]);
  for (const name of Object.keys(duplicates.stricter ?? {})) check('stricter', name, 'yes_no');
}

function checkPriorities({ name: entity, priorities, fields }: EntityDefinition, pointer: string, problems: Problems): void {
  if (priorities === undefined) return;
  const field = (name: string): FieldDefinition | undefined => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const priority = field(priorities.field);
  if (priority?.type !== 'number' || priority.integer !== true) {
    const what = priority === undefined ? 'no such field' : 'no field for whole numbers';
    problems.add(
      'ENTITY_INVALID',
      `${pointer}/priorities/field`,
      `${entity}: ${shown(priorities.field)} is to hold the priority, but it is ${what}.`,
      'Name a field of the type number with "integer": true.',
    );
  }
  for (const [i, name] of (priorities.clients ?? []).entries()) {
    const reference = field(name);
    if (reference?.type === 'reference' && reference.entity !== '*') continue;
    problems.add(
      'ENTITY_INVALID',
      `${pointer}/priorities/clients/${i}`,
      `${entity}: ${shown(name)} does not refer to records of one entity.`,
      'Name fields of the type reference.',
    );
  }
}

function checkField(full: string, field: FieldDefinition, entities: ReadonlySet<string>, at: string, problems: Problems): void {
  switch (field.type) {
    case 'reference':
      if (field.entity !== '*' && !entities.has(field.entity)) {
        const hint = didYouMean(field.entity, entities);
        problems.add('ENTITY_UNKNOWN', `${at}/entity`, `${full} refers to ${shown(field.entity)}, which is not an entity.`, hint);
      }
      return;
    case 'select':
    case 'multi_select':
      unique(field.options, `${full}: the option`, `${at}/options`, problems);
      return;
    case 'number':
      if (field.min !== undefined && field.max !== undefined && field.min > field.max) {
        problems.add('ENTITY_INVALID', at, `${full}: the least value ${field.min} is above the greatest ${field.max}.`);
      }
      return;
    case 'money':
      if (field.currency !== undefined && !CURRENCIES.has(field.currency)) {
        problems.add('ENTITY_INVALID', `${at}/currency`, `${full}: ${field.currency} is not a currency.`, 'Give a code of ISO 4217.');
      }
      return;
    default:
  }
}

function unique(entries: readonly { id: string }[], what: string, at: string, problems: Problems): void {
  const seen = new Set<string>();
  entries.forEach(({ id }, index) => {
    if (seen.has(id)) problems.add('ENTITY_INVALID', `${at}/${index}/id`, `${what} ${shown(id)} stands there twice.`);
    seen.add(id);
  });
}

function withDefault(full: string, field: FieldDefinition, at: string, problems: Problems): FieldDefinition {
  if (field.type === 'formula' || field.default === undefined) return field;
  const kept = normaliseValue(field, field.default, { problems, pointer: `${at}/default`, country: 'RU' });
  if (kept === undefined) return field;
  if (kept === null) problems.add('ENTITY_INVALID', `${at}/default`, `${full}: the default is empty.`, 'Leave it out.');
  return { ...field, default: kept };
}
