import { Type } from 'typebox';
import { acquire, defineNode, release, type StepContext, Template } from '../../engine/sdk.ts';
import { brief } from '../support/summary.ts';

const Params = Type.Object(
  {
    key: Type.Optional(Template({ maxLength: 200, description: "What is entered by one branch at a time; the run's record without it." })),
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
    'Only one branch at a time goes on from here, of all runs of all workflows that use the same key; others wait in line, the first first. A branch that is within already goes on at once. It is left by flow.unlock, or when the branch ends or is cancelled. A failed run keeps its place until it is retried or cancelled.',
  params: Params,
  example: { key: 'stock-{{record.id}}' },
  summary: (params) => brief(params.key, 'the record'),
  ports: ['next'],
  *run(ctx, { key }) {
    const place = keyOf(ctx, key);
    const taken = yield* acquire(ctx, place);
    return taken ? { kind: 'next', port: 'next' } : { kind: 'wait', wait: { kind: 'place', key: place } };
  },
  resume: () => ({ kind: 'next', port: 'next' }),
});

export const unlockNode = defineNode({
  type: 'flow.unlock',
  version: 1,
  title: 'Leave a critical section',
  description: 'Lets the next in line enter. Without effect where the branch is not within.',
  params: Params,
  example: { key: 'stock-{{record.id}}' },
  summary: (params) => brief(params.key, 'the record'),
  ports: ['next'],
  *run(ctx, { key }) {
    yield* release(ctx, keyOf(ctx, key));
    return { kind: 'next', port: 'next' };
  },
});
