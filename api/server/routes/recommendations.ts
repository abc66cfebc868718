import { Type } from 'typebox';
import { TaktError } from '../../../engine/index.ts';
import { RECOMMENDATION_GROUPS } from '../../../engine/recommendations/report.ts';
import { ANSWERS, DECLINE_REASONS } from '../../../nodes/index.ts';
import { answerRecommendation } from '../../recommendations/answer.ts';
import { judgeByRecommendations } from '../../recommendations/judge.ts';
import { recommendationMeasures } from '../../recommendations/measures.ts';
import { hintFor, queueOf } from '../../recommendations/people.ts';
import { AnyObject, closed, Instant, idParams, Nullable, Uuid } from '../schemas.ts';
import { authorOf, type Routes } from '../services.ts';

const Locale = Type.Optional(Type.Enum(['en', 'ru'], { default: 'en' }));

const QueueView = Type.Object({
  person: Uuid,
  name: Type.String(),
  day: Type.String({ description: 'On the clock of the person.' }),
  zone: Type.String(),
  minutes: Type.Integer({ description: 'Left today beside meetings.' }),
  longest: Type.Integer({ description: 'The longest stretch of them.' }),
  meetings: Type.Integer(),
  told_today: Type.Integer({ description: 'Different ones that the person was told today; never more than ten.' }),
  items: Type.Array(
    Type.Object({
      recommendation: Uuid,
      action: Type.String(),
      title: Type.String(),
      record: Uuid,
      record_name: Type.String(),
      minutes: Type.Number(),
      gain: Type.Number({ description: 'Over doing nothing.' }),
      text: Type.String({ description: 'The line in words.' }),
    }),
    { description: 'What comes first first.' },
  ),
  waiting: Type.Integer({ description: 'How many have no place today.' }),
  why_waiting: Type.Array(Type.Object({ title: Type.String(), record_name: Type.String(), why: Type.String() })),
  text: Type.String({ description: 'The list in words.' }),
});

const Share = Nullable(Type.Number({ description: 'A share of 1; null where there is nothing to share.' }));
const Standing = Type.Enum(['good', 'fair', 'bad', 'too_few']);
const Figures = {
  told: Type.Integer(),
  adopted: Type.Integer(),
  declined: Type.Integer(),
  adoption: Share,
  precision: Share,
  outcomes: Type.Integer(),
  reactionMs: Nullable(Type.Number({ description: 'Median of urgent ones.' })),
  reactedInTime: Share,
  earned: Type.Unsafe<Record<string, number>>({ type: 'object', additionalProperties: { type: 'number' }, description: 'By currency.' }),
  lift: Nullable(
    Type.Object({
      records: Type.Integer(),
      rate: Type.Number(),
      heldOut: Type.Integer(),
      heldOutRate: Type.Number(),
      difference: Type.Number(),
      interval: Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'Of the difference, 95 %.' }),
    }),
  ),
  standing: Type.Object({ adoption: Standing, precision: Standing, reactedInTime: Standing }),
};
const Estimate = Type.Object({ value: Type.Number(), low: Type.Number(), high: Type.Number() });
const Aim = Type.Object({ good: Type.Number(), bad: Type.Number() });

