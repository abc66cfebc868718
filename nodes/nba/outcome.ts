import { Type } from 'typebox';
import { defineNode, isoOf, parseDuration, type RecordView, TaktError, Value } from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { RecordId } from '../support/params.ts';
import { targetRecord } from '../support/record.ts';
import { brief } from '../support/summary.ts';
import { recommendationsOf } from './kept.ts';
import { noteOutcomes, type Outcome, segmentName } from './rates.ts';

const HALF_LIFE_DAYS = 365;

const Params = Type.Object(
  {
    record: Type.Optional(Value(Type.Union([RecordId, Type.Null()]), { description: "Id of the record; the run's own without it." })),
    success: Value(Type.Union([Type.Boolean(), Type.Null()]), { description: "Whether it has ended well: `= record.stage = 'won'`." }),
    earned: Type.Optional(
      Value(Type.Union([Type.Number(), Type.Null()]), {
        description: 'What a success has brought: the profit, in the currency of the recommendations.',
      }),
    ),
    within: Type.Optional(
      Type.Unsafe<string>({
        ...DurationText,
        default: 'P90D',
        description: 'How long before the outcome an action may have been done to count.',
      }),
    ),
    half_life_days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3_650,
        default: HALF_LIFE_DAYS,
        description: 'After so many days an outcome counts half in what is learned.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const outcomeNode = defineNode({
  type: 'nba.outcome',
  version: 1,
  title: 'Attribute an outcome',
  description:
    'Tells recommendations what came of their record. Actions that were done teach how often they succeed in their segment, and how often the person does; what was earned is told to the last one that was done. What is still open for the record is over.',
  params: Params,
  example: { success: "= record.stage = 'won'", earned: '= record.budget.amount * record.margin / 100' },
  summary: ({ success }) => brief(success),
  ports: ['next', 'none'],
  output: Type.Object({
    attributed: Type.Integer({ description: 'Recommendations that know the outcome now.' }),
    action: Type.Union([Type.String(), Type.Null()], { description: 'The last action that was done; null: none was.' }),
    earned: Type.Union([Type.Number(), Type.Null()], { description: 'What it is told to have earned.' }),
    closed: Type.Integer({ description: 'Recommendations that were open, and are over.' }),
  }),
  *run(ctx, { record: given, success, earned, within = 'P90D', half_life_days: halfLife = HALF_LIFE_DAYS }) {
    if (success === null) {
      throw new TaktError('OUTCOMES_NONE', {
        message: 'Whether the record has ended well is not known.',
        pointer: '/params/success',
        hint: 'Give an expression that is true or false.',
      });
    }
    if (typeof earned === 'number' && earned < 0) {
      throw new TaktError('WORTH_INVALID', { message: `The record has earned ${earned}.`, pointer: '/params/earned' });
    }
    const record = yield* targetRecord(ctx, given);
    const since = ctx.now - parseDuration(within);
    const kept = yield* recommendationsOf(ctx, record);
    const recent = kept.filter((one) => one.outcome === undefined && momentOf(one) > since);
    const done = recent.filter(({ stage }) => stage === 'done' || stage === 'accepted');
    const last = done.toSorted((a, b) => momentOf(a) - momentOf(b)).at(-1);
    const told = { outcome: success ? 'success' : 'failure', outcome_at: isoOf(ctx.now) };
    const credit = success && typeof earned === 'number' ? earned : null;
    for (const one of recent) {
      const news: JsonObject = { ...told };
      if (one.stage === 'open') Object.assign(news, { stage: 'expired', place: null });
      if (one === last && credit !== null) news.earned = credit;
      ctx.update(one.id, news);
    }
    yield* noteOutcomes(
      ctx,
      done.flatMap((one) => outcomesOf(one, success)),
      halfLife,
    );
    const output = {
      attributed: recent.length,
      action: last ? String(last.action) : null,
      earned: last ? credit : null,
      closed: recent.filter(({ stage }) => stage === 'open').length,
    };
    return { kind: 'next', port: recent.length > 0 ? 'next' : 'none', or: 'next', output };
  },
});

/** When it was done, or else when it was made. */
function momentOf({ settled_at, accepted_at, created_at }: RecordView): number {
  const moment = [settled_at, accepted_at, created_at].find((one) => typeof one === 'string');
  return moment === undefined ? Number.NEGATIVE_INFINITY : Date.parse(String(moment));
}

/** What was promised before outcomes mended it: else the next promise would be measured by its own mending. */
function outcomesOf({ action, owner, segment, prior }: RecordView, success: boolean): Outcome[] {
  const where = segmentName(typeof segment === 'string' ? segment : null);
  const promised = typeof prior === 'number' ? prior : 0;
  const ofAction: Outcome = { of: 'action', subject: String(action), segment: where, success, promised };
  if (typeof owner !== 'string' || where === '') return [ofAction];
  return [ofAction, { ...ofAction, of: 'person', subject: owner }];
}
