import { Type } from 'typebox';
import { defineNode, TaktError, Value } from '../../engine/sdk.ts';
import { AnyJson, Fields, RecordId } from '../support/params.ts';
import { targetRecord } from '../support/record.ts';
import { brief, part } from '../support/summary.ts';

export const callNode = defineNode({
  type: 'flow.call',
  version: 1,
  title: 'Call a workflow',
  description:
    'Starts another workflow through its trigger.call, and waits for its end or goes on at once. Where nothing leaves `failed`, a failed run fails this step. When this run is cancelled while it waits, so is the one that it called.',
  params: Type.Object(
    {
      workflow: Value(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), { description: 'Id of the workflow.' }),
      record: Type.Optional(
        Value(Type.Union([RecordId, Type.Null()]), {
          description: "Id of the record that it works on; the run's own, if any, without it; none with null.",
        }),
      ),
      input: Type.Optional(Value(Fields, { absent: 'leave out', description: 'What it gets as `event.data.input`.' })),
      wait: Type.Optional(Type.Boolean({ default: true, description: 'Wait for its end.' })),
    },
    { additionalProperties: false },
  ),
  example: { workflow: 'check-phone', input: { phone: '= record.phones[0]' } },
  summary: (params) => `${brief(params.workflow)}${params.wait === false ? ', without waiting' : ''}`,
  ports: ['done', 'failed'],
  output: Type.Object({
    run: Type.String({ format: 'uuid', description: 'Id of the run.' }),
    status: Type.Optional(Type.String({ description: 'done, cancelled or failed.' })),
    outcome: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: 'The outcome that its flow.end named.' })),
    output: Type.Optional(Type.Unsafe({ ...AnyJson, description: 'What its flow.end gave; of a failed run `code` and `message`.' })),
  }),
  *run(ctx, { workflow, record, input = {}, wait = true }) {
    const target = record === null || (record === undefined && !ctx.record) ? undefined : yield* targetRecord(ctx, record);
    const run = ctx.startRun({ workflow, recordId: target?.id, input }, wait);
    return wait ? { kind: 'wait', wait: { kind: 'child', run } } : { kind: 'next', port: 'done', output: { run } };
  },
  resume(_ctx, wake) {
    if (wake.kind !== 'child') throw new TaktError('INTERNAL', { message: `A call was ended by ${wake.kind}.` });
    const { run, status, outcome, output } = wake.child;
    const told = { run, status, outcome, output };
    if (status !== 'failed') return { kind: 'next', port: 'done', output: told };
    const { code, message } = part(output);
    const error = new TaktError('CALL_FAILED', { message: `The run ${run} has failed: ${brief(code)}: ${brief(message)}` });
    return { kind: 'next', port: 'failed', or: error, output: told };
  },
});
