import { Type } from 'typebox';
import { defineNode, Value } from '../../engine/sdk.ts';
import { Fields, RecordId, RecordIdOut } from '../support/params.ts';
import { targetRecord, updateFields } from '../support/record.ts';
import { brief, part } from '../support/summary.ts';

export const updateNode = defineNode({
  type: 'record.update',
  version: 1,
  title: 'Change a record',
  description: 'Writes fields of a record. A field whose expression finds nothing stays as it is; null clears one.',
  params: Type.Object(
    {
      record: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the record; the run's own without it." })),
      fields: Value(Fields, { absent: 'leave out', description: 'The fields to write; each value a literal or an expression.' }),
    },
    { additionalProperties: false },
  ),
  example: { fields: { stage: 'qualified', qualified_at: '= $now()', reason: null } },
  summary: (params) => (typeof params.fields === 'string' ? brief(params.fields) : Object.keys(part(params.fields)).join(', ')),
  ports: ['next'],
  output: Type.Object({
    id: RecordIdOut,
    changed: Type.Array(Type.String(), { description: 'Names of the fields that have another value now.' }),
  }),
  *run(ctx, params) {
    const record = yield* targetRecord(ctx, params.record);
    return { kind: 'next', port: 'next', output: { id: record.id, changed: updateFields(ctx, record, params.fields) } };
  },
});
