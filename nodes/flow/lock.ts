import { Type } from 'typebox';
import { acquire, defineNode, release, type StepContext, Template } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

const Params = Type.Object(
  {
    key: Type.Optional(Template({ maxLength: 200, description: "What is entered by one run at a time; the run's record without it." })),
  },
  { additionalProperties: false },
);

/** Keys are shared by all workflows: two that name the same thing never work on it at once. */
const keyOf = (ctx: StepContext, key: string | undefined): string => `lock:${key ?? ctx.record?.id ?? ctx.run.workflowId}`;

export const lockNode = defineNode({
  type: 'flow.lock',
  version: 1,
  title: 'Enter a critical section',
  description:
    'Only one run at a time goes on from here, of all workflows that use the same key; others wait in line, the first first. It is left by flow.unlock, or when the run ends. A failed run keeps its place until it is retried or cancelled.',
  params: Params,
  example: { key: 'stock-{{record.id}}' },
  summary: (params) => brief(params.key, 'the record'),
  ports: ['next'],
  *run(ctx, { key }) {
    const taken = yield* acquire(ctx, keyOf(ctx, key));
    return taken ? { kind: 'next', port: 'next' } : { kind: 'wait', wait: { kind: 'signal' } };
  },
  resume: () => ({ kind: 'next', port: 'next' }),
});

export const unlockNode = defineNode({
  type: 'flow.unlock',
  version: 1,
  title: 'Leave a critical section',
  description: 'Lets the next run in line enter. Without effect where the run is not within.',
  params: Params,
  example: { key: 'stock-{{record.id}}' },
  summary: (params) => brief(params.key, 'the record'),
  ports: ['next'],
  *run(ctx, { key }) {
    yield* release(ctx, keyOf(ctx, key));
    return { kind: 'next', port: 'next' };
  },
});
