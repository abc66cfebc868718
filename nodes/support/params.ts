/** Parts that the parameters of several nodes are made of. */
import { Type } from 'typebox';
import { NAME_PATTERN } from '../../schemas/entity.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';

export const AnyJson = Type.Unsafe<Json>({});
export const Fields = Type.Unsafe<JsonObject>({ type: 'object', minProperties: 1, maxProperties: 500 });

/** Id of a record, or null where an expression may find none. */
export const RecordId = Type.String({ minLength: 1, maxLength: 200 });

export const entityName = (description: string) => Type.String({ pattern: NAME_PATTERN, description });
export const fieldName = (description?: string) =>
  Type.String({ pattern: NAME_PATTERN, ...(description === undefined ? {} : { description }) });

export const RecordIdOut = Type.String({ format: 'uuid', description: 'Id of the record.' });
