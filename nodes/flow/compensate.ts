import { Type } from 'typebox';
import { defineNode } from '../../engine/sdk.ts';

export const compensateNode = defineNode({
  type: 'flow.compensate',
  version: 1,
  title: 'Compensate',
  description:
    'Takes back what the run has done: carries out the handlers of finished nodes (`"compensate": "<node>"` in the file), the newest first, one after the other. In a handler `item.node` and `item.output` tell what it takes back. What has been compensated is not so twice.',
  params: Type.Object({}, { additionalProperties: false }),
  example: {},
  summary: () => 'what has been done',
  ports: ['next'],
  output: Type.Object({ compensated: Type.Integer({ description: 'How many handlers were carried out.' }) }),
  run: () => ({ kind: 'compensate' }),
});
