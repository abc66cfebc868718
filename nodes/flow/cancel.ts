import { Type } from 'typebox';
import { defineNode } from '../../engine/sdk.ts';
import { list } from '../support/summary.ts';

export const cancelNode = defineNode({
  type: 'flow.cancel',
  version: 1,
  title: 'Cancel a part of the run',
  description:
    'Takes away what is under way at these nodes of this run: waits end, what has not been sent stays unsent, items of a flow.each go with it. The other branches go on. In the branch of an item it concerns that item and what is around it, not other items.',
  params: Type.Object(
    {
      nodes: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), {
        minItems: 1,
        maxItems: 500,
        uniqueItems: true,
        description: 'Ids of the nodes.',
      }),
      complete: Type.Optional(
        Type.Boolean({
          default: false,
          description: 'A flow.each among them goes on by `done` with what is through so far, instead of ending.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { nodes: ['second_mail', 'third_mail'] },
  summary: (params) => `${list(params.nodes).join(', ')}${params.complete === true ? ', go on with what is through' : ''}`,
  ports: ['next'],
  output: Type.Object({ cancelled: Type.Integer({ description: 'How many branches ended.' }) }),
  run: (_ctx, { nodes, complete = false }) => ({ kind: 'cancel', nodes, complete }),
});
