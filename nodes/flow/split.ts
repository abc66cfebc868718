import { Type } from 'typebox';
import { chooseArm, defineNode, parseDuration, readMark, type StepContext, stickyShare } from '../../engine/sdk.ts';
import type { Json, JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { brief, list, part } from '../support/summary.ts';

const Arm = Type.Object(
  {
    port: Type.String({ pattern: '^(?!error$)[a-z][a-z0-9_-]{0,62}$', description: 'Name of the way out.' }),
    weight: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1_000_000, default: 1, description: 'Its part of the records, beside the others.' }),
    ),
  },
  { additionalProperties: false },
);

const armMark = (workflow: string, node: string, about: string): string => `arm:${workflow}:${node}:${about}`;
const aboutOf = (ctx: StepContext): string => ctx.record?.id ?? ctx.run.id;

export const splitNode = defineNode({
  type: 'flow.split',
  version: 1,
  title: 'A/B split',
  description:
    'Sends records by one of several ways, a record always by the same, and counts how many end in flow.success. `takt experiment show` compares the ways; the winner is taken for all new records by hand, or with `adopt: auto` as soon as it is certain.',
  params: Type.Object(
    {
      arms: Type.Array(Arm, { minItems: 2, maxItems: 10, description: 'The ways.' }),
      minimum: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1_000_000,
          default: 100,
          description: 'Records that each way needs before there is a winner.',
        }),
      ),
      for: Type.Optional(
        Type.Unsafe<string>({
          ...DurationText,
          default: 'P7D',
          description: 'How long it runs at least: how far apart the first and the last record that count are.',
        }),
      ),
      settle: Type.Optional(
        Type.Unsafe<string>({
          ...DurationText,
          default: 'PT0S',
          description: 'How long a record is on its way before it counts: as long as its success may take. Without it, it counts at once.',
        }),
      ),
      confidence: Type.Optional(Type.Number({ minimum: 0.5, maximum: 0.9999, default: 0.95, description: 'How sure a winner must be.' })),
      adopt: Type.Optional(Type.Enum(['by_hand', 'auto'], { default: 'by_hand', description: 'Who decides that the winner is taken.' })),
    },
    { additionalProperties: false },
  ),
  example: { arms: [{ port: 'three_days' }, { port: 'five_days' }], minimum: 200, for: 'P7D' },
  summary: (params) =>
    armsOf(params)
      .map(({ name }) => name)
      .join(' / '),
  ports: (params) => [...new Set(armsOf(params).map(({ name }) => name))],
  output: Type.Object({
    arm: Type.String({ description: 'The way that was taken.' }),
    adopted: Type.Boolean({ description: 'Was it taken because it has won?' }),
  }),
  experiment: (params) => ({
    arms: armsOf(params).map(({ name }) => name),
    minimum: Number(params.minimum ?? 100),
    atLeastMs: parseDuration(String(params.for ?? 'P7D')),
    settleMs: parseDuration(String(params.settle ?? 'PT0S')),
    confidence: Number(params.confidence ?? 0.95),
    adopt: params.adopt === 'auto' ? 'auto' : 'by_hand',
  }),
  *run(ctx, params) {
    const { workflowId } = ctx.run;
    const about = aboutOf(ctx);
    const mark = armMark(workflowId, ctx.node.id, about);
    const winnerMark = `winner:${workflowId}:${ctx.node.id}`;
    yield { kind: 'marks', keys: [mark, winnerMark] };
    const known = part(ctx.mark(mark)).arm;
    if (typeof known === 'string' && params.arms.some((arm) => arm.port === known)) return taken(known, false);
    const winner = ctx.mark(winnerMark);
    // Once there is a winner, nobody is counted any more.
    if (typeof winner === 'string' && params.arms.some((arm) => arm.port === winner)) return taken(winner, true);
    const share = stickyShare(workflowId, ctx.node.id, about);
    const arm =
      params.arms[
        chooseArm(
          share,
          params.arms.map(({ weight = 1 }) => weight),
        )
      ]?.port ?? '';
    ctx.setMark(mark, { arm, at: ctx.now });
    return taken(arm, false);
  },
});

const taken = (arm: string, adopted: boolean) => ({ kind: 'next' as const, port: arm, output: { arm, adopted } });

const armsOf = (params: JsonObject): { name: string }[] =>
  list(params.arms).flatMap((arm: Json) => {
    const { port } = part(arm);
    return typeof port === 'string' ? [{ name: port }] : [];
  });

export const successNode = defineNode({
  type: 'flow.success',
  version: 1,
  title: 'Success of a split',
  description: 'Counts the record as a success of the way by which flow.split has sent it. Once for a record, however often it comes by.',
  params: Type.Object(
    { split: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'Id of the flow.split of this workflow.' }) },
    { additionalProperties: false },
  ),
  example: { split: 'when_to_follow_up' },
  summary: (params) => brief(params.split),
  ports: ['next'],
  output: Type.Object({ counted: Type.Boolean({ description: 'false: it had been counted, or never came by the split.' }) }),
  *run(ctx, { split }) {
    const mark = armMark(ctx.run.workflowId, split, aboutOf(ctx));
    const value = part(yield* readMark(ctx, mark));
    const counted = typeof value.arm === 'string' && value.success_at === undefined;
    if (counted) ctx.setMark(mark, { ...value, success_at: ctx.now });
    return { kind: 'next', port: 'next', output: { counted } };
  },
});
