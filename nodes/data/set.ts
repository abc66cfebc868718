import { Type } from 'typebox';
import { defineNode, Value } from '../../engine/sdk.ts';
import { AnyJson } from '../support/params.ts';
import { brief, part } from '../support/summary.ts';

export const setNode = defineNode({
  type: 'data.set',
  version: 1,
  title: 'Set values',
  description:
    'Keeps values under names, for later nodes of the run to read as `vars.<name>`. A value whose expression finds nothing is null: ask `vars.<name> != null`.',
  params: Type.Object(
    {
      values: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' }), Value(AnyJson), {
        additionalProperties: false,
        minProperties: 1,
        maxProperties: 100,
        description: 'Name and value; each value a literal or an expression.',
      }),
    },
    { additionalProperties: false },
  ),
  example: { values: { deadline: '= $fromMillis($toMillis($now()) + 3600000)', attempts: 0 } },
  summary: (params) =>
    Object.entries(part(params.values))
      .map(([name, value]) => `${name} = ${brief(value)}`)
      .join(', '),
  ports: ['next'],
  vars: (params) => Object.keys(part(params.values)),
  run(ctx, params) {
    ctx.setVars(params.values);
    return { kind: 'next', port: 'next', output: { ...params.values } };
  },
});
