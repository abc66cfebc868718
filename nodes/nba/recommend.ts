import { type Static, Type } from 'typebox';
import { Condition, type Decision, defineNode, isoOf, parseDuration, rank, type StepContext, TaktError, Value } from '../../engine/sdk.ts';
import { DurationText } from '../../schemas/workflow.ts';
import { brief, list } from '../support/summary.ts';
import { inWords } from './words.ts';

/** The event that tells of a recommendation; its topic is the action. */
const RECOMMENDED = 'nba.recommended';

const Probability = (description: string) => Value(Type.Union([Type.Number(), Type.Null()]), { description });

const Money = Type.Object({ amount: Type.Number(), currency: Type.String() });

const Action = Type.Object(
  {
    action: Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$', description: 'Its name: `call`.' }),
    title: Type.String({ minLength: 1, maxLength: 200, description: 'What people read: `Call now`.' }),
    when: Type.Optional(Condition({ description: 'When it may be done; always without it.' })),
    probability: Probability('That the record succeeds if it is done now, from 0 to 1.'),
    minutes: Type.Number({ minimum: 0, maximum: 10_000, description: 'Minutes of work.' }),
    later: Type.Optional(
      Type.Object(
        {
          probability: Probability('That it succeeds if it is done then.'),
          in: Type.Unsafe<string>({ ...DurationText, description: 'How much later: `P3D`.' }),
        },
        { additionalProperties: false, description: 'What waiting does: the loss of an hour is told with the action.' },
      ),
    ),
    worth: Type.Optional(
      Value(Type.Union([Money, Type.Null()]), { description: 'What success by this action is worth, where that is something else.' }),
    ),
    reason: Type.Optional(
      Value(Type.Union([Type.String({ maxLength: 300 }), Type.Null()]), {
        description: 'Why, in words for people: a text, or an expression.',
      }),
    ),
    cool_down: Type.Optional(
      Type.Unsafe<string>({
        ...DurationText,
        description: 'For so long after it was recommended for the record it is not recommended again.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const recommendNode = defineNode({
  type: 'nba.recommend',
  version: 1,
  title: 'Next best action',
  description:
    'Weighs what may be done on a record: the value of an action is its probability times what success is worth, less the cost of the time. Doing nothing is one of the candidates. The best one is told with the sum behind it, and all others beside it.',
  params: Type.Object(
    {
      worth: Value(Type.Union([Money, Type.Null()]), {
        description: 'What success is worth: a budget, `= record.budget`, or a lifetime value.',
      }),
      margin: Type.Optional(
        Value(Type.Union([Type.Number(), Type.Null()]), {
          description: 'The share of `worth` that is profit, from 0 to 1: the margin of the brand; all of it without this.',
        }),
      ),
      minute_cost: Type.Optional(
        Type.Number({
          minimum: 0,
          default: 0,
          description: 'What a minute of work costs, in the currency of `worth`; 0 where time is not counted.',
        }),
      ),
      nothing: Probability('That the record succeeds if nothing is done, from 0 to 1.'),
      actions: Type.Array(Action, { minItems: 1, maxItems: 50, description: 'The candidates.' }),
    },
    { additionalProperties: false },
  ),
  example: {
    worth: '= record.budget',
    nothing: 0.1,
    actions: [
      { action: 'call', title: 'Call now', probability: 0.35, minutes: 15, when: 'record.phones' },
      { action: 'mail', title: 'Write a mail', probability: 0.15, minutes: 5 },
    ],
  },
  summary: (params) => `best of ${list(params.actions).length} actions on ${brief(params.worth)}`,
  ports: ['action', 'nothing'],
  output: Type.Object({
    action: Type.Union([Type.String(), Type.Null()], { description: 'The best action; null: doing nothing.' }),
    title: Type.Union([Type.String(), Type.Null()], { description: 'Its title.' }),
    reason: Type.Union([Type.String(), Type.Null()], { description: 'Its reason, as the workflow words it.' }),
    why: Type.String({ description: 'The sum behind it, in a sentence.' }),
    probability: Type.Number({ description: 'That it succeeds.' }),
    value: Type.Number({ description: 'What it is worth.' }),
    gain: Type.Number({ description: 'Beside doing nothing.' }),
    minutes: Type.Number({ description: 'Of work.' }),
    loss_per_hour: Type.Union([Type.Number(), Type.Null()], {
      description: 'What an hour of waiting loses; null where nothing is said of later.',
    }),
    currency: Type.String({ description: 'Of all amounts.' }),
    ranked: Type.Array(Type.Object({ action: Type.Union([Type.String(), Type.Null()]), value: Type.Number() }), {
      description: 'All candidates, the best first, with probability, value, gain, minutes, times.',
    }),
    resting: Type.Array(Type.String(), { description: 'Actions that were recommended too short a time ago.' }),
  }),
  *run(ctx, params) {
    const { record } = ctx;
    if (!record) throw new TaktError('RUN_NO_RECORD', { hint: 'Start the run by a record: an action is recommended for one.' });
    const open = params.actions.filter(({ when }) => when?.() ?? true);
    const rests = open.flatMap(({ cool_down }) => (cool_down === undefined ? [] : parseDuration(cool_down)));
    const since = ctx.now - Math.max(0, ...rests);
    const query = { recordId: record.id, types: [RECOMMENDED], since };
    if (rests.length > 0) yield { kind: 'events', query };
    const told = rests.length > 0 ? ctx.eventsSince(query) : [];
    const isResting = ({ action, cool_down }: { action: string; cool_down?: string }): boolean =>
      cool_down !== undefined && told.some((event) => event.topic === action && Date.parse(event.at) > ctx.now - parseDuration(cool_down));
    const candidates = open.filter((one) => !isResting(one));
    const { currency, ranked } = rank(decisionOf(params, candidates));
    const [best] = ranked;
    if (!best) throw new TaktError('INTERNAL');
    const chosen = candidates.find(({ action }) => action === best.action);
    if (chosen) announce(ctx, record.id, chosen.action, { title: chosen.title, value: best.value, probability: best.probability });
    const output = {
      action: best.action,
      title: chosen?.title ?? null,
      reason: chosen?.reason ?? null,
      why: inWords({ ...best, currency }, ctx.settings.locale),
      probability: best.probability,
      value: best.value,
      gain: best.gain,
      minutes: best.minutes,
      loss_per_hour: best.waiting?.perHour ?? null,
      currency,
      ranked: ranked.map(({ waiting, ...one }) => ({ ...one, loss_per_hour: waiting?.perHour ?? null })),
      resting: open.filter(isResting).map(({ action }) => action),
    };
    return { kind: 'next', port: chosen ? 'action' : 'nothing', output };
  },
});

/** Also what wakes those who wait for recommendations, and what the cool-down counts by. */
function announce(ctx: StepContext, recordId: string, action: string, data: { title: string; value: number; probability: number }): void {
  ctx.emit(RECOMMENDED, action, { ...data, at: isoOf(ctx.now) }, recordId);
}

const HOUR = 3_600_000;

interface Candidate extends Pick<Static<typeof Action>, 'action' | 'minutes'> {
  probability: number | null;
  later?: { probability: number | null; in: string };
  worth?: Static<typeof Money> | null;
}

function decisionOf(
  {
    worth,
    margin,
    minute_cost = 0,
    nothing,
  }: { worth: Static<typeof Money> | null; margin?: number | null; minute_cost?: number; nothing: number | null },
  candidates: readonly Candidate[],
): Decision {
  if (worth === null) throw unknown('What success is worth', '/params/worth');
  return {
    worth: { kind: 'profit', budget: worth, margin: margin ?? 1 },
    costPerMinute: { amount: minute_cost, currency: worth.currency },
    nothing: known(nothing, 'The probability without doing anything', '/params/nothing'),
    candidates: candidates.map(({ action, minutes, probability, later, worth: own }) => ({
      action,
      minutes,
      probability: known(probability, `The probability of ${action}`, '/params/actions'),
      ...(own ? { worth: { kind: 'lifetime', amount: own } } : {}),
      ...(later
        ? {
            later: {
              probability: known(later.probability, `The later probability of ${action}`, '/params/actions'),
              hours: parseDuration(later.in) / HOUR,
            },
          }
        : {}),
    })),
  };
}

function known(value: number | null, what: string, pointer: string): number {
  if (value === null) throw unknown(what, pointer);
  return value;
}

const unknown = (what: string, pointer: string): TaktError =>
  new TaktError('DECISION_INVALID', {
    message: `${what} is not known.`,
    pointer,
    hint: 'Give a number, or an expression that always finds one.',
  });
