import { Type } from 'typebox';
import { type DataRequest, defineNode, findRecords, loadRecords, type RecordView, type StepContext, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { AnyJson, entityName, Fields, RecordId } from '../support/params.ts';
import { isId } from '../support/record.ts';
import { brief, part } from '../support/summary.ts';

export const findNode = defineNode({
  type: 'record.find',
  version: 1,
  title: 'Find records',
  description:
    'Finds records whose fields equal the given values, the oldest first, or the one that a reference leads to; deleted ones are left out. Goes on by `found` or `none`.',
  params: Type.Object(
    {
      entity: entityName('The entity to search.'),
      id: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), { description: 'Id of the one record that is meant: `= record.contact`.' }),
      ),
      match: Type.Optional(
        Value(Fields, {
          description:
            'Instead of an id: field and value; all must be equal. A list-valued field matches when it contains the value. `key`, `owner` and `stage` too. Where an expression finds nothing, no record fits.',
        }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1, description: 'At most so many.' })),
      subject: Type.Optional(Type.Boolean({ default: false, description: "Makes the first one the run's own record from here on." })),
    },
    { additionalProperties: false, oneOf: [{ required: ['id'] }, { required: ['match'] }] },
  ),
  example: { entity: 'company', match: { domain: "= $substringAfter(record.emails[0], '@')" } },
  summary: ({ entity, id, match }) =>
    `${brief(entity)} by ${id !== undefined || typeof match === 'string' ? brief(id ?? match) : Object.keys(part(match)).join(', ')}`,
  ports: ['found', 'none'],
  output: Type.Object({
    id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'Id of the first.' }),
    ids: Type.Array(Type.String({ format: 'uuid' }), { description: 'Ids of all.' }),
    count: Type.Integer({ description: 'How many were found, at most `limit`.' }),
    record: Type.Unsafe({ ...AnyJson, description: 'The first with its fields, or null.' }),
  }),
  *run(ctx, params) {
    const { entity, id, match, limit = 1, subject = false } = params;
    const found = match === undefined ? yield* byId(ctx, entity, id) : yield* byFields(ctx, entity, match, limit);
    const first = found[0];
    const output = {
      id: first?.id ?? null,
      ids: found.map((record) => record.id),
      count: found.length,
      record: first ? { ...first } : null,
    };
    if (!first) return { kind: 'next', port: 'none', output };
    return { kind: 'next', port: 'found', output, ...(subject ? { subject: first.id } : {}) };
  },
});

function* byId(ctx: StepContext, entity: string, id: string | null | undefined): Generator<DataRequest, readonly RecordView[], void> {
  const records = typeof id === 'string' && isId(id) ? yield* loadRecords(ctx, [id]) : [];
  return records.filter((record) => record.entity === entity);
}

function* byFields(
  ctx: StepContext,
  entity: string,
  match: JsonObject,
  limit: number,
): Generator<DataRequest, readonly RecordView[], void> {
  // What an expression did not find equals nothing: the search must not become a wider one.
  return Object.values(match).includes(null) ? [] : yield* findRecords(ctx, { entity, match, limit });
}
