import type { FieldDefinition, StoredFieldDefinition } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import type { RecordMode } from './check.ts';
import { CURRENCIES } from './currency.ts';
import type { Entity } from './entity.ts';
import { MAX_AMOUNT, MAX_LONG_TEXT, MAX_TEXT } from './scalars.ts';
import { MAX_KEY, systemField } from './system.ts';
import { MAX_ITEMS } from './values.ts';

const uuid = { type: 'string', format: 'uuid' };
const anyRecord = {
  type: 'object',
  required: ['entity', 'id'],
  additionalProperties: false,
  properties: { entity: { type: 'string' }, id: uuid },
};

/**
 * JSON Schema (2020-12) of a record as the API takes it, for the API's description and the editor's forms. It describes values
 * as they are stored; `checkRecord`, which is what decides, also reads the looser writings of tables and forms. Each
 * property tells its field type as `x-type`, references their entity as `x-entity`.
 */
export function recordJsonSchema(entity: Entity, mode: RecordMode): JsonObject {
  const { definition } = entity;
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const [name, field] of Object.entries(definition.fields)) {
    if (field.type === 'formula' || (mode === 'update' && field.readonly === true)) continue;
    properties[name] = fieldSchema(field, field.required !== true);
    if (mode === 'create' && field.required === true && field.default === undefined) required.push(name);
  }
  for (const name of ['key', 'owner', 'stage']) {
    const field = systemField(definition, name);
    if (field !== undefined && field.type !== 'formula') properties[name] = fieldSchema(field, true);
  }
  properties.key = { ...asObject(properties.key), type: ['string', 'null'], maxLength: MAX_KEY };
  return {
    type: 'object',
    title: definition.title,
    additionalProperties: false,
    properties,
    ...(required.length === 0 ? {} : { required }),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function fieldSchema(field: StoredFieldDefinition, nullable: boolean): JsonObject {
  const { type, ...rest } = valueSchema(field);
  return {
    title: field.title,
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(field.default === undefined ? {} : { default: field.default }),
    'x-type': field.type,
    ...(field.type === 'reference' ? { 'x-entity': field.entity } : {}),
    ...(type === undefined ? {} : { type: nullable ? [type, 'null'] : type }),
    ...rest,
    // `type` alone does not admit null where the values are listed.
    ...(nullable && Array.isArray(rest.oneOf) ? { oneOf: [...rest.oneOf, { const: null, title: '' }] } : {}),
  };
}

function valueSchema(field: StoredFieldDefinition): JsonObject {
  switch (field.type) {
    case 'text':
      return many(field.many, { type: 'string', maxLength: MAX_TEXT });
    case 'long_text':
      return { type: 'string', maxLength: MAX_LONG_TEXT };
    case 'number':
      return {
        type: field.integer === true ? 'integer' : 'number',
        ...(field.min === undefined ? {} : { minimum: field.min }),
        ...(field.max === undefined ? {} : { maximum: field.max }),
      };
    case 'money':
      return {
        type: 'object',
        required: ['amount', 'currency'],
        additionalProperties: false,
        properties: {
          amount: { type: 'number', minimum: -MAX_AMOUNT, maximum: MAX_AMOUNT },
          currency: { type: 'string', enum: [...CURRENCIES] },
        },
      };
    case 'select':
      return { type: 'string', oneOf: choices(field) };
    case 'multi_select':
      return list({ type: 'string', oneOf: choices(field) });
    case 'date':
      return { type: 'string', format: 'date' };
    case 'date_time':
      return { type: 'string', format: 'date-time' };
    case 'yes_no':
      return { type: 'boolean' };
    case 'reference': {
      const one = field.entity === '*' ? anyRecord : uuid;
      return field.many === true ? list(one) : one;
    }
    case 'file':
      return fileSchema;
    case 'json':
      return field.form === 'calendar' ? { type: 'object' } : {};
    case 'phone':
      return many(field.many, { type: 'string', pattern: '^\\+[1-9][0-9]{1,14}$' });
    case 'email':
      return many(field.many, { type: 'string', maxLength: 254, pattern: '@' });
  }
}

const fileSchema: JsonObject = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    id: { type: 'string', maxLength: 200 },
    url: { type: 'string', format: 'uri', maxLength: 2000 },
    name: { type: 'string', maxLength: 255 },
    size: { type: 'integer', minimum: 0 },
    type: { type: 'string' },
  },
};

function choices(field: Extract<FieldDefinition, { type: 'select' | 'multi_select' }>): JsonObject[] {
  return field.options.map(({ id, title }) => ({ const: id, title }));
}

function many(several: boolean | undefined, one: JsonObject): JsonObject {
  return several === true ? list(one) : one;
}

function list(items: JsonObject): JsonObject {
  return { type: 'array', items, uniqueItems: true, maxItems: MAX_ITEMS };
}
