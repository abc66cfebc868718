import { Type } from 'typebox';
import { defineNode } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

export const joinNode = defineNode({
  type: 'flow.join',
  version: 1,
  title: 'Join branches',
  description:
    'Lets one token on where branches meet. `all`: as soon as no other branch of the run can come here any more. `any` or a number: with the first, or the nth, that comes; those that come later end here. Branches are told apart by the edges that they come over: one that comes over an edge again before the others have come, or again in a loop, is of the next round and waits for it. Branches that parted at different times are of different rounds, also where they overtake each other. So a number as large as there are edges waits for one over each. Where only one edge, or fewer than the number, leads in, every arrival counts. When fewer come than are needed, it goes out by `short`.',
  params: Type.Object(
    {
      wait: Type.Union([Type.Enum(['all', 'any']), Type.Integer({ minimum: 1, maximum: 1_000 })], {
        description: 'How many branches it waits for: `all`, `any` (the first), or a number.',
      }),
      rest: Type.Optional(
        Type.Enum(['leave', 'cancel'], {
          default: 'leave',
          description:
            'With `any` or a number: what becomes of the branches that are still on their way: they go on until they end here, or they are cancelled.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  example: { wait: 'all' },
  summary: (params) => `${brief(params.wait)}${params.rest === 'cancel' ? ', cancel the rest' : ''}`,
  ports: ['next', 'short'],
  output: Type.Object({ arrived: Type.Integer({ description: 'How many branches came.' }) }),
  run: (_ctx, { wait, rest }) => ({ kind: 'join', need: wait === 'any' ? 1 : wait, rest: rest ?? 'leave' }),
});
