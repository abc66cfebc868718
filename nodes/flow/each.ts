import { Type } from 'typebox';
import { defineNode, Value } from '../../engine/sdk.ts';
import { AnyJson } from '../support/params.ts';
import { brief } from '../support/summary.ts';

const MOST = 1_000;

export const eachNode = defineNode({
  type: 'flow.each',
  version: 1,
  title: 'For each',
  description: `Carries out the branch behind \`item\` for each item of a list, some side by side, and goes on by \`done\` when all are through. In the branch \`item\` and \`index\` (from 0) are in scope, and outputs of its nodes belong to the item. At most ${MOST} items; for more call a workflow for parts of the list.`,
  params: Type.Object(
    {
      items: Value(Type.Union([Type.Array(AnyJson, { maxItems: MOST }), Type.Null()]), {
        description: 'The items: `= record.items`. Nothing found: none.',
      }),
      parallel: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 1, description: 'How many are under way at a time.' })),
      onError: Type.Optional(
        Type.Enum(['collect', 'fail'], {
          default: 'collect',
          description:
            'A step of an item that fails without an error port: the item ends with the error and the others go on, or the run fails there.',
        }),
      ),
      enough: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: MOST,
          description: 'So many that end without an error are enough to go on by `done`; all without it.',
        }),
      ),
      rest: Type.Optional(
        Type.Enum(['leave', 'cancel'], {
          default: 'leave',
          description: 'With `enough`: what becomes of the other items: they are carried out to their end, or cancelled.',
        }),
      ),
      collect: Type.Optional(Type.Boolean({ default: false, description: 'Keep for each item the output of its last step as `results`.' })),
    },
    { additionalProperties: false },
  ),
  example: { items: '= record.items', parallel: 5 },
  summary: (params) => `${brief(params.items)}${params.parallel === undefined ? '' : `, ${brief(params.parallel)} at a time`}`,
  ports: ['done', 'item'],
  output: Type.Object({
    count: Type.Integer({ description: 'How many items have begun.' }),
    completed: Type.Integer({ description: 'How many have ended without an error.' }),
    failed: Type.Integer({ description: 'How many ended with an error.' }),
    errors: Type.Array(Type.Object({ index: Type.Integer(), code: Type.String(), message: Type.String() }), {
      description: 'The errors, at most 100.',
    }),
    results: Type.Optional(Type.Array(AnyJson, { description: 'With `collect`: the results in the order of the items.' })),
  }),
  run: (_ctx, { items, parallel = 1, onError = 'collect', collect = false, enough, rest = 'leave' }) => ({
    kind: 'each',
    items: items ?? [],
    parallel,
    onError,
    collect,
    ...(enough === undefined ? {} : { enough }),
    rest,
  }),
});
