import { Type } from 'typebox';
import { defineNode, findRecords, type RecordView, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { entityName, Fields, RecordIdOut } from '../support/params.ts';
import { brief } from '../support/summary.ts';

const Params = Type.Object(
  {
    entity: entityName('The entity of the new record.'),
    fields: Value(Fields, {
      absent: 'leave out',
      description: 'Its fields; each value a literal or an expression. A field whose expression finds nothing stays empty.',
    }),
    key: Type.Optional(
      Value(Type.String({ minLength: 1, maxLength: 200 }), {
        description: 'What an outside system calls the record. There is at most one record of an entity with a key.',
      }),
    ),
    onExisting: Type.Optional(
      Type.Enum(['skip', 'update', 'error'], {
        default: 'error',
        description: 'What to do where the key is taken: leave that record as it is, write the fields into it, or fail.',
      }),
    ),
    subject: Type.Optional(Type.Boolean({ default: false, description: "Makes it the run's own record from here on." })),
  },
  { additionalProperties: false },
);

export const createNode = defineNode({
  type: 'record.create',
  version: 1,
  title: 'Create a record',
  description: 'Creates a record. With a key it is created only once, however often the workflow comes by.',
  params: Params,
  example: { entity: 'deal', fields: { name: '= record.name', lead: '= record.id' }, key: '= "deal-" & record.id', onExisting: 'skip' },
  summary: (params) => `New ${brief(params.entity)}`,
  ports: ['next'],
  output: Type.Object({ id: RecordIdOut, created: Type.Boolean({ description: 'false: the key was taken.' }) }),
  *run(ctx, params) {
    const { entity, fields, key, onExisting = 'error', subject = false } = params;
    const existing = key === undefined ? undefined : (yield* findRecords(ctx, { entity, match: { key }, limit: 1 }))[0];
    const id = existing?.id ?? ctx.create({ entity, data: key === undefined ? fields : { ...fields, key } });
    if (existing) settle(ctx, existing, fields, onExisting);
    return { kind: 'next', port: 'next', output: { id, created: existing === undefined }, ...(subject ? { subject: id } : {}) };
  },
});

function settle(ctx: StepContext, existing: RecordView, fields: JsonObject, onExisting: 'skip' | 'update' | 'error'): void {
  if (onExisting === 'update') ctx.update(existing.id, fields);
  if (onExisting !== 'error') return;
  throw new TaktError('NODE_KEY_TAKEN', { message: `There is a ${existing.entity} with the key ${JSON.stringify(existing.key)} already.` });
}
