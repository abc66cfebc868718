import { Type } from 'typebox';
import { defineNode, findRecords, Value } from '../../engine/sdk.ts';
import { AnyJson, entityName, Fields } from '../support/params.ts';
import { brief, part } from '../support/summary.ts';

export const findNode = defineNode({
  type: 'record.find',
  version: 1,
  title: 'Find records',
  description:
    'Finds records whose fields equal the given values, the oldest first; deleted ones are left out. Goes on by `found` or `none`.',
  params: Type.Object(
    {
      entity: entityName('The entity to search.'),
      match: Value(Fields, {
        description:
          'Field and value; all must be equal. A list-valued field matches when it contains the value. `key`, `owner` and `stage` too. Where an expression finds nothing, no record fits.',
      }),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1, description: 'At most so many.' })),
      subject: Type.Optional(Type.Boolean({ default: false, description: "Makes the first one the run's own record from here on." })),
    },
    { additionalProperties: false },
  ),
  example: { entity: 'company', match: { domain: "= $substringAfter(record.emails[0], '@')" } },
  summary: (params) =>
    `${brief(params.entity)} by ${typeof params.match === 'string' ? brief(params.match) : Object.keys(part(params.match)).join(', ')}`,
  ports: ['found', 'none'],
  output: Type.Object({
    id: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], { description: 'Id of the first.' }),
    ids: Type.Array(Type.String({ format: 'uuid' }), { description: 'Ids of all.' }),
    count: Type.Integer({ description: 'How many were found, at most `limit`.' }),
    record: Type.Unsafe({ ...AnyJson, description: 'The first with its fields, or null.' }),
  }),
  *run(ctx, params) {
    const { entity, match, limit = 1, subject = false } = params;
    // What an expression did not find equals nothing: the search must not become a wider one.
    const nothing = Object.values(match).includes(null);
    const found = nothing ? [] : yield* findRecords(ctx, { entity, match, limit });
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
