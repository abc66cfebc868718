import { Type } from 'typebox';
import { Condition, defineNode } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

export const ifNode = defineNode({
  type: 'flow.if',
  version: 1,
  title: 'If',
  description: 'Goes on by `yes` if the condition holds, by `no` otherwise. A condition that finds nothing does not hold.',
  params: Type.Object({ when: Condition({ description: 'The condition.' }) }, { additionalProperties: false }),
  example: { when: 'record.score >= 80' },
  summary: (params) => brief(params.when),
  ports: ['yes', 'no'],
  output: Type.Object({ holds: Type.Boolean({ description: 'Did the condition hold?' }) }),
  run(_ctx, params) {
    const holds = params.when();
    return { kind: 'next', port: holds ? 'yes' : 'no', output: { holds } };
  },
});