export const recommendationRoutes: Routes =
  ({ engine }) =>
  async (app) => {
    const tags = ['recommendations'];
    const read = { scope: 'records:read' } as const;

    app.get(
      '/people/:id/queue',
      {
        config: read,
        schema: {
          tags,
          summary: 'What a person is to do today: the best set for the minutes that are left, planned anew at each request',
          params: idParams,
          querystring: Type.Object({ locale: Locale }),
          response: { 200: QueueView },
        },
      },
      ({ params: { id }, query: { locale = 'en' } }) => queueOf(engine, id, locale),
    );

    app.get(
      '/recommendations/hint/:id',
      {
        config: read,
        schema: {
          tags,
          summary: 'What is recommended for a record, and what was',
          params: idParams,
          response: { 200: Type.Object({ record: Uuid, open: Type.Array(AnyObject), past: Type.Array(AnyObject) }) },
        },
      },
      async ({ params: { id } }) => {
        const { record, open, past } = await hintFor(engine, id);
        return { record, open: open.map((one) => ({ ...one })), past: past.map((one) => ({ ...one })) };
      },
    );

    app.post(
      '/recommendations/:id/answer',
      {
        config: { scope: 'records:write' },
        schema: {
          tags,
          summary: 'Accept, do, put off or decline a recommendation, or take the answer of the last day back',
          description:
            'A second answer is told that it is late (RECOMMENDATION_ANSWERED). A decline needs a reason; `on_holiday` needs `until`: then nothing is proposed for the record before.',
          params: idParams,
          body: Type.Object(
            {
              answer: Type.Enum([...ANSWERS]),
              reason: Type.Optional(Type.Enum([...DECLINE_REASONS])),
              until: Type.Optional(Instant),
              note: Type.Optional(Type.String({ minLength: 1, maxLength: 2_000 })),
            },
            closed,
          ),
          response: { 200: AnyObject },
        },
      },
      async (request) => {
        const { until, ...answer } = request.body;
        const said = until === undefined ? answer : { ...answer, until: Date.parse(until) };
        return { ...(await answerRecommendation(engine, request.params.id, said, authorOf(request))) };
      },
    );

    app.get(
      '/recommendations/judge',
      {
        config: read,
        schema: {
          tags,
          summary: 'What another way to choose would have brought, before it goes live',
          description:
            'From recommendations with an outcome, by inverse propensity; see docs/next-best-action.md, "Judging a policy before it goes live". What was never tried cannot be judged (POLICY_UNSUPPORTED).',
          querystring: Type.Object({
            policy: Type.Enum(['best', 'likeliest', 'always'], {
              description: '`best`: what gains most by what was known then; `likeliest`; `always`: the `action`, wherever it was possible.',
            }),
            action: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' })),
            reward: Type.Optional(Type.Enum(['success', 'earned'], { default: 'success' })),
            from: Type.Optional(
              Type.String({ minLength: 4, maxLength: 60, description: 'A moment or a day; half a year before `until` without it.' }),
            ),
            until: Type.Optional(Type.String({ minLength: 4, maxLength: 60, description: 'Does not belong to the time; now without it.' })),
          }),
          response: {
            200: Type.Object({
              rows: Type.Integer(),
              effective: Type.Number({ description: 'As many rows of its own would say as much.' }),
              logged: Estimate,
              ips: Estimate,
              selfNormalised: Estimate,
              gain: Estimate,
              answer: Type.Enum(['better', 'worse', 'no_difference', 'too_little']),
              weaknesses: Type.Array(Type.Object({ code: Type.String(), message: Type.String() })),
            }),
          },
        },
      },
      async ({ query: { policy: kind, action, reward = 'success', ...span } }) => {
        if (kind === 'always' && action === undefined) {
          throw new TaktError('DECISION_INVALID', { message: 'Always which action?', pointer: '/action', hint: 'Give "action".' });
        }
        const policy = kind === 'always' ? { kind, action: action ?? '' } : { kind };
        const judged = await judgeByRecommendations(engine, { policy, reward, ...span });
        const { rows, effective, logged, ips, selfNormalised, gain, answer, weaknesses } = judged;
        const estimates = { logged: listed(logged), ips: listed(ips), selfNormalised: listed(selfNormalised), gain: listed(gain) };
        return { rows, effective, ...estimates, answer, weaknesses: weaknesses.map((one) => ({ ...one })) };
      },
    );

    app.get(
      '/recommendations/measures',
      {
        config: read,
        schema: {
          tags,
          summary: 'What recommending brings: adoption, success, reaction, earnings, and the lift against records that were held out',
          description: 'Of recommendations made in at most 366 days, and of at most 50,000. See docs/next-best-action.md, "Measures".',
          querystring: Type.Object({
            from: Type.Optional(
              Type.String({ minLength: 4, maxLength: 60, description: 'A moment or a day; thirty days before `until` without it.' }),
            ),
            until: Type.Optional(Type.String({ minLength: 4, maxLength: 60, description: 'Does not belong to the time; now without it.' })),
            by: Type.Optional(Type.Enum([...RECOMMENDATION_GROUPS], { default: 'action' })),
          }),
          response: {
            200: Type.Object({
              from: Instant,
              until: Instant,
              by: Type.Enum([...RECOMMENDATION_GROUPS]),
              aims: Type.Object({ adoption: Aim, precision: Aim, reactedInTime: Aim }),
              total: Type.Object(Figures),
              groups: Type.Array(Type.Object({ key: Nullable(Type.String()), title: Nullable(Type.String()), ...Figures })),
            }),
          },
        },
      },
      async ({ query }) => {
        const { total, groups, ...rest } = await recommendationMeasures(engine, query);
        return { ...rest, total: plain(total), groups: groups.map(plain) };
      },
    );
  };

const listed = ({ value, interval: [low, high] }: { value: number; interval: readonly [number, number] }) => ({ value, low, high });

/** An interval as the list that JSON has. */
function plain<T extends { lift: { interval: readonly number[] } | null }>(figures: T) {
  const { lift } = figures;
  return { ...figures, lift: lift && { ...lift, interval: [...lift.interval] } };
}
