import { Type } from 'typebox';
import { Condition, defineNode } from '../../engine/sdk.ts';
import { list, part } from '../support/summary.ts';

const Case = Type.Object(
  {
    port: Type.String({
      pattern: '^(?!(?:else|error)$)[a-z][a-z0-9_-]{0,62}$',
      description: 'Name of the way out. Each once; `else` and `error` are taken.',
    }),
    when: Condition({ description: 'When this way is taken.' }),
  },
  { additionalProperties: false },
);

export const switchNode = defineNode({
  type: 'flow.switch',
  version: 1,
  title: 'Switch',
  description: 'Asks the cases from top to bottom and goes on by the port of the first that holds; by `else` if none does.',
  params: Type.Object(
    { cases: Type.Array(Case, { minItems: 1, maxItems: 50, description: 'The cases, in the order in which they are asked.' }) },
    { additionalProperties: false },
  ),
  example: {
    cases: [
      { port: 'vip', when: 'record.score >= 80' },
      { port: 'warm', when: 'record.score >= 40' },
    ],
  },
  summary: (params) => [...casePorts(params.cases), 'else'].join(' · '),
  ports: (params) => [...casePorts(params.cases), 'else'],
  output: Type.Object({ port: Type.String({ description: 'The port that was taken.' }) }),
  run(_ctx, params) {
    const port = params.cases.find((one) => one.when())?.port ?? 'else';
    return { kind: 'next', port, output: { port } };
  },
});

function casePorts(cases: Parameters<typeof list>[0]): string[] {
  const ports = list(cases).flatMap((one) => {
    const { port } = part(one);
    return typeof port === 'string' ? [port] : [];
  });
  return [...new Set(ports)];
}
