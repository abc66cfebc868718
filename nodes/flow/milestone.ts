import { Type } from 'typebox';
import { defineNode } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

const NodeId = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' });

export const milestoneNode = defineNode({
  type: 'flow.milestone',
  version: 1,
  title: 'Milestone',
  description: 'Tells whether another branch of the run has reached a node, and has not yet reached a later one.',
  params: Type.Object(
    {
      reached: Type.Unsafe<string>({ ...NodeId, description: 'Id of the node that must have been entered.' }),
      before: Type.Optional(Type.Unsafe<string>({ ...NodeId, description: 'Id of the node that must not have been entered yet.' })),
    },
    { additionalProperties: false },
  ),
  example: { reached: 'offer_sent', before: 'signed' },
  summary: (params) => `${brief(params.reached)} reached${params.before === undefined ? '' : `, ${brief(params.before)} not yet`}`,
  ports: ['yes', 'no'],
  output: Type.Object({ holds: Type.Boolean({ description: 'Is it so?' }) }),
  run(ctx, { reached, before }) {
    const holds = ctx.visits(reached) > 0 && (before === undefined || ctx.visits(before) === 0);
    return { kind: 'next', port: holds ? 'yes' : 'no', output: { holds } };
  },
});
