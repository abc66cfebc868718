import { Type } from 'typebox';
import { defineNode, Value } from '../../engine/sdk.ts';
import { RecordId } from '../support/params.ts';
import { targetId } from '../support/record.ts';
import { brief } from '../support/summary.ts';

export const cancelRunsNode = defineNode({
  type: 'run.cancel',
  version: 1,
  title: 'Cancel runs',
  description:
    'Ends the runs of a workflow on a record where they stand, such as a chain of mails that another one takes over from. This run goes on.',
  params: Type.Object(
    {
      workflow: Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$', description: 'Id of the workflow.' }),
      record: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the record; the run's own without it." })),
    },
    { additionalProperties: false },
  ),
  example: { workflow: 'nurturing' },
  summary: (params) => brief(params.workflow),
  ports: ['next'],
  output: Type.Object({ cancelled: Type.Integer({ description: 'How many runs were told to end.' }) }),
  *run(ctx, { workflow, record }) {
    const recordId = targetId(ctx, record);
    yield { kind: 'open_runs', workflowId: workflow, recordId };
    const others = ctx.openRuns(workflow, recordId).filter((id) => id !== ctx.run.id);
    for (const id of others) ctx.signalRun(id, '!cancel');
    return { kind: 'next', port: 'next', output: { cancelled: others.length } };
  },
});
