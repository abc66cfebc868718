import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { EntityDefinition, type FieldDefinition } from '../../schemas/entity.ts';
import { CURRENCIES } from './currency.ts';
import { didYouMean } from './nearest.ts';
import { type Problems, shown } from './problems.ts';
import { RESERVED } from './system.ts';
import { normaliseValue } from './values.ts';

let compiled: ValidateFunction<EntityDefinition> | undefined;

/** Compiled at first use: 20 ms that a process without records does not pay. */
function validator(): ValidateFunction<EntityDefinition> {
  compiled ??= new Ajv({ allErrors: true, discriminator: true, strict: false }).compile<EntityDefinition>(EntityDefinition);
  return compiled;
}

/** Has the value the form of a definition? What is wrong is noted under `pointer`. */
export function checkForm(value: unknown, pointer: string, problems: Problems): value is EntityDefinition {
  const validate = validator();
  if (validate(value)) return true;
  for (const error of validate.errors ?? []) {
    problems.add('ENTITY_INVALID', `${pointer}${error.instancePath}`, `${told(error)}.`);
  }
  return false;
}

function told(error: ErrorObject): string {
  const params: Readonly<Record<string, unknown>> = error.params;
  const strange = params.additionalProperty ?? params.propertyName;
  if (error.keyword === 'discriminator') return `the field has no known type (${shown(String(params.tagValue))})`;
  return `${error.message ?? error.keyword}${typeof strange === 'string' ? `: ${shown(strange)}` : ''}`;
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
    const hint = didYouMean(name, Object.keys(fields), 'Name a field of the entity.');
    problems.add('ENTITY_INVALID', `${pointer}/nameField`, `${definition.name} has no field ${shown(name)} for its name.`, hint);
  }
  return { ...definition, fields };
}

function checkField(full: string, field: FieldDefinition, entities: ReadonlySet<string>, at: string, problems: Problems): void {
  switch (field.type) {
    case 'reference':
      if (field.entity !== '*' && !entities.has(field.entity)) {
        const hint = didYouMean(field.entity, entities, 'Define that entity, or name another.');
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
