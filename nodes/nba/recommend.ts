import { Type } from 'typebox';
import {
  type DataRequest,
  defineNode,
  isoOf,
  loadRecord,
  parseDuration,
  type Ranked,
  type RecordView,
  rank,
  type StepContext,
  stickyShare,
  TaktError,
} from '../../engine/sdk.ts';
import type { JsonObject } from '../../schemas/json.ts';
import { calendarOfUser } from '../support/calendar.ts';
import { brief, list } from '../support/summary.ts';
import { type Possible, possibleActions } from './actions.ts';
import { keep, MOST_A_DAY, recommendationsOf, suppressedUntil, told, toldOn, wasDeclined } from './kept.ts';
import { segmentName } from './rates.ts';
import { Params } from './recommend-params.ts';
import { choose, decisionOf, type Promised, promisesOf } from './weigh.ts';
import { inWords } from './words.ts';

/** The event that tells of a recommendation; its topic is the action. */
const RECOMMENDED = 'nba.recommended';
/** Candidates that are kept with a recommendation. */
const MOST_CANDIDATES = 10;

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);

export const recommendNode = defineNode({
  type: 'nba.recommend',
  version: 1,
  title: 'Next best action',
  description:
    'Weighs what may be done on a record: the value of an action is its probability times what success is worth, less the cost of the time. Doing nothing is one of the candidates. Probabilities are mended by what came of earlier recommendations. The best one is told with the sum behind it, and kept as a recommendation to a person; one that was open for the record before is replaced.',
  params: Params,
  example: {
    worth: '= record.budget',
    nothing: 0.1,
    actions: [
      { action: 'call', title: 'Call now', probability: 0.35, minutes: 15, when: 'record.phones' },
      { action: 'mail', title: 'Write a mail', probability: 0.15, minutes: 5 },
    ],
  },
  summary: (params) =>
    `best of ${params.actions === undefined ? 'the catalogue' : `${list(params.actions).length} actions`} on ${brief(params.worth)}`,
  ports: ['action', 'nothing'],
  output: Type.Object({
    action: Nullable(Type.String({ description: 'The best action; null: doing nothing.' })),
    title: Nullable(Type.String({ description: 'Its title.' })),
    reason: Nullable(Type.String({ description: 'Its reason, as the workflow words it.' })),
    why: Type.String({ description: 'The sum behind it, in a sentence.' }),
    probability: Type.Number({ description: 'That it succeeds.' }),
    value: Type.Number({ description: 'What it is worth.' }),
    gain: Type.Number({ description: 'Beside doing nothing.' }),
    minutes: Type.Number({ description: 'Of work.' }),
    loss_per_hour: Nullable(Type.Number({ description: 'What an hour of waiting loses; null where nothing is said of later.' })),
    currency: Type.String({ description: 'Of all amounts.' }),
    ranked: Type.Array(Type.Object({ action: Nullable(Type.String()), value: Type.Number() }), {
      description: 'All candidates, the best first, with probability, value, gain, minutes, times.',
    }),
    resting: Type.Array(Type.String(), { description: 'Actions that were recommended, or declined, too short a time ago.' }),
    recommendation: Nullable(Type.String({ description: 'Id of the recommendation that is kept.' })),
    delivery: Type.Enum(['queue', 'push', 'autopilot', 'none'], {
      description: 'How it is delivered: `queue` also where it was to be pushed and the day is full.',
    }),
    held_out: Type.Boolean({ description: 'The record is one of those that are recommended nothing.' }),
    suppressed_until: Nullable(Type.String({ description: 'Until when a person has said that nothing is to be done.' })),
  }),
  *run(ctx, params) {
    const { record } = ctx;
    if (!record) throw new TaktError('RUN_NO_RECORD', { hint: 'Start the run by a record: an action is recommended for one.' });
    const person = yield* personOf(ctx, record, params.person);
    const kept = yield* recommendationsOf(ctx, record);
    const suppressed = suppressedUntil(kept, ctx.now);
    const open = yield* possibleActions(ctx, record, person, params.actions);
    const resting = yield* restingOf(ctx, record.id, open, kept);
    const candidates = suppressed === undefined ? open.filter(({ action }) => !resting.has(action)) : [];
    const promised = yield* promisesOf(ctx, params, candidates, person);
    const { currency, ranked } = rank(decisionOf(params, candidates, promised));
    const { one, chance, chances } = choose(ctx, params, ranked, promised);
    const chosen = candidates.find(({ action }) => action === one.action);
    const heldOut = chosen !== undefined && stickyShare('nba', 'hold_out', record.id) < (params.hold_out ?? 0);
    const why = inWords({ ...one, currency }, ctx.settings.locale);
    const told = ranked.map(({ waiting, ...rest }) => ({ ...rest, loss_per_hour: waiting?.perHour ?? null }));
    const delivery = chosen && !heldOut ? yield* deliveryFor(ctx, params.deliver, person) : { by: 'none' as const, told: {} };
    let id: string | null = null;
    if (chosen && params.keep !== false) {
      const data = keptData(params, { record, chosen, one, ranked, promised, candidates, why, currency, chance, chances, now: ctx.now });
      const whose = heldOut
        ? { stage: 'held_out' }
        : { stage: 'open', delivery: delivery.by, ...delivery.told, ...(person ? { owner: person.id } : {}) };
      id = keep(ctx, kept, { ...data, ...whose });
    }
    if (chosen && !heldOut) announce(ctx, record.id, chosen, one);
    const output = {
      action: one.action,
      title: chosen?.title ?? null,
      reason: chosen?.reason ?? null,
      why,
      probability: one.probability,
      value: one.value,
      gain: one.gain,
      minutes: one.minutes,
      loss_per_hour: one.waiting?.perHour ?? null,
      currency,
      ranked: told,
      resting: [...resting],
      recommendation: id,
      delivery: delivery.by,
      held_out: heldOut,
      suppressed_until: suppressed ?? null,
    };
    return { kind: 'next', port: chosen && !heldOut ? 'action' : 'nothing', output };
  },
});

