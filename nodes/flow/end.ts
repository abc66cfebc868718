import { Type } from 'typebox';
import { defineNode, Template, Value } from '../../engine/sdk.ts';
import { AnyJson } from '../support/params.ts';
import { brief } from '../support/summary.ts';

export const endNode = defineNode({
  type: 'flow.end',
  version: 1,
  title: 'End',
  description: 'Ends the run and everything that it still waits for, or only this branch of it. A branch without a way on ends by itself.',
  params: Type.Object(
    {
      outcome: Type.Optional(Template({ maxLength: 200, description: 'How it ended, in a few words; shown in lists and counted.' })),
      output: Type.Optional(Value(AnyJson, { description: 'What a workflow that called this one gets.' })),
      scope: Type.Optional(Type.Enum(['run', 'branch'], { default: 'run', description: 'What ends: the whole run, or only this branch.' })),
    },
    { additionalProperties: false },
  ),
  example: { outcome: 'not a fit' },
  summary: (params) =>
    `${params.scope === 'branch' ? 'End of branch' : 'End'}${params.outcome === undefined ? '' : `: ${brief(params.outcome)}`}`,
  ports: [],
  run: (_ctx, params) => ({
    kind: 'end',
    scope: params.scope ?? 'run',
    ...(params.output === undefined ? {} : { output: params.output }),
    ...(params.outcome === undefined || params.outcome === '' ? {} : { outcome: params.outcome }),
  }),
});