function* personOf(
  ctx: StepContext,
  record: RecordView,
  given: string | null | undefined,
): Generator<DataRequest, RecordView | undefined, void> {
  const id = given === undefined ? record.owner : given;
  const person = typeof id === 'string' ? yield* loadRecord(ctx, id) : undefined;
  return person?.entity === 'user' && !person.deleted ? person : undefined;
}

/** Actions that were recommended, or declined, too short a time ago. */
function* restingOf(
  ctx: StepContext,
  recordId: string,
  open: readonly Possible[],
  kept: readonly RecordView[],
): Generator<DataRequest, ReadonlySet<string>, void> {
  const rests = open.flatMap(({ coolDown }) => (coolDown === undefined ? [] : parseDuration(coolDown)));
  const query = { recordId, types: [RECOMMENDED], since: ctx.now - Math.max(0, ...rests) };
  if (rests.length > 0) yield { kind: 'events', query };
  const events = rests.length > 0 ? ctx.eventsSince(query) : [];
  const toldSince = (action: string, since: number): boolean =>
    events.some((event) => event.topic === action && Date.parse(event.at) > since);
  const rest = open.filter(
    ({ action, coolDown }) =>
      wasDeclined(kept, action, ctx.now) || (coolDown !== undefined && toldSince(action, ctx.now - parseDuration(coolDown))),
  );
  return new Set(rest.map(({ action }) => action));
}

interface Delivered {
  by: 'queue' | 'push' | 'autopilot';
  /** When the person is told, where that is now. */
  told: JsonObject;
}

/** A push counts as told; where the person's day is full, the recommendation waits in the queue. */
function* deliveryFor(
  ctx: StepContext,
  deliver: Params['deliver'],
  person: RecordView | undefined,
): Generator<DataRequest, Delivered, void> {
  if (deliver !== 'push' || !person) return { by: deliver === 'autopilot' ? 'autopilot' : 'queue', told: {} };
  const { zone } = yield* calendarOfUser(ctx, person);
  const news = told(ctx.now, zone);
  const today = yield* toldOn(ctx, person.id, String(news.told_on));
  return today.length < MOST_A_DAY ? { by: 'push', told: news } : { by: 'queue', told: {} };
}

interface Weighed {
  record: RecordView;
  chosen: Possible;
  one: Ranked;
  ranked: readonly Ranked[];
  promised: ReadonlyMap<string, Promised>;
  candidates: readonly Possible[];
  why: string;
  currency: string;
  chance: number;
  /** Of the ranked ones, in their order. */
  chances: readonly number[];
  now: number;
}

/** What is kept of a decision: also what a later judgement of the policy asks for. */
function keptData(params: Params, { record, chosen, one, ranked, promised, candidates, why, currency, chance, chances, now }: Weighed) {
  const segment = segmentName(params.segment);
  const possible = (action: string | null): Possible | undefined => candidates.find((candidate) => candidate.action === action);
  return {
    action: chosen.action,
    title: chosen.title,
    record: { entity: record.entity, id: record.id },
    why,
    generation: params.made_by ?? 'rules',
    probability: one.probability,
    prior: promised.get(chosen.action)?.promised ?? one.probability,
    nothing: ranked.find(({ action }) => action === null)?.probability ?? 0,
    minutes: one.minutes,
    gain: one.gain,
    value: one.value,
    loss_per_hour: one.waiting?.perHour ?? null,
    currency,
    chance,
    // Another one that gains something may take its place where a day has no time for it; what was drawn to be tried stays itself.
    candidates: ranked.slice(0, MOST_CANDIDATES).map(({ action, probability, minutes, gain, value, waiting }, i) => ({
      action,
      title: possible(action)?.title ?? '',
      reason: possible(action)?.reason ?? null,
      probability,
      minutes,
      gain,
      value,
      loss_per_hour: waiting?.perHour ?? null,
      chance: chances[i] ?? 0,
    })),
    expires_at: isoOf(now + parseDuration(params.valid ?? 'P7D')),
    ...(chosen.reason ? { reason: chosen.reason } : {}),
    ...(chosen.channel ? { channel: chosen.channel } : {}),
    ...(segment === '' ? {} : { segment }),
  };
}

/** Also what wakes those who wait for recommendations, and what the cool-down counts by. */
function announce(ctx: StepContext, recordId: string, { action, title }: Possible, { value, probability }: Ranked): void {
  ctx.emit(RECOMMENDED, action, { title, value, probability, at: isoOf(ctx.now) }, recordId);
}
